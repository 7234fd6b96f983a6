"""Set partitioning over the columns the search has met, by OR-Tools CP-SAT. Lengths in mm.

The search sees tens of thousands of good batches but keeps one plan; the best plan made of all of them is often a
little shorter (Briant et al. 2020). One worker thread: the same columns give the same plan.
"""

from typing import TYPE_CHECKING

import numpy as np

from backend.algorithms.batching.grid import Ints
from backend.algorithms.batching.problem import Problem
from backend.algorithms.batching.search import Found, members_of, partition_length

if TYPE_CHECKING:
    from backend.algorithms.batching.kernel import Memory

Column = tuple[int, ...]
MOST_COLUMNS = 4000
COUNTED_EFFORT = 2.0


def columns_of(found: Found) -> dict[Column, int]:
    """Every batch met and its length, those of the current plan included."""
    columns: dict[Column, int] = {}
    for pool in found.pools:
        rows = min(int(pool.used[0]), len(pool.length))
        for members, length in zip(pool.members[:rows], pool.length[:rows], strict=True):
            column = tuple(sorted(int(m) - 1 for m in members if m))
            columns[column] = min(int(length), columns.get(column, 1 << 60))
    return columns


def recombine(problem: Problem, found: Found, memory: "Memory", seconds: float, duals: list[float]) -> bool:
    """Replace the plan in `found` by the best one made of known columns; True when it became shorter.

    `duals` (mm per order, empty: not known) rank the columns; the most promising enter the model.
    """
    from ortools.sat.python import cp_model

    columns = columns_of(found)
    plan = [tuple(sorted(int(m) for m in part)) for part in members_of(found.assign)]
    price = duals or _shares(problem, plan, found.length)
    ranked = sorted(columns, key=lambda c: (columns[c] - sum(price[o] for o in c), c))
    chosen = list(dict.fromkeys([*plan, *ranked[:MOST_COLUMNS]]))
    model, current = cp_model.CpModel(), set(plan)
    takes = [model.new_bool_var("") for _ in chosen]
    cover: list[list[cp_model.IntVar]] = [[] for _ in range(len(found.assign))]
    for take, column in zip(takes, chosen, strict=True):
        model.add_hint(take, column in current)
        for order in column:
            cover[order].append(take)
    for row in cover:
        model.add_exactly_one(row)
    lengths = [columns[c] if c in columns else column_length(problem, memory, c) for c in chosen]
    model.minimize(sum(length * take for length, take in zip(lengths, takes, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = problem.job.seed
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    if problem.job.iterations is not None:  # effort counted, not timed
        solver.parameters.max_deterministic_time = COUNTED_EFFORT
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return False
    assign = np.full(len(found.assign), -1, dtype=np.int64)
    parts = [c for c, take in zip(chosen, takes, strict=True) if solver.boolean_value(take)]
    for b, column in enumerate(parts):
        assign[list(column)] = b
    length = partition_length(problem, memory, assign)
    if length >= found.length:
        return False
    found.assign, found.length = assign, length
    return True


def column_length(problem: Problem, memory: "Memory", column: Column) -> int:
    return partition_length(
        problem, memory, np.zeros(len(column), np.int64), np.array(column, dtype=np.int64)
    )


def _shares(problem: Problem, plan: list[Column], total: int) -> list[float]:
    """A first guess of what each order costs: the plan's length shared out by the orders' lengths alone."""
    alone: Ints = problem.alone
    whole = float(alone.sum())
    share = [0.0] * len(alone)
    for column in plan:
        for o in column:
            share[o] = total * float(alone[o]) / whole
    return share
