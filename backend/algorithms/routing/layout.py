"""Layout of a hall and distances in it. Lengths in integer mm.

A hall is a set of parallel aisles (along y) joined by cross aisles (along x). Cross aisles run on every floor from
its first to its last aisle; an aisle is entered from a cross aisle at `y` when `y_from <= y <= y_to`. Floors are
joined by lifts, each reached over the nearest cross aisle.
"""

from dataclasses import dataclass
from typing import Literal

Direction = Literal["both", "up", "down"]


class Unreachable(ValueError):
    """A stop cannot be reached, or cannot be left again, on this layout."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to visit: index into `Layout.aisles` and the position along it in mm."""

    aisle: int
    y: int


@dataclass(frozen=True, slots=True)
class Aisle:
    """`up` may only be walked towards larger y. A blocked stretch (from, to) in mm cannot be entered at all."""

    x: int
    y_from: int
    y_to: int
    floor: int = 0
    direction: Direction = "both"
    blocked: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Lift:
    """`cost_mm` is the price of a ride of one floor, in mm of walking."""

    x: int
    y: int
    floor_from: int
    floor_to: int
    cost_mm: int


@dataclass(frozen=True, slots=True)
class Layout:
    """`cross_y` ascending, at least one value."""

    aisles: tuple[Aisle, ...]
    cross_y: tuple[int, ...]
    lifts: tuple[Lift, ...] = ()
    start: Stop = Stop(0, 0)
    end: Stop = Stop(0, 0)


@dataclass(frozen=True, slots=True)
class Tour:
    """`sequence` holds indices into the stops given; `bound_mm <= length_mm`, equal when optimal."""

    sequence: tuple[int, ...]
    length_mm: int
    bound_mm: int
    status: Literal["optimal", "feasible"]
    policy: str
    path: tuple[tuple[int, int, int], ...] = ()


def is_regular(layout: Layout) -> bool:
    """One floor, two-way aisles without blocked stretches, all reaching every cross aisle."""
    if not layout.aisles or not layout.cross_y:
        return False
    low, high, floor = layout.cross_y[0], layout.cross_y[-1], layout.aisles[0].floor
    return all(
        a.floor == floor and a.direction == "both" and not a.blocked and a.y_from <= low and a.y_to >= high
        for a in layout.aisles
    )


def is_two_way(layout: Layout) -> bool:
    """One floor and no one-way aisle: the exact sweep applies (blocked stretches and short aisles are fine)."""
    return bool(layout.cross_y) and all(
        a.direction == "both" and a.floor == layout.aisles[0].floor for a in layout.aisles
    )


def distance_mm(layout: Layout, a: Stop, b: Stop) -> int:
    """Shortest walk from a to b. O(cross aisles) on a regular hall, a graph search elsewhere.

    Raises: Unreachable.
    """
    if is_regular(layout):
        return regular_distance(layout, a, b)
    from backend.algorithms.routing.graph import layout_matrix

    return int(layout_matrix(layout, (a, b))[0][1])


def regular_distance(layout: Layout, a: Stop, b: Stop) -> int:
    if a.aisle == b.aisle:
        return abs(a.y - b.y)
    dx = abs(layout.aisles[a.aisle].x - layout.aisles[b.aisle].x)
    return dx + min(abs(a.y - c) + abs(b.y - c) for c in layout.cross_y)


def regular_leg(layout: Layout, a: Stop, b: Stop) -> tuple[tuple[int, int, int], ...]:
    """Corner points of the shortest walk from a to b on a regular hall, both ends included."""
    xa, xb, floor = layout.aisles[a.aisle].x, layout.aisles[b.aisle].x, layout.aisles[a.aisle].floor
    if a.aisle == b.aisle:
        return ((xa, a.y, floor), (xb, b.y, floor))
    c = min(layout.cross_y, key=lambda y: abs(a.y - y) + abs(b.y - y))
    return ((xa, a.y, floor), (xa, c, floor), (xb, c, floor), (xb, b.y, floor))


def polyline(points: list[tuple[int, int, int]]) -> tuple[tuple[int, int, int], ...]:
    """Drop repeated points and points in the middle of a straight stretch walked one way."""
    out: list[tuple[int, int, int]] = []
    for p in points:
        if out and p == out[-1]:
            continue
        if len(out) > 1 and _straight(out[-2], out[-1], p):
            out.pop()
        out.append(p)
    return tuple(out)


def _straight(p: tuple[int, int, int], q: tuple[int, int, int], r: tuple[int, int, int]) -> bool:
    if p[2] != q[2] or q[2] != r[2]:
        return False
    along_y = p[0] == q[0] == r[0] and (q[1] - p[1]) * (r[1] - q[1]) > 0
    along_x = p[1] == q[1] == r[1] and (q[0] - p[0]) * (r[0] - q[0]) > 0
    return along_y or along_x
