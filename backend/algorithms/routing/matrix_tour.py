"""Shortest order of visiting all stops on a distance matrix: exact when small, bounded when large.

Held & Karp (1962) up to 13 stops, O(2^n n^2); above, iterated local search (or-opt and 2-opt for one-way lengths,
double bridge) and a proof by OR-Tools CP-SAT on the circuit formulation. Lengths are integers below 2^40.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from backend.algorithms.budget import Budget, Deadline
from backend.algorithms.routing.graph import FAR
from backend.algorithms.routing.layout import Unreachable

HELD_KARP_STOPS = 13
LIGHT_ROUNDS = 20
ROUNDS = 3000


@dataclass(frozen=True, slots=True)
class Order:
    sequence: tuple[int, ...]
    length: int
    bound: int
    status: Literal["optimal", "feasible"]


def shortest_order(
    table: Sequence[Sequence[int]],
    *,
    classes: Sequence[int] | None = None,
    budget: Budget,
    seed: int = 0,
) -> Order:
    """`table` has n + 2 rows: the n stops, then start, then end. All stops of a lower class come first.

    Raises: Unreachable.
    """
    n = len(table) - 2
    if n == 0:
        return Order((), table[0][1], table[0][1], "optimal")
    rows = _by_class(table, classes) if classes else [list(row) for row in table]
    if n <= HELD_KARP_STOPS:
        sequence, length = held_karp(rows)
        return Order(sequence, _possible(length), length, "optimal")
    sequence, length = _search(rows, classes, budget, seed)
    bound = simple_bound(rows)
    if length < FAR and bound >= length:
        return Order(sequence, length, length, "optimal")
    if not budget.compiled:
        return Order(sequence, _possible(length), min(bound, length), "feasible")
    return _prove(rows, sequence, length, bound=bound, budget=budget, seed=seed)


def _possible(length: int) -> int:
    if length >= FAR:
        raise Unreachable("no walk visits every stop")
    return length


def _by_class(table: Sequence[Sequence[int]], classes: Sequence[int]) -> list[list[int]]:
    n = len(classes)
    return [
        [FAR if i < n and j < n and classes[i] > classes[j] else v for j, v in enumerate(row)]
        for i, row in enumerate(table)
    ]


def simple_bound(table: Sequence[Sequence[int]]) -> int:
    """Every stop and the end is entered once, every stop and the start left once; and the farthest stop lies out."""
    n = len(table) - 2
    stops = range(n)
    entered = sum(min(table[i][j] for i in (*stops, n) if i != j) for j in (*stops, n + 1))
    left = sum(min(table[i][j] for j in (*stops, n + 1) if i != j) for i in (*stops, n))
    return int(max(entered, left, *(table[n][i] + table[i][n + 1] for i in stops)))


@lru_cache(maxsize=16)
def _layers(n: int) -> Any:
    """Per layer k and stop j: the sets of k stops without j, and the same sets with j added."""
    import numpy as np

    sets = np.arange(1 << n)
    size = sum((sets >> b) & 1 for b in range(n))
    return [
        [(s := sets[(size == k) & ((sets >> j) & 1 == 0)], s | (1 << j)) for j in range(n)]
        for k in range(1, n)
    ]


def held_karp(table: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], int]:
    """Exact order for a few stops; numpy over all sets of one size at once."""
    import numpy as np

    d = np.array(table, dtype=np.int64)
    n = len(d) - 2
    best = np.full((1 << n, n), FAR, dtype=np.int64)
    for j in range(n):
        best[1 << j, j] = d[n, j]
    for layer in _layers(n):
        for j, (without, with_j) in enumerate(layer):
            best[with_j, j] = np.minimum(FAR, (best[without] + d[:n, j]).min(axis=1))
    full = (1 << n) - 1
    last = best[full] + d[:n, n + 1]
    j, visited = int(last.argmin()), full
    length, order = int(last[j]), [j]
    while len(order) < n:
        visited ^= 1 << j
        j = int((best[visited] + d[:n, j]).argmin())
        order.append(j)
    return tuple(reversed(order)), length


def _search(
    table: list[list[int]], classes: Sequence[int] | None, budget: Budget, seed: int
) -> tuple[tuple[int, ...], int]:
    n = len(table) - 2
    order = _nearest(table, classes or [0] * n)
    walk = [n, *order, n + 1]
    if budget.compiled:
        import numpy as np

        from backend.algorithms.routing.tour_kernel import fast_iterate

        best, spare = np.array(walk, dtype=np.int64), np.array(walk, dtype=np.int64)
        rounds = budget.iterations
        if rounds is None:
            rounds = max(50, min(ROUNDS, 30_000_000 // (n * n)))
        found = fast_iterate(np.array(table, dtype=np.int64), best, spare, seed + 1, rounds)
    else:
        from backend.algorithms.routing.tour_search import iterate

        found = iterate(table, walk, list(walk), seed + 1, LIGHT_ROUNDS * 400 // (n * n))
    sequence = tuple(int(i) for i in found[1:-1])
    return sequence, length_of(table, sequence)


def search_order(table: Any, budget: Budget, seed: int) -> tuple[int, ...]:
    """A good order without proof; `budget.iterations` kicks (0: descent only, or none at all above 2,000 stops)."""
    rows = [[int(v) for v in row] for row in table]
    return _search(rows, None, budget, seed)[0]


def length_of(table: Sequence[Sequence[int]], sequence: Sequence[int]) -> int:
    n = len(table) - 2
    walk = (n, *sequence, n + 1)
    return sum(table[i][j] for i, j in itertools.pairwise(walk))


def _nearest(table: list[list[int]], classes: Sequence[int]) -> list[int]:
    at, left, order = len(table) - 2, set(range(len(classes))), []
    while left:
        at = min(left, key=lambda j: (classes[j], table[at][j], j))
        left.remove(at)
        order.append(at)
    return order


def _prove(
    table: list[list[int]], sequence: tuple[int, ...], length: int, *, bound: int, budget: Budget, seed: int
) -> Order:
    """CP-SAT circuit with the tour found as a hint; one worker, so the same input gives the same output."""
    from ortools.sat.python import cp_model

    n, watch = len(sequence), Deadline(budget.seconds)
    model = cp_model.CpModel()
    arcs, terms, used = [], [], set(zip((n, *sequence), (*sequence, n), strict=True))
    for i in range(n + 1):
        for j in range(n + 1):
            price = table[i][n + 1 if j == n else j]
            if i != j and price < FAR:
                lit = model.new_bool_var("")
                arcs.append((i, j, lit))
                terms.append(price * lit)
                model.add_hint(lit, (i, j) in used)
    model.add_circuit(arcs)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = max(0.05, watch.left())
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        raise Unreachable("no walk visits every stop")
    bound = max(bound, int(solver.best_objective_bound + 0.5 - 1e-6))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) and round(solver.objective_value) < length:
        following = {i: j for i, j, lit in arcs if solver.boolean_value(lit)}
        walk = [following[n]]
        while following[walk[-1]] != n:
            walk.append(following[walk[-1]])
        sequence, length = tuple(walk), round(solver.objective_value)
    length = _possible(length)
    return Order(sequence, length, min(bound, length), "optimal" if bound >= length else "feasible")
