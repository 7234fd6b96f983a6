"""From the edges of a tour to the order of its stops: one Euler walk (Hierholzer). O(edges)."""

from collections.abc import Hashable, Sequence

Node = tuple[int, int]
Edge = tuple[Node, Node]


def euler_walk(edges: Sequence[Edge], origin: Node) -> list[Node]:
    """A walk over every edge exactly once, from `origin`; the edges must be connected with at most two odd ends."""
    near: dict[Hashable, list[tuple[int, Node]]] = {}
    for i, (u, v) in enumerate(edges):
        near.setdefault(u, []).append((i, v))
        near.setdefault(v, []).append((i, u))
    used = [False] * len(edges)
    stack, walk = [origin], []
    while stack:
        ways = near.get(stack[-1], [])
        while ways and used[ways[-1][0]]:
            ways.pop()
        if ways:
            i, to = ways.pop()
            used[i] = True
            stack.append(to)
        else:
            walk.append(stack.pop())
    return walk[::-1]


def first_visits(edges: Sequence[Edge], origin: Node, places: Sequence[Node]) -> tuple[int, ...]:
    """Indices of `places` in the order in which the walk first passes them."""
    rank: dict[Node, int] = {}
    for node in euler_walk(edges, origin):
        rank.setdefault(node, len(rank))
    return tuple(sorted(range(len(places)), key=lambda i: (rank[places[i]], i)))
