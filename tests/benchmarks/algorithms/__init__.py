"""Gap and time of the algorithms: `run(quick)` gives one row per set of instances."""

from tests.benchmarks.algorithms.gaps import run

__all__ = ["run"]
