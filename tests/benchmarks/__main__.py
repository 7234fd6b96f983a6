"""Run measurements: python -m tests.benchmarks [--quick] [--only NAME[,NAME]] [--engine sqlite|postgresql]."""

import argparse
import importlib
import time

from tests.benchmarks.report import ORDER, Section, machine, write_page

ENGINES = ("sqlite", "postgresql")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds each: to see that it runs")
    parser.add_argument("--only", default=",".join(ORDER), help=f"of {', '.join(ORDER)}")
    parser.add_argument("--engine", choices=ENGINES, help="one database only")
    parser.add_argument("--dry", action="store_true", help="leave docs/benchmarks.md alone")
    wanted = parser.parse_args()
    names = [name for name in wanted.only.split(",") if name]
    unknown = [name for name in names if name not in ORDER]
    if unknown:
        parser.error(f"no measurement is called {', '.join(unknown)}")
    engines = (wanted.engine,) if wanted.engine else ENGINES
    print(machine(), flush=True)
    for name in names:
        began = time.monotonic()
        print(f"{name}:", flush=True)
        module = "algorithm_tables" if name == "algorithms" else name
        measure = importlib.import_module(f"tests.benchmarks.{module}").measure
        section: Section = measure(quick=wanted.quick, engines=engines)
        print(f"    took {time.monotonic() - began:.0f} s", flush=True)
        if not wanted.dry:
            write_page([section], quick=wanted.quick)


if __name__ == "__main__":
    main()
