"""What one stretch of an aisle between two vertices costs, for every way a tour may use it. Lengths in mm.

A stretch is cut by the points that must be visited into segments; each is walked 0, 1 or 2 times. At most one
segment may be left out, otherwise an island would remain. Where a terminal (start or end) stands, parity is odd.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from backend.algorithms.routing.machine import VERTICAL, WIDTH

INF = 1 << 60
Copies = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """`nodes` are y positions including both ends; `cost[cfg]` in mm, `copies[cfg]` walks per segment."""

    nodes: tuple[int, ...]
    cost: tuple[int, ...]
    copies: tuple[Copies, ...]


def stretch(
    low: int, high: int, points: Sequence[int], odd: Sequence[int] = (), walls: Sequence[tuple[int, int]] = ()
) -> Stretch:
    """`points` (ascending, distinct) must be visited; `odd` lists positions where a terminal stands.

    Complexity: O(points) without terminals, O(18 points) with. `walls` are stretches that cannot be entered.
    """
    nodes = (low, *points, high)
    pieces = list(itertools.pairwise(nodes))
    free = [y == z or not any(a < max(y, z) and min(y, z) < b for a, b in walls) for y, z in pieces]
    if not odd and all(free):
        table = _plain(nodes)
    else:
        table = _any(nodes, [odd.count(y) % 2 for y in points], free)
    cost: list[int] = [INF] * WIDTH
    copies: list[Copies] = [()] * WIDTH
    for cfg, walk in table.items():
        cost[cfg], copies[cfg] = sum(m * (z - y) for m, (y, z) in zip(walk, pieces, strict=True)), walk
    return Stretch(nodes, tuple(cost), tuple(copies))


def dead_end(stretch_: Stretch, *, below: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """(cost, configuration) for 0, 1, 2 edges at the only open end; the other end must stay untouched."""
    wanted = [(0, m, False) if below else (m, 0, False) for m in range(3)]
    numbers = [VERTICAL.index(w) for w in wanted]
    cost = [stretch_.cost[i] for i in numbers] + [INF] * (WIDTH - 3)
    return tuple(cost), tuple(numbers)


def _plain(nodes: tuple[int, ...]) -> dict[int, Copies]:
    n = len(nodes) - 1
    table: dict[int, Copies] = {1: (1,) * n, 2: (2,) * n}
    if n == 1:
        return {0: (0,), **table}
    table[3] = (2,) * (n - 1) + (0,)
    table[4] = (0,) + (2,) * (n - 1)
    if n > 2:
        gap = max(range(1, n - 1), key=lambda i: nodes[i + 1] - nodes[i])
        table[5] = (2,) * gap + (0,) + (2,) * (n - gap - 1)
    return table


def _any(nodes: tuple[int, ...], odd: list[int], free: list[bool]) -> dict[int, Copies]:
    """Cheapest copies per effect by a small dynamic programme over (first copies, last copies, cut already)."""
    best: dict[tuple[int, int, bool], tuple[int, Copies]] = {
        (m, m, m == 0): (m * (nodes[1] - nodes[0]), (m,)) for m in range(3) if m == 0 or free[0]
    }
    for i, flip in enumerate(odd, start=1):
        length = nodes[i + 1] - nodes[i]
        after: dict[tuple[int, int, bool], tuple[int, Copies]] = {}
        for (first, last, cut), (cost, walk) in best.items():
            for m in range(3 if free[i] else 1):
                if (last + m) % 2 != flip or (m == 0 and cut) or last + m == 0:
                    continue
                key, total = (first, m, cut or m == 0), cost + m * length
                if key not in after or total < after[key][0]:
                    after[key] = (total, (*walk, m))
        best = after
    return {
        VERTICAL.index((first, last, bool(first and last and not cut))): walk
        for (first, last, cut), (_, walk) in best.items()
    }
