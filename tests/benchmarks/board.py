"""The live board's snapshot at a thousand open tasks."""

import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from backend.core.db import Database
from tests.benchmarks.houses import served
from tests.benchmarks.report import Section, percentile
from tests.build.floor_at_work import FloorAtWork, floor_at_work

TASKS, LINES, PEOPLE = 1_040, 8, 40


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Both engines, one reader."""
    section = Section(
        "board",
        "The live board's snapshot",
        f"`GET /api/board` over HTTP with {TASKS - PEOPLE} open tasks of {LINES} lines and {PEOPLE} people at work, one reader; "
        "baseline `/healthz`. Target: ≤ 30 ms.",
        ("database", "request", "n", "p50 ms", "p95 ms", "KB", "p50 against healthz"),
    )
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder:
            _engine(section, engine, Path(folder), 20 if quick else 100)
    return section


def _engine(section: Section, engine: str, folder: Path, count: int) -> None:
    def fill(db: Database, now: datetime) -> FloorAtWork:
        with db.write() as session:
            return floor_at_work(session, now, tasks=TASKS, lines=LINES, picked=6, people=PEOPLE)

    with served(engine, folder, fill) as (house, floor):
        api = house.admin()
        base = 0.0
        for path, query in (("/healthz", {}), ("/api/board", {"warehouse_id": floor.warehouse_id})):
            times = []
            for _ in range(count + 3):
                began = time.perf_counter()
                body = api.get(path, **query).expect(path)
                times.append((time.perf_counter() - began) * 1000)
            p50 = percentile(times[3:], 0.5)
            base = base or p50
            size = len(str(body)) / 1024
            section.add(
                engine, f"GET {path}", count, p50, percentile(times[3:], 0.95), size, f"{p50 / base:.1f}"
            )
        api.close()
