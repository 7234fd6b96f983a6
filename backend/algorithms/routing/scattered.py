"""A SKU lies in several bins: choose the bins together with the walk. Lengths in mm.

Simulated annealing over the choice, every choice walked by the exact sweep (about a microsecond); restarts share the
budget. The bound is that of the stops that no choice can avoid, plus the single farthest need: valid, not sharp.
Problem: Weidinger (2018); exact network model: Hessler & Irnich (2024), doi 10.1287/ijoc.2023.0075.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from backend.algorithms.budget import Budget
from backend.algorithms.routing.layout import Layout, Stop
from backend.algorithms.routing.solve import DEFAULT, route

STEPS = 60_000


@dataclass(frozen=True, slots=True)
class Bin:
    """`qty` of `sku` lies at `stop`."""

    sku: int
    stop: Stop
    qty: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`takes` are (index of the bin, quantity) in walking order."""

    takes: tuple[tuple[int, int], ...]
    length_mm: int
    bound_mm: int
    status: Literal["optimal", "feasible"]


class NotEnough(ValueError):
    """The bins do not hold what is asked for."""


def choose_bins(
    layout: Layout, bins: Sequence[Bin], demand: dict[int, int], *, budget: Budget = DEFAULT, seed: int = 0
) -> Choice:
    """Bins and tour that cover `demand` (quantity per SKU). Loads numba. Raises: NotEnough, Unreachable."""
    rows = {
        sku: [i for i, b in enumerate(bins) if b.sku == sku and b.qty > 0]
        for sku, q in demand.items()
        if q > 0
    }
    for sku, mine in rows.items():
        if sum(bins[i].qty for i in mine) < demand[sku]:
            raise NotEnough(f"sku {sku}: too little in its bins")
    if not rows:
        tour = route(layout, [], draw=False)
        return Choice((), tour.length_mm, tour.length_mm, "optimal")
    kept = _search(layout, bins, rows, demand, steps=budget.iterations or STEPS, seed=seed)
    tour = route(layout, [bins[i].stop for i in kept], budget=budget, seed=seed, draw=False)
    left, takes = {sku: demand[sku] for sku in rows}, []
    for k in tour.sequence:
        i = kept[k]
        take = min(bins[i].qty, left[bins[i].sku])
        left[bins[i].sku] -= take
        if take:
            takes.append((i, take))
    bound = min(_bound(layout, bins, rows, demand), tour.length_mm)
    return Choice(tuple(takes), tour.length_mm, bound, "optimal" if bound == tour.length_mm else "feasible")


def _search(
    layout: Layout,
    bins: Sequence[Bin],
    rows: dict[int, list[int]],
    demand: dict[int, int],
    *,
    steps: int,
    seed: int,
) -> list[int]:
    from backend.algorithms.batching.grid import build_grid, words_of
    from backend.algorithms.routing.scattered_kernel import anneal

    used = [i for mine in rows.values() for i in mine]
    grid, bits = build_grid(layout, [bins[i].stop for i in used])
    width = len(grid.fixed)
    words = np.array([words_of([int(b)], width) for b in bits], dtype=np.uint64)
    first = np.cumsum([0, *(len(mine) for mine in rows.values())]).astype(np.int64)
    qty = np.array([bins[i].qty for i in used], dtype=np.int64)
    need = np.array([demand[sku] for sku in rows], dtype=np.int64)
    best = anneal(grid, words, first, qty, need, np.array([seed + 1], dtype=np.uint64), steps)
    return [i for i, chosen in zip(used, best, strict=True) if chosen]


def _bound(layout: Layout, bins: Sequence[Bin], rows: dict[int, list[int]], demand: dict[int, int]) -> int:
    """The tour through the bins without which some SKU falls short; and the cheapest bin of the farthest SKU."""
    forced = [
        i
        for sku, mine in rows.items()
        for i in mine
        if sum(bins[k].qty for k in mine) - bins[i].qty < demand[sku]
    ]
    budget = Budget(seconds=0.5, compiled=True)
    bound = route(layout, [bins[i].stop for i in forced], budget=budget, draw=False).bound_mm
    for mine in rows.values():
        nearest = min(route(layout, [bins[i].stop], draw=False).bound_mm for i in mine)
        bound = max(bound, nearest)
    return bound
