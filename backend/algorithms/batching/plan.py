"""The door of batching: `plan(job) -> Plan`. Lengths in mm.

Anytime: the first plan is there after seeds are built (milliseconds to seconds, by size), later ones are never worse;
`progress` gets a `Best` whenever one is found, `stop` is polled. With `iterations` as the binding limit the result
depends on the job alone. Errors: `TooBig`, `Unreachable`.
"""

from collections.abc import Callable
from typing import Literal

from backend.algorithms.batching.bound import cheap_bound
from backend.algorithms.batching.grid import Ints
from backend.algorithms.batching.job import BatchJob, Best, Plan
from backend.algorithms.batching.problem import build_problem, solved_batch
from backend.algorithms.batching.schedule import scheduled
from backend.algorithms.batching.search import first_plan, members_of, search
from backend.algorithms.budget import Deadline

REPORT_EVERY_S = 0.1
ROUTE_SHARE = 0.2


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
    search(problem, found, watch, report)
    parts = [[int(m) for m in part] for part in members_of(found.assign)]
    each = max(0.02, ROUTE_SHARE * job.seconds / len(parts))
    batches, late = scheduled(job, [solved_batch(job, part, each) for part in parts])
    total = sum(b.length_mm for b in batches)
    bound = min(bound, total)
    status: Literal["optimal", "feasible"] = "optimal" if bound == total else "feasible"
    return Plan(batches, total, bound, status, watch.elapsed_ms(), late, found.savings)
