"""Exact shortest tour in a hall of two-way parallel aisles with any number of cross aisles. Lengths in mm.

The sweep of `machine` from the first to the last aisle; O(aisles x states(cross aisles) + stops). Blocked stretches,
short aisles, dead ends, and a start that differs from the end are part of the model. Proven optimal by construction.
Sources: see `machine`. The published optima it is held against: Hessler & Irnich (2024), doi 10.1287/ijoc.2023.0075.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from backend.algorithms.routing.layout import Layout, Stop, Unreachable, is_regular
from backend.algorithms.routing.machine import WIDTH, Kind, Machine, machine
from backend.algorithms.routing.stretch import INF, Stretch, dead_end, stretch
from backend.algorithms.routing.walk import Edge, first_visits

if TYPE_CHECKING:
    from backend.algorithms.routing.kernel import Ints

MAX_CROSS_CLOSED = 6
MAX_CROSS_OPEN = 5
MAX_CROSS_PYTHON = 3


@dataclass(frozen=True, slots=True)
class Link:
    """A straight way of `length` from a depot outside the grid to where `aisle` meets cross aisle `cross`."""

    aisle: int
    cross: int
    length: int


@dataclass(frozen=True, slots=True)
class _Step:
    op: int
    cost: tuple[int, ...]
    edges: tuple[tuple[Edge, ...], ...]  # edges[cfg]: what the choice adds to the walk


def fits(layout: Layout, *, round_trip: bool, compiled: bool) -> bool:
    """Is the hall narrow enough (in cross aisles) for the exact sweep?"""
    width = len(layout.cross_y)
    if not compiled:
        return width <= MAX_CROSS_PYTHON
    return width <= (MAX_CROSS_CLOSED if round_trip else MAX_CROSS_OPEN)


def exact_order(
    layout: Layout,
    stops: Sequence[Stop],
    start: Stop,
    end: Stop,
    *,
    compiled: bool,
    links: tuple[Link, ...] = (),
) -> tuple[tuple[int, ...], int]:
    """Order of the stops and the optimal length. With `links`, start and end are the outside depot instead.

    Raises: Unreachable.
    """
    terminals: tuple[Stop, ...] = () if links else (start, end)
    needed = {*stops, *terminals}
    if not needed:
        return (), 0
    if not links:
        line = _on_one_line(layout, stops, start, end)
        if line is not None:
            return line
    odd = terminals if start != end else ()
    kind: Kind = "linked" if links else "open" if odd else "closed"
    regular = is_regular(layout)
    used = {s.aisle for s in needed} | {link.aisle for link in links}
    columns = sorted(used if regular else range(len(layout.aisles)), key=lambda a: (layout.aisles[a].x, a))
    table = machine(len(layout.cross_y), kind, early=not regular or bool(links))
    steps = _steps(layout, columns, needed, odd=odd, table=table, links=links)
    length, taken = _run(table, steps, compiled)
    if length >= INF:
        raise Unreachable("no walk visits every stop")
    edges = [e for step, cfg in zip(steps, taken, strict=True) for e in step.edges[cfg]]
    origin = (-1, 0) if links else (start.aisle, start.y)
    return first_visits(edges, origin, [(s.aisle, s.y) for s in stops]), length


def _on_one_line(
    layout: Layout, stops: Sequence[Stop], start: Stop, end: Stop
) -> tuple[tuple[int, ...], int] | None:
    """All in one aisle, nothing blocked between: walk to the far side away from the end first."""
    if any(s.aisle != start.aisle for s in (*stops, end)):
        return None
    aisle = layout.aisles[start.aisle]
    ys = [start.y, end.y, *(s.y for s in stops)]
    low, high = min(ys), max(ys)
    if low < aisle.y_from or high > aisle.y_to or any(a < high and low < b for a, b in aisle.blocked):
        return None
    up = start.y > end.y  # away from the end first
    away = [i for i, s in enumerate(stops) if (s.y > start.y if up else s.y < start.y)]
    rest = [i for i in range(len(stops)) if i not in set(away)]
    away.sort(key=lambda i: (stops[i].y if up else -stops[i].y, i))
    rest.sort(key=lambda i: (-stops[i].y if up else stops[i].y, i))
    return (*away, *rest), 2 * (high - low) - abs(start.y - end.y)


def _steps(
    layout: Layout,
    columns: Sequence[int],
    needed: set[Stop],
    *,
    odd: tuple[Stop, ...],
    table: Machine,
    links: tuple[Link, ...],
) -> list[_Step]:
    points: dict[int, list[int]] = {a: [] for a in columns}
    for stop in needed:
        points[stop.aisle].append(stop.y)
    steps: list[_Step] = []
    for i, a in enumerate(columns):
        flips = [s.y for s in odd if s.aisle == a]
        steps += [_link_step(link, layout.cross_y, table) for link in links if link.aisle == a]
        steps += _aisle_steps(layout, a, sorted(points[a]), flips, table)
        if i + 1 < len(columns):
            b = columns[i + 1]
            dx = layout.aisles[b].x - layout.aisles[a].x
            for c, y in enumerate(layout.cross_y):
                edge = ((a, y), (b, y))
                pad = (INF,) * (WIDTH - 3)
                steps.append(_Step(table.step(c), (0, dx, 2 * dx, *pad), ((), (edge,), (edge, edge))))
    return steps


def _link_step(link: Link, cross_y: Sequence[int], table: Machine) -> _Step:
    edge = ((-1, 0), (link.aisle, cross_y[link.cross]))
    cost = (0, link.length, 2 * link.length) + (INF,) * (WIDTH - 3)
    return _Step(table.link(link.cross), cost, ((), (edge,), (edge, edge)))


def _aisle_steps(layout: Layout, a: int, ys: list[int], flips: list[int], table: Machine) -> list[_Step]:
    cross, aisle = layout.cross_y, layout.aisles[a]
    walls = list(aisle.blocked)
    reach = max(abs(v) for v in (aisle.y_from, aisle.y_to, cross[0], cross[-1], *ys)) + 1
    walls += [(-reach, aisle.y_from), (aisle.y_to, reach)]
    if any(b < y < t and y not in cross for y in ys for b, t in walls):
        raise Unreachable(f"a stop in aisle {a} lies in a blocked stretch")
    steps: list[_Step] = []
    below, above = [y for y in ys if y < cross[0]], [y for y in ys if y > cross[-1]]
    inside = [y for y in ys if cross[0] <= y <= cross[-1]]
    if len(cross) == 1:
        above, inside = inside + above, []
    if below:
        part = stretch(below[0], cross[0], below, flips, walls)
        cost, cfgs = dead_end(part, below=True)
        steps.append(_Step(table.below, cost, tuple(_edges(a, part, cfg) for cfg in cfgs)))
    for k in range(len(cross) - 1):
        top = k == len(cross) - 2
        mine = [y for y in inside if cross[k] <= y and (y < cross[k + 1] or top)]
        part = stretch(cross[k], cross[k + 1], mine, flips, walls)
        steps.append(_Step(k, part.cost, tuple(_edges(a, part, cfg) for cfg in range(WIDTH))))
    if above:
        part = stretch(cross[-1], above[-1], above, flips, walls)
        cost, cfgs = dead_end(part, below=False)
        steps.append(_Step(table.above, cost, tuple(_edges(a, part, cfg) for cfg in cfgs)))
    return steps


def _edges(a: int, part: Stretch, cfg: int) -> tuple[Edge, ...]:
    ys = part.nodes
    return tuple(
        ((a, ys[i]), (a, ys[i + 1]))
        for i, m in enumerate(part.copies[cfg])
        for _ in range(m)
        if ys[i] != ys[i + 1]
    )


def _run(table: Machine, steps: list[_Step], compiled: bool) -> tuple[int, list[int]]:
    """Length and the choice taken at every step."""
    if compiled:
        import numpy as np

        from backend.algorithms.routing.kernel import sweep

        ptr, source, target, final = _arrays(table)
        ops = np.array([s.op for s in steps], dtype=np.int64)
        costs = np.array([s.cost for s in steps], dtype=np.int64)
        length, taken = sweep(ops, costs, ptr, source, target, table.states, table.first, final)
        if length >= INF:
            return INF, []
        return int(length), [_choice(table, s.op, int(e)) for s, e in zip(steps, taken, strict=True)]
    return _run_python(table, steps)


@lru_cache(maxsize=32)
def _arrays(table: Machine) -> "tuple[Ints, Ints, Ints, Ints]":
    import numpy as np

    def as_array(rows: object) -> "Ints":
        return np.array(rows, dtype=np.int64)

    return as_array(table.ptr), as_array(table.source), as_array(table.target), as_array(table.final)


def _choice(table: Machine, op: int, transition: int) -> int:
    row = table.ptr[op]
    return next(cfg for cfg in range(WIDTH) if row[cfg] <= transition < row[cfg + 1])


@lru_cache(maxsize=8)
def _by_source(table: Machine) -> dict[tuple[int, int], tuple[tuple[int, int], ...]]:
    moves: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for op, row in enumerate(table.ptr):
        for cfg in range(WIDTH):
            for e in range(row[cfg], row[cfg + 1]):
                moves.setdefault((op, table.source[e]), []).append((cfg, table.target[e]))
    return {key: tuple(value) for key, value in moves.items()}


def _run_python(table: Machine, steps: list[_Step]) -> tuple[int, list[int]]:
    moves = _by_source(table)
    cur: dict[int, int] = {table.first: 0}
    came: list[dict[int, tuple[int, int]]] = []
    for step in steps:
        nxt: dict[int, int] = {}
        how: dict[int, tuple[int, int]] = {}
        for state in sorted(cur):
            base = cur[state]
            for cfg, to in moves.get((step.op, state), ()):
                value = base + step.cost[cfg]
                if value < nxt.get(to, INF):
                    nxt[to], how[to] = value, (state, cfg)
        cur = nxt
        came.append(how)
    length, state = min(((cur[f], f) for f in table.final if f in cur), default=(INF, -1))
    if state < 0:
        return INF, []
    taken = []
    for how in reversed(came):
        state, cfg = how[state]
        taken.append(cfg)
    return length, taken[::-1]
