"""What a way of picking saves: the same orders walked in every mode and by every policy, mistakes included."""

from collections.abc import Sequence

from backend.operations.simulation.adapters import SimulationPlan, simulate
from tests.benchmarks.report import Section

WAYS = (
    ("discrete", "s_shape"),
    ("discrete", "optimal"),
    ("cluster", "s_shape"),
    ("cluster", "largest_gap"),
    ("cluster", "combined"),
    ("cluster", "optimal"),
)


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Each way a day of its own; people, goods and orders follow from the same seed."""
    orders, ways = (40, WAYS[::5]) if quick else (200, WAYS)
    section = Section(
        "simulation",
        "Ways of picking, simulated",
        f"{orders} made-up web orders, four simulated pickers (walking, handling and error models of "
        "`backend/operations/simulation/rules/people.py`), through the public API. Baseline: one order at a time in S-shape order.",
        ("mode", "policy", "metres per line", "against baseline", "lines per hour", "against baseline", "mistakes", "caught", "let through"),
    )  # fmt: skip
    for mode, policy in ways:
        report = simulate(SimulationPlan(limit=orders, pickers=4, seed=1, mode=mode, policy=policy))
        walk, pace, base = report.pace.metres_per_line, report.pace.lines_per_hour, report.baseline
        section.add(
            mode, policy, walk, f"{walk / base.metres_per_line - 1:+.0%}", pace, f"{pace / base.lines_per_hour - 1:+.0%}",
            sum(report.made.values()), sum(report.caught.values()), sum(report.through.values()),
        )  # fmt: skip
    return section
