"""A hall and its stops laid out for the compiled evaluation: one bit per stop, one run of words per stretch.

Two modes. `sweep`: regular halls of up to 4 cross aisles; the length of a batch is exact. `matrix`: every other layout;
the length of a batch is that of visiting its stops in the order of one good tour through all stops (an upper bound,
Bartholdi & Platzman 1988); its final route is then solved by `routing.solve`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.algorithms.budget import Budget
from backend.algorithms.routing.exact import Link
from backend.algorithms.routing.layout import Layout, Stop, is_regular, regular_distance
from backend.algorithms.routing.machine import Kind, machine

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
MAX_CROSS = 4
GIANT_STOPS = 400


class Grid(NamedTuple):
    """Arrays read by the kernels; `group_*` describe the stretches of each column from front to back."""

    sweep: bool
    plain: bool
    cross: int
    column_x: Ints
    column_group: Ints
    group_op: Ints
    group_low: Ints
    group_high: Ints
    group_word: Ints
    bit_y: Ints
    bit_row: Ints
    fixed: Words
    odd: Words
    link: Ints
    ptr: Ints
    source: Ints
    target: Ints
    states: int
    final: Ints
    table: Ints
    offset: int


def build_grid(
    layout: Layout, stops: Sequence[Stop], links: tuple[Link, ...] = (), tour_mm: int = 0
) -> tuple[Grid, Ints]:
    """The grid and, per stop, the number of its bit. `tour_mm` is added to the length of every batch."""
    if is_regular(layout) and len(layout.cross_y) <= MAX_CROSS:
        return _sweep_grid(layout, stops, links, tour_mm)
    return _matrix_grid(layout, stops, tour_mm)


def words_of(bits: Sequence[int], words: int) -> Words:
    out = np.zeros(words, dtype=np.uint64)
    for b in bits:
        out[b >> 6] |= np.uint64(1 << (b & 63))
    return out


def _sweep_grid(
    layout: Layout, stops: Sequence[Stop], links: tuple[Link, ...], tour_mm: int
) -> tuple[Grid, Ints]:
    open_tour = not links and layout.start != layout.end
    kind: Kind = "linked" if links else "open" if open_tour else "closed"
    table = machine(len(layout.cross_y), kind)
    terminals = [] if links else [layout.start, layout.end]
    columns = sorted({s.aisle for s in (*stops, *terminals)}, key=lambda a: (layout.aisles[a].x, a))
    bit: dict[Stop, int] = {}
    ys: list[int] = []
    ops: list[int] = []
    low: list[int] = []
    high: list[int] = []
    first_word, first_group = [0], [0]
    for a in columns:
        mine = sorted({s.y for s in (*stops, *terminals) if s.aisle == a})
        for op, bottom, top, inside in _groups(layout.cross_y, mine, table.below, table.above):
            ops.append(op)
            low.append(bottom)
            high.append(top)
            for y in inside:
                bit[Stop(a, y)] = len(ys)
                ys.append(y)
            ys += [0] * (-len(ys) % 64)
            first_word.append(len(ys) // 64)
        first_group.append(len(ops))
    fixed = words_of([bit[t] for t in terminals], len(ys) // 64)
    link_of = {link.aisle: link.length for link in links}
    return Grid(
        sweep=True,
        plain=kind == "closed" and len(layout.cross_y) in {2, 3, 4} and max(ops) < len(layout.cross_y) - 1,
        cross=len(layout.cross_y),
        column_x=_ints([layout.aisles[a].x for a in columns]),
        column_group=_ints(first_group),
        group_op=_ints(ops),
        group_low=_ints(low),
        group_high=_ints(high),
        group_word=_ints(first_word),
        bit_y=_ints(ys),
        bit_row=_ints([0]),
        fixed=fixed,
        odd=fixed if open_tour else np.zeros_like(fixed),
        link=_ints([link_of.get(a, -1) for a in columns] if links else []),
        ptr=np.array(table.ptr, dtype=np.int64),
        source=_ints(table.source),
        target=_ints(table.target),
        states=table.states,
        final=_ints(table.final),
        table=np.zeros((1, 1), dtype=np.int64),
        offset=tour_mm,
    ), _ints([bit[s] for s in stops])


def _groups(
    cross: Sequence[int], ys: list[int], below: int, above: int
) -> list[tuple[int, int, int, list[int]]]:
    """(operation, low end, high end, stops inside) of one column."""
    out = []
    first = [y for y in ys if y < cross[0]]
    last = [y for y in ys if y > cross[-1] or (len(cross) == 1 and y == cross[0])]
    if first:
        out.append((below, first[0], cross[0], first))
    for k in range(len(cross) - 1):
        top = k == len(cross) - 2
        inside = [y for y in ys if cross[k] <= y and (y < cross[k + 1] or (top and y == cross[k + 1]))]
        out.append((k, cross[k], cross[k + 1], inside))
    if last:
        out.append((above, cross[-1], last[-1], last))
    return out


def _matrix_grid(layout: Layout, stops: Sequence[Stop], tour_mm: int) -> tuple[Grid, Ints]:
    places = list(dict.fromkeys(stops))
    table = np.array(_distances(layout, [*places, layout.start, layout.end]), dtype=np.int64)
    order = _giant_tour(table)
    rank = {places[row]: r for r, row in enumerate(order)}
    words = (len(places) + 63) // 64
    none, empty = _ints([0]), np.zeros(max(1, words), dtype=np.uint64)
    grid = Grid(
        sweep=False, plain=False, cross=0, column_x=none, column_group=none, group_op=none, group_low=none, group_high=none,
        group_word=none, bit_y=none, bit_row=_ints(order), fixed=empty, odd=empty, link=_ints([]),
        ptr=np.zeros((1, 1), dtype=np.int64), source=none, target=none, states=1, final=none, table=table, offset=tour_mm,
    )  # fmt: skip
    return grid, _ints([rank[s] for s in stops])


def _distances(layout: Layout, places: list[Stop]) -> list[list[int]]:
    if is_regular(layout):
        return [[regular_distance(layout, a, b) for b in places] for a in places]
    from backend.algorithms.routing.graph import layout_matrix

    return layout_matrix(layout, places)


def _giant_tour(table: Ints) -> list[int]:
    """One good tour through all stops: nearest neighbour, improved while there are few enough of them."""
    from backend.algorithms.routing.matrix_tour import search_order

    n = len(table) - 2
    rounds = 200 if n <= GIANT_STOPS else 0
    return list(search_order(table, Budget(compiled=True, iterations=rounds), seed=1))


def _ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)
