"""Lower bounds for a plan, in mm. Valid for every feasible plan of the job.

For any prices p >= 0 per order, and rho = the largest p(S) / length(S) of a batch S that fits the cart, no plan is
shorter than sum(p) / rho (Farley 1990). Good prices come from the linear set-covering relaxation over the columns the
search has met (GLOP); rho from a depth-first search over batches, pruned by a fractional knapsack. Whatever part of
that search is not finished in time enters with its own upper bound, so the result is valid at any moment.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from backend.algorithms.batching.grid import Ints
from backend.algorithms.batching.partition import Column, columns_of
from backend.algorithms.batching.problem import Problem
from backend.algorithms.batching.search import Found, members_of, partition_length
from backend.algorithms.budget import Deadline

if TYPE_CHECKING:
    from backend.algorithms.batching.kernel import Memory

Floats = NDArray[np.float64]
MOST_ORDERS = 200
LP_COLUMNS = 6000
NODES_PER_CALL = 3000
COUNTED_ROUNDS = 4


def cheap_bound(problem: Problem) -> int:
    """No plan is shorter than the longest order walked alone; nor than whole carts over every stretch of aisle."""
    if not problem.grid.sweep:
        return 0
    return max(int(problem.alone.max()), _shared_out(problem))


def _shared_out(problem: Problem) -> int:
    """Price every order by length alone x load / capacity: a batch that fits is never worth more than its longest."""
    load, cap = problem.orders.load, problem.orders.cap
    totals = [int((problem.alone * load[:, d]).sum() // int(c)) for d, c in enumerate(cap) if c > 0]
    return max(totals, default=0)


def column_bound(
    problem: Problem, found: Found, memory: "Memory", watch: Deadline, seconds: float
) -> tuple[int, list[float]]:
    """(lower bound, price per order) by column generation within `seconds`; (0, []) where it does not pay."""
    n = len(found.assign)
    if not problem.grid.sweep or n > MOST_ORDERS or seconds <= 0:
        return 0, []
    counted = problem.job.iterations is not None  # then effort is counted, not timed: same job, same bound
    until = watch.elapsed() + seconds if not counted else watch.seconds
    rounds = COUNTED_ROUNDS if counted else 1 << 30
    columns = columns_of(found)
    for part in members_of(found.assign):
        column = tuple(sorted(int(m) for m in part))
        columns[column] = partition_length(problem, memory, np.zeros(len(part), np.int64), np.array(column))
    for o in range(n):
        columns[o,] = int(problem.alone[o])
    best, kept, prices = 0, _promising(columns, n), [0.0] * n
    for _ in range(rounds):
        prices = _prices(kept, columns, n)
        worth, fresh = _largest_ratio(problem, memory, np.array(prices), watch, until)
        best = max(best, int(sum(prices) / max(1.0, worth) + 1 - 1e-3) if worth > 0 else 0)
        new = [c for c in fresh if c not in columns]
        columns |= fresh
        kept += new
        if not new or watch.elapsed() >= until or watch.over():
            break
    return min(best, found.length), prices


def _promising(columns: dict[Column, int], n: int) -> list[Column]:
    """The columns with the shortest length per order covered, and always the orders alone and those of the plan."""
    ranked = sorted(columns, key=lambda c: (columns[c] / len(c), c))
    singles = [(o,) for o in range(n)]
    return list(dict.fromkeys([*singles, *ranked[:LP_COLUMNS]]))


def _prices(kept: list[Column], columns: dict[Column, int], n: int) -> list[float]:
    from ortools.linear_solver import pywraplp

    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows = [solver.Constraint(1.0, solver.infinity()) for _ in range(n)]
    goal = solver.Objective()
    scale = max(columns[c] for c in kept)
    for column in kept:
        take = solver.NumVar(0.0, solver.infinity(), "")
        goal.SetCoefficient(take, columns[column] / scale)
        for o in column:
            rows[o].SetCoefficient(take, 1.0)
    goal.SetMinimization()
    solver.Solve()
    return [max(0.0, row.dual_value()) * scale for row in rows]


def _largest_ratio(
    problem: Problem, memory: "Memory", prices: Floats, watch: Deadline, until: float
) -> tuple[float, dict[Column, int]]:
    """(an upper bound of rho, columns found whose price exceeds their length)."""
    from backend.algorithms.batching.pricing import root_ratio, search_root

    orders = problem.orders
    tight = int(np.argmax(orders.load.sum(axis=0) / np.maximum(1, orders.cap)))
    density = prices / np.maximum(1, orders.load[:, tight])
    rank: Ints = np.argsort(-density, kind="stable").astype(np.int64)
    rank = rank[prices[rank] > 0]
    rho, fresh = 1.0, {}
    out, lengths = np.zeros((64, len(rank) + 1), np.int64), np.zeros(64, np.int64)
    ceiling = np.array([root_ratio(orders, rank, prices, problem.alone, tight, i) for i in range(len(rank))])
    done = np.zeros(len(rank), dtype=bool)
    for i in np.argsort(-ceiling, kind="stable"):
        if ceiling[i] <= rho:
            break
        if watch.elapsed() >= until or watch.over():
            break
        timed = 1.0 if problem.job.iterations is not None else max(1.0, 20 * (until - watch.elapsed()))
        nodes = int(NODES_PER_CALL * timed)
        rho, finished, filled = search_root(
            problem.grid, orders, memory, rank, prices, tight, int(i), rho, nodes, out, lengths
        )
        done[i] = finished
        for row, length in zip(out[:filled], lengths[:filled], strict=True):
            fresh[tuple(sorted(int(m) - 1 for m in row if m))] = int(length)
    open_ = ceiling[~done]
    return max(rho, float(open_.max()) if len(open_) else 0.0), fresh
