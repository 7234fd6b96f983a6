"""Travel graphs: one-way aisles, blocked stretches, several floors with lifts. Lengths in mm, arcs directed.

Shortest paths by Dijkstra (1959), O(arcs log nodes) per source.
"""

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from backend.algorithms.routing.layout import Layout, Stop, Unreachable

FAR = 1 << 40
Point = tuple[int, int, int]
Key = tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class Graph:
    """`nodes` are (x, y, floor) for drawing; `near[u]` lists (v, length) of the arcs leaving u."""

    nodes: tuple[Point, ...]
    near: tuple[tuple[tuple[int, int], ...], ...]


def graph_of(nodes: Sequence[Point], arcs: Sequence[tuple[int, int, int, bool]]) -> Graph:
    """`arcs` are (u, v, length, one_way)."""
    near: list[list[tuple[int, int]]] = [[] for _ in nodes]
    for u, v, length, one_way in arcs:
        near[u].append((v, length))
        if not one_way:
            near[v].append((u, length))
    return Graph(tuple(nodes), tuple(tuple(row) for row in near))


def shortest(graph: Graph, source: int) -> tuple[list[int], list[int]]:
    """(length to every node, previous node on the way); FAR and -1 where there is no way."""
    length, previous = [FAR] * len(graph.nodes), [-1] * len(graph.nodes)
    length[source] = 0
    queue = [(0, source)]
    while queue:
        walked, u = heapq.heappop(queue)
        if walked > length[u]:
            continue
        for v, step in graph.near[u]:
            if walked + step < length[v]:
                length[v], previous[v] = walked + step, u
                heapq.heappush(queue, (walked + step, v))
    return length, previous


def matrix(graph: Graph, places: Sequence[int]) -> list[list[int]]:
    """Shortest lengths between `places` (node numbers); FAR where there is no way."""
    rows = {p: shortest(graph, p)[0] for p in dict.fromkeys(places)}
    return [[rows[p][q] for q in places] for p in places]


def layout_matrix(layout: Layout, stops: Sequence[Stop]) -> list[list[int]]:
    """Shortest lengths between stops. Raises: Unreachable, when one stop cannot be reached from another."""
    graph, places = graph_of_layout(layout, stops)
    table = matrix(graph, places)
    if any(FAR in row for row in table):
        raise Unreachable("some stops cannot be reached from each other")
    return table


def node_path(graph: Graph, places: Sequence[int]) -> list[Point]:
    """Points of the shortest walk through `places` in the given order."""
    out = [graph.nodes[places[0]]]
    for u, v in itertools.pairwise(places):
        previous = shortest(graph, u)[1]
        leg = [v]
        while leg[-1] != u:
            leg.append(previous[leg[-1]])
        out += [graph.nodes[p] for p in reversed(leg[:-1])]
    return out


def graph_of_layout(layout: Layout, stops: Sequence[Stop]) -> tuple[Graph, list[int]]:
    """The graph of a hall with the given stops as nodes, and the node of each stop. Raises: Unreachable."""
    builder = _Builder(layout)
    for a in range(len(layout.aisles)):
        builder.add_aisle(a, {s.y for s in stops if s.aisle == a})
    builder.add_cross_aisles()
    builder.add_lifts()
    places = [builder.place(s) for s in stops]
    return builder.build(), places


class _Builder:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.number: dict[Key, int] = {}
        self.points: list[Point] = []
        self.arcs: list[tuple[int, int, int, bool]] = []

    def node(self, key: Key, point: Point) -> int:
        if key not in self.number:
            self.number[key] = len(self.points)
            self.points.append(point)
        return self.number[key]

    def crossing(self, floor: int, x: int, y: int) -> int:
        return self.node(("cross", floor, x, y), (x, y, floor))

    def in_aisle(self, a: int, y: int) -> int:
        aisle = self.layout.aisles[a]
        if y in self.layout.cross_y:
            return self.crossing(aisle.floor, aisle.x, y)
        return self.node(("aisle", a, 0, y), (aisle.x, y, aisle.floor))

    def place(self, stop: Stop) -> int:
        return self.in_aisle(stop.aisle, stop.y)

    def add_aisle(self, a: int, ys: set[int]) -> None:
        aisle = self.layout.aisles[a]
        for y in ys:
            inside = aisle.y_from <= y <= aisle.y_to or y in self.layout.cross_y
            if not inside or any(low < y < high for low, high in aisle.blocked):
                raise Unreachable(f"a stop in aisle {a} lies in a blocked stretch")
        along = sorted(ys | {c for c in self.layout.cross_y if aisle.y_from <= c <= aisle.y_to})
        for low, high in itertools.pairwise(along):
            if low < aisle.y_from or high > aisle.y_to:
                continue
            if any(start < high and low < end for start, end in aisle.blocked):
                continue
            u, v = self.in_aisle(a, low), self.in_aisle(a, high)
            if aisle.direction == "down":
                u, v = v, u
            self.arcs.append((u, v, high - low, aisle.direction != "both"))

    def add_cross_aisles(self) -> None:
        for floor in sorted({a.floor for a in self.layout.aisles}):
            xs = {a.x for a in self.layout.aisles if a.floor == floor}
            for y in self.layout.cross_y:
                lifts = {lift.x for lift in self.layout.lifts if _landing(self.layout, lift.y) == y}
                row = sorted(xs | lifts)
                for left, right in itertools.pairwise(row):
                    u, v = self.crossing(floor, left, y), self.crossing(floor, right, y)
                    self.arcs.append((u, v, right - left, False))

    def add_lifts(self) -> None:
        for i, lift in enumerate(self.layout.lifts):
            y, below = _landing(self.layout, lift.y), -1
            for floor in range(lift.floor_from, lift.floor_to + 1):
                door = self.node(("lift", i, floor, 0), (lift.x, lift.y, floor))
                self.arcs.append((door, self.crossing(floor, lift.x, y), abs(lift.y - y), False))
                if below >= 0:
                    self.arcs.append((below, door, lift.cost_mm, False))
                below = door

    def build(self) -> Graph:
        return graph_of(self.points, self.arcs)


def _landing(layout: Layout, y: int) -> int:
    return min(layout.cross_y, key=lambda c: (abs(c - y), c))
