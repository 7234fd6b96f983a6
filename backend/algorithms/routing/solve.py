"""The door of routing: `route(layout, stops) -> Tour`. Lengths in mm.

`optimal` is proven exact on two-way halls of up to 6 cross aisles (5 when start and end differ) with compiled code,
up to 3 without; on every layout up to 13 stops (Held & Karp); above that a local search with a CP-SAT bound when
`budget.compiled`, with a simple bound otherwise. Errors: `Unreachable`, `ValueError` for an unknown policy.
"""

import itertools
from collections.abc import Sequence

from backend.algorithms.budget import Budget
from backend.algorithms.routing.exact import exact_order, fits
from backend.algorithms.routing.graph import FAR, graph_of_layout, layout_matrix, matrix, node_path
from backend.algorithms.routing.layout import (
    Layout,
    Stop,
    Tour,
    Unreachable,
    is_regular,
    is_two_way,
    polyline,
    regular_distance,
    regular_leg,
)
from backend.algorithms.routing.matrix_tour import shortest_order
from backend.algorithms.routing.policies import POLICIES, policy_order

DEFAULT = Budget()


def route(
    layout: Layout,
    stops: Sequence[Stop],
    *,
    start: Stop | None = None,
    end: Stop | None = None,
    policy: str = "optimal",
    budget: Budget = DEFAULT,
    seed: int = 0,
    draw: bool = True,
) -> Tour:
    """Order in which one picker visits all stops; `start`, `end` default to the layout's. Duplicates are welcome.

    `draw=False` leaves `path` empty. `bound_mm` is a proven lower bound for the optimal tour, for policies 0.
    """
    a, b = start or layout.start, end or layout.end
    if policy == "optimal":
        sequence, length, bound = _optimal(layout, list(stops), (a, b), budget, seed)
    else:
        sequence = policy_order(layout, stops, a, b, policy)
        length, bound = walk_mm(layout, [a, *(stops[i] for i in sequence), b]), 0
    path = draw_path(layout, [a, *(stops[i] for i in sequence), b]) if draw else ()
    return Tour(sequence, length, bound, "optimal" if bound == length else "feasible", policy, path)


def compare(
    layout: Layout, stops: Sequence[Stop], *, budget: Budget = DEFAULT, seed: int = 0
) -> dict[str, Tour]:
    """Every policy on the same stops, `optimal` first."""
    return {p: route(layout, stops, policy=p, budget=budget, seed=seed) for p in ("optimal", *POLICIES)}


def _optimal(
    layout: Layout, stops: list[Stop], ends: tuple[Stop, Stop], budget: Budget, seed: int
) -> tuple[tuple[int, ...], int, int]:
    (start, end), places = ends, list(dict.fromkeys(stops))
    if is_two_way(layout) and fits(layout, round_trip=start == end, compiled=budget.compiled):
        order, length = exact_order(layout, places, start, end, compiled=budget.compiled)
        bound = length
    else:
        found = shortest_order(_table(layout, [*places, start, end]), budget=budget, seed=seed)
        order, length, bound = found.sequence, found.length, found.bound
    same: dict[Stop, list[int]] = {}
    for i, stop in enumerate(stops):
        same.setdefault(stop, []).append(i)
    return tuple(i for k in order for i in same[places[k]]), length, bound


def _table(layout: Layout, places: Sequence[Stop]) -> list[list[int]]:
    if is_regular(layout):
        return [[regular_distance(layout, a, b) for b in places] for a in places]
    graph, nodes = graph_of_layout(layout, places)
    return matrix(graph, nodes)


def walk_mm(layout: Layout, walk: Sequence[Stop]) -> int:
    """Length of visiting the places in the given order by shortest ways. Raises: Unreachable."""
    legs = list(itertools.pairwise(walk))
    if is_regular(layout):
        return sum(regular_distance(layout, a, b) for a, b in legs)
    places = list(dict.fromkeys(walk))
    table, at = _table(layout, places), {p: i for i, p in enumerate(places)}
    length = sum(table[at[a]][at[b]] for a, b in legs)
    if length >= FAR:
        raise Unreachable("the order given cannot be walked")
    return length


def draw_path(layout: Layout, walk: Sequence[Stop]) -> tuple[tuple[int, int, int], ...]:
    """Corner points (x, y, floor) of the shortest walk through the places in order, in mm."""
    if is_regular(layout):
        return polyline([p for a, b in itertools.pairwise(walk) for p in regular_leg(layout, a, b)])
    graph, nodes = graph_of_layout(layout, walk)
    return polyline(node_path(graph, nodes))


__all__ = ["compare", "draw_path", "layout_matrix", "route", "walk_mm"]
