"""From a job to the arrays of the search, and from a found partition back to batches with exact routes."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from backend.algorithms.batching.grid import Grid, Ints, build_grid, words_of
from backend.algorithms.batching.job import Batch, BatchJob, BatchOrder, TooBig
from backend.algorithms.budget import Budget
from backend.algorithms.routing.exact import exact_order
from backend.algorithms.routing.solve import route

if TYPE_CHECKING:
    from backend.algorithms.batching.kernel import Memory, Orders, Pool

MEMORY_BITS = 20
POOL_ROWS = 30_000
POOL_DEEP = 48


@dataclass(frozen=True)
class Problem:
    """`orders.near` is empty until somebody needs it; `alone` is the length of every order by itself."""

    job: BatchJob
    grid: Grid
    orders: "Orders"
    alone: Ints


def build_problem(job: BatchJob) -> Problem:
    """Raises: TooBig."""
    from backend.algorithms.batching.kernel import Orders, single_lengths

    load, cap = _loads(job)
    over = np.any(load > cap, axis=1)
    if over.any():
        raise TooBig(tuple(o.id for o, too in zip(job.orders, over.tolist(), strict=True) if too))
    used = sorted({s for o in job.orders for s in o.stops})
    grid, bits = build_grid(job.layout, [job.stops[s] for s in used], job.links, job.tour_mm)
    bit_of = {s: int(b) for s, b in zip(used, bits, strict=True)}
    width = len(grid.fixed)
    words = np.array([words_of([bit_of[s] for s in o.stops], width) for o in job.orders], dtype=np.uint64)
    dice = random.Random(job.seed)
    key = np.array([dice.getrandbits(64) for _ in job.orders], dtype=np.uint64)
    group = np.array(_groups(job), dtype=np.int64)
    orders = Orders(words.reshape(len(key), width), load, group, key, np.zeros((len(key), 0), np.int64), cap)
    return Problem(job, grid, orders, single_lengths(grid, orders, fresh_memory(grid)))


def _loads(job: BatchJob) -> tuple[Ints, Ints]:
    """Load per order and dimension, capacity per dimension; unlimited dimensions are left out, totes come first."""
    cart = job.cart
    limits = [
        (cart.totes, [o.totes for o in job.orders]),
        (cart.units, [o.units for o in job.orders]),
        (cart.weight_g, [o.weight_g for o in job.orders]),
        (cart.volume_mm3, [o.volume_mm3 for o in job.orders]),
        (cart.lines, [o.lines for o in job.orders]),
    ]
    kept = [(cap, row) for cap, row in limits if cap is not None]
    load = np.array([row for _, row in kept], dtype=np.int64).T.reshape(len(job.orders), len(kept))
    return np.ascontiguousarray(load), np.array([cap for cap, _ in kept], dtype=np.int64)


def _groups(job: BatchJob) -> list[int]:
    """Number per order; equal numbers may share a batch. Due times open a new number when they spread too far."""
    label: list[tuple[str, int]] = [(o.group, 0) for o in job.orders]
    if job.spread_s is not None:
        first: dict[str, tuple[int, int]] = {}
        by_due = sorted(range(len(job.orders)), key=lambda i: _due(job.orders[i]))
        for i in by_due:
            order = job.orders[i]
            since, number = first.get(order.group, (_due(order), 0))
            if _due(order) - since > job.spread_s:
                since, number = _due(order), number + 1
            first[order.group] = (since, number)
            label[i] = (order.group, number)
    names = {name: k for k, name in enumerate(dict.fromkeys(label))}
    return [names[name] for name in label]


def _due(order: BatchOrder) -> int:
    return 1 << 40 if order.due_s is None else order.due_s


def fresh_memory(grid: Grid, bits: int = MEMORY_BITS) -> "Memory":
    from backend.algorithms.batching.kernel import Memory

    def ints(n: int) -> Ints:
        return np.zeros(n, dtype=np.int64)

    return Memory(
        np.zeros(1 << bits, np.uint64), ints(1 << bits), ints(18), ints(grid.states), ints(grid.states)
    )


def fresh_pool(rows: int = POOL_ROWS) -> "Pool":
    from backend.algorithms.batching.kernel import Pool

    seen = np.zeros(1 << 17 if rows else 1, np.uint64)
    members = np.zeros((rows, POOL_DEEP), np.int64)
    return Pool(members, np.zeros(rows, np.int64), seen, np.zeros(1, np.int64))


def solved_batch(job: BatchJob, members: Sequence[int], seconds: float) -> Batch:
    """One batch with the best route that `seconds` allow (always the exact one on halls the sweep can solve)."""
    wanted = sorted({s for m in members for s in job.orders[m].stops})
    stops = [job.stops[s] for s in wanted]
    if job.links:
        places = list(dict.fromkeys(stops))
        order, length = exact_order(
            job.layout, places, job.layout.start, job.layout.end, compiled=True, links=job.links
        )
        same = {p: [i for i, s in enumerate(stops) if s == p] for p in places}
        sequence = tuple(i for k in order for i in same[places[k]])
    else:
        budget = Budget(seconds=seconds, compiled=True, iterations=100)
        tour = route(job.layout, stops, budget=budget, seed=job.seed, draw=False)
        sequence, length = tour.sequence, tour.length_mm
    ids = tuple(job.orders[m].id for m in members)
    return Batch(ids, tuple(wanted[i] for i in sequence), length + job.tour_mm)
