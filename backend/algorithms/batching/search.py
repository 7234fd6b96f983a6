"""The anytime search: seeds, annealed ruin and recreate, and for many orders neighbouring batches re-solved in turn.

Small jobs: one annealing walk per worker over the whole job. Large jobs: POPMUSIC (Taillard & Voss 2002): a batch and
its most similar neighbours form a small job of their own, solved by the same walk; disjoint ones run side by side.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from backend.algorithms.batching.grid import Ints, Words
from backend.algorithms.batching.problem import Problem, fresh_memory, fresh_pool
from backend.algorithms.budget import Deadline

if TYPE_CHECKING:
    from backend.algorithms.batching.kernel import Memory, Orders, Pool

WHOLE = 160
SAVINGS = 400
NEAR = 40
HOT, COLD = 0.3, 0.003
MOST = 12
SLICE_S = 0.05
PIECE_ORDERS = 80
PIECE_STEPS = 3000

Report = Callable[[int, Ints], None]


@dataclass
class Found:
    """The best partition so far (batch number per order), its length, the savings baseline, columns met."""

    assign: Ints
    length: int
    savings: int = 0
    pools: "list[Pool]" = field(default_factory=list)


def compact(assign: Ints) -> Ints:
    return np.unique(assign, return_inverse=True)[1].astype(np.int64)


def partition_length(problem: Problem, memory: "Memory", assign: Ints, rows: Ints | None = None) -> int:
    """Length of the partition of the given orders (all of them by default)."""
    from backend.algorithms.batching.length import batch_length

    total = 0
    for members in members_of(assign):
        mine = members if rows is None else rows[members]
        words = np.bitwise_or.reduce(problem.orders.words[mine], axis=0) | problem.grid.fixed
        total += int(batch_length(problem.grid, words, memory.cost, memory.cur, memory.nxt))
    return total


def members_of(assign: Ints) -> list[Ints]:
    order = np.argsort(assign, kind="stable")
    cuts = np.flatnonzero(np.diff(assign[order])) + 1
    return [np.asarray(part) for part in np.split(order, cuts)]


def first_plan(problem: Problem) -> Found:
    """The better of savings (up to 400 orders) and sequential filling."""
    from backend.algorithms.batching.seeds import greedy, savings, touched_stretches

    memory = fresh_memory(problem.grid)
    grid, orders = problem.grid, problem.orders
    marks = touched_stretches(grid, orders.words)
    filled = compact(greedy(grid, orders, memory, marks, 12))
    best = Found(filled, partition_length(problem, memory, filled))
    if len(orders.key) <= SAVINGS:
        saved = compact(savings(grid, orders, memory))
        length = partition_length(problem, memory, saved)
        if length < best.length:
            best = Found(saved, length)
        best.savings = length
    return best


def search(problem: Problem, found: Found, watch: Deadline, report: Report) -> None:
    """Improve `found` in place until the watch is over or the iterations per order are spent."""
    if len(found.assign) < 2 or watch.over():
        return
    if len(found.assign) <= WHOLE:
        _anneal(problem, found, watch, report)
    else:
        from backend.algorithms.batching.pieces import re_solve

        re_solve(problem, found, watch, report)


@dataclass
class _Walker:
    memory: "Memory"
    pool: "Pool"
    rng: Words
    here: Ints
    champion: Ints
    best: int


def related(problem: Problem) -> "Orders":
    from backend.algorithms.batching.seeds import relatedness

    n = len(problem.orders.key)
    memory = fresh_memory(problem.grid, 16)
    near = relatedness(problem.grid, problem.orders, memory, problem.alone, min(n - 1, NEAR))
    return problem.orders._replace(near=near)


def _anneal(problem: Problem, found: Found, watch: Deadline, report: Report) -> None:
    job, orders = problem.job, related(problem)
    slots = int(found.assign.max()) + 4
    average = found.length / (slots - 3)
    walkers = [
        _Walker(
            fresh_memory(problem.grid), fresh_pool(), np.array([seed_of(job.seed, w)], np.uint64),
            found.assign.copy(), found.assign.copy(), found.length,
        )
        for w in range(max(1, job.workers))
    ]  # fmt: skip
    found.pools = [w.pool for w in walkers]
    limit = job.iterations * len(orders.key) if job.iterations is not None else None
    done, size = 0, 200
    with ThreadPoolExecutor(len(walkers)) as threads:
        while not watch.over() and (limit is None or done < limit):
            share = watch.elapsed() / max(1e-9, watch.seconds) if limit is None else done / limit
            heat = average * HOT * (COLD / HOT) ** min(1.0, share)
            steps = size if limit is None else min(limit - done, 500)
            before = watch.elapsed()
            tasks = [
                threads.submit(_walk, problem, orders, w, slots=slots, steps=steps, heat=heat)
                for w in walkers
            ]
            for walker, task in zip(walkers, tasks, strict=True):
                walker.best = task.result()
                if walker.best < found.length:
                    found.length, found.assign = walker.best, walker.champion.copy()
                    report(found.length, found.assign)
            done += steps
            took = max(1e-4, watch.elapsed() - before)
            size = int(max(20, min(4 * size, size * min(SLICE_S, watch.seconds / 40) / took)))


def _walk(problem: Problem, orders: "Orders", w: _Walker, *, slots: int, steps: int, heat: float) -> int:
    from backend.algorithms.batching.kernel import improve

    best = improve(
        problem.grid,
        orders,
        w.memory,
        w.pool,
        w.rng,
        w.here,
        w.champion,
        w.best,
        slots,
        steps,
        heat,
        1.0,
        MOST,
    )
    return int(best)


def seed_of(seed: int, worker: int) -> int:
    mixed = seed * 0x9E3779B97F4A7C15 + (worker + 1) * 0xBF58476D1CE4E5B9 + 1
    return (mixed & 0xFFFFFFFFFFFFFFFF) or 1
