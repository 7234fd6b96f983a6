"""Throw-away houses to measure: a database of either engine, filled before the real server starts on it."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from backend.core.db import Database
from backend.core.migration import upgrade
from backend.operations.simulation.adapters.own_house import OwnHouse, own_house
from tests import services


@contextlib.contextmanager
def database(engine: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database with the real schema."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    url = services.postgres_url()
    yield url
    services.drop_postgres(url)


@contextlib.contextmanager
def served(
    engine: str, folder: Path, fill: Callable[[Database, datetime], Any] | None = None, **settings: str
) -> Iterator[tuple[OwnHouse, Any]]:
    """A running house and what `fill` made of its database. SQLite runs with full durability, as in production."""
    with database(engine, folder) as url:
        made = _filled(url, fill)
        with own_house(database_url=url, synchronous="FULL", **settings) as house:
            yield house, made


def prepare(url: str) -> None:
    """Give the database the real schema."""
    db = Database(url)
    try:
        upgrade(db)
    finally:
        db.close()


def _filled(url: str, fill: Callable[[Database, datetime], Any] | None) -> Any:
    prepare(url)
    if fill is None:
        return None
    db = Database(url)
    try:
        return fill(db, datetime.now(UTC))
    finally:
        db.close()


def memory_mb(process_id: int) -> tuple[float, float, int]:
    """PSS and USS of a process and all below it in MB, and how many processes they are."""
    pss = uss = count = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        top = psutil.Process(process_id)
        for process in [top, *top.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                sizes = process.memory_full_info()
                pss, uss, count = pss + sizes.pss, uss + sizes.uss, count + 1
    return pss / 2**20, uss / 2**20, count
