"""The door of batching: `plan(job) -> Plan`. Lengths in mm.

Anytime: the first plan is there after seeds are built (milliseconds to seconds, by size), later ones are never worse;
`progress` gets a `Best` whenever one is found, `stop` is polled. With `iterations` as the binding limit the result
depends on the job alone. Errors: `TooBig`, `Unreachable`.
"""

from collections.abc import Callable
from typing import Literal

from backend.algorithms.batching.bound import cheap_bound, column_bound
from backend.algorithms.batching.grid import Ints
from backend.algorithms.batching.job import BatchJob, Best, Plan
from backend.algorithms.batching.partition import recombine
from backend.algorithms.batching.problem import Problem, build_problem, fresh_memory, solved_batch
from backend.algorithms.batching.schedule import scheduled
from backend.algorithms.batching.search import Found, Report, first_plan, members_of, search
from backend.algorithms.budget import Deadline

REPORT_EVERY_S = 0.1
ROUTE_SHARE = 0.2
SEARCH_SHARE = 0.75
RECOMBINE_ORDERS = 400


def _never() -> bool:
    return False


def plan(
    job: BatchJob,
    progress: Callable[[object], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Plan:
    """Partition the orders into batches and route each; top-level so that a solver process can import it."""
    watch = Deadline(job.seconds, stop or _never)
    if not job.orders:
        return Plan((), 0, 0, "optimal", watch.elapsed_ms())
    problem = build_problem(job)
    bound = cheap_bound(problem)
    found = first_plan(problem)
    told = [-1.0]

    def report(length: int, assign: Ints) -> None:
        if progress is None or (told[0] >= 0 and watch.elapsed() - told[0] < REPORT_EVERY_S):
            return
        told[0] = watch.elapsed()
        ids = tuple(tuple(job.orders[m].id for m in part) for part in members_of(assign))
        progress(Best(length, bound, ids, watch.elapsed_ms()))

    report(found.length, found.assign)
    search(problem, found, Deadline(job.seconds * SEARCH_SHARE, watch.stop, watch.started), report)
    bound = max(bound, _finish(problem, found, watch, report))
    parts = [[int(m) for m in part] for part in members_of(found.assign)]
    each = max(0.02, ROUTE_SHARE * job.seconds / len(parts))
    batches, late = scheduled(job, [solved_batch(job, part, each) for part in parts])
    total = sum(b.length_mm for b in batches)
    bound = min(bound, total)
    status: Literal["optimal", "feasible"] = "optimal" if bound == total else "feasible"
    return Plan(batches, total, bound, status, watch.elapsed_ms(), late, found.savings)


def _finish(problem: Problem, found: Found, watch: Deadline, report: Report) -> int:
    """Bound by columns, then the best plan made of the columns met; returns the bound."""
    if watch.over() or not problem.grid.sweep or len(found.assign) > RECOMBINE_ORDERS:
        return 0
    memory = fresh_memory(problem.grid, 16)
    bound, prices = column_bound(problem, found, memory, watch, 0.5 * watch.left())
    worth_it = bound < found.length and bool(found.pools) and not watch.over()
    if worth_it and recombine(problem, found, memory, 0.8 * watch.left(), prices):
        report(found.length, found.assign)
    return bound
