"""Gap and time per algorithm, as the algorithms' own measurements report them."""

import importlib
from collections.abc import Sequence
from typing import Any

from tests.benchmarks.report import Section


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """One table of all that `tests.benchmarks.algorithms` measures."""
    rows: list[dict[str, Any]] = importlib.import_module("tests.benchmarks.algorithms").run(quick)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    section = Section(
        "algorithms",
        "Algorithms against known optima",
        "Routing and batching on the public instances of `wave-bench/1` where they are present, else on generated ones. The gap "
        "is against the best value known.",
        columns,
    )
    for row in rows:
        section.add(*(row.get(name, "") for name in columns))
    return section
