"""Lower bounds for a plan, in mm. Valid for every feasible plan of the job."""

from backend.algorithms.batching.problem import Problem


def cheap_bound(problem: Problem) -> int:
    """No plan is shorter than the longest order walked alone. Only where lengths are exact (`grid.sweep`)."""
    return int(problem.alone.max()) if problem.grid.sweep else 0
