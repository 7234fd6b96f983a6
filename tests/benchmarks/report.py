"""Tables of figures, and the page that keeps them. A run of a part of the measurements replaces its sections only."""

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
ORDER = ("scan", "sockets", "intake", "wave", "pwa", "board", "simulation", "algorithms")
_SECTION = re.compile(r"<!-- begin (\S+) -->\n(.*?)<!-- end \1 -->\n", re.DOTALL)


@dataclass
class Section:
    """One measurement: a table, and a sentence about how it was made."""

    name: str
    title: str
    how: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: object) -> None:
        """A row; shown at once as well."""
        self.rows.append(cells)
        print("   ", " | ".join(_text(cell) for cell in cells), flush=True)

    def markdown(self, command: str) -> str:
        """The section as it stands on the page."""
        lines = [f"## {self.title}", "", self.how, "", _row(self.columns), _row(["---"] * len(self.columns))]
        lines += [_row([_text(cell) for cell in row]) for row in self.rows]
        lines += ["", *(f"- {note}" for note in self.notes)] if self.notes else []
        return "\n".join([*lines, "", f"`{command}`", ""])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell >= 100 else f"{cell:.1f}" if cell >= 10 else f"{cell:.2f}"
    return str(cell)


def write_page(sections: Sequence[Section], *, quick: bool) -> None:
    """Put the sections on the page; what was not measured now stays as it was."""
    known = dict(_SECTION.findall(PAGE.read_text(encoding="utf-8"))) if PAGE.exists() else {}
    for section in sections:
        command = f"make bench ARGS='--only {section.name}{' --quick' if quick else ''}'"
        stamp = f"Measured on {date.today().isoformat()}, {machine()}{', quick run' if quick else ''}."  # noqa: DTZ011 - a date for people
        known[section.name] = f"{section.markdown(command)}\n{stamp}\n"
    head = (
        "# Benchmarks\n\n"
        "Written by `make bench`. Server and load share the machine named under each table; each figure stands beside a\n"
        "baseline from the same run: compare ratios between machines, not milliseconds.\n"
    )
    body = "".join(
        f"\n<!-- begin {name} -->\n{known[name]}<!-- end {name} -->\n" for name in ORDER if name in known
    )
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(head + body, encoding="utf-8")


def machine() -> str:
    """What a reader needs to know of the machine, and nothing that names it."""
    with Path("/proc/meminfo").open() as lines:
        memory_gb = round(int(lines.readline().split()[1]) / 1_048_576)
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory_gb} GB, {platform.system()} {platform.machine()}, "
        f"Python {sys.version_info.major}.{sys.version_info.minor}, SQLite {sqlite3.sqlite_version}"
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered)) - 1))]
