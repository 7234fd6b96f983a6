"""The house under test: every use-case test runs on SQLite and on PostgreSQL, both with the real schema."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.clock import FrozenClock
from backend.core.db import Database
from backend.core.execute import Actor, execute
from backend.core.ids import uuid7
from backend.core.migration import upgrade
from backend.core.outbox import OutboxEvent
from backend.core.settings import Settings
from backend.master.people.rules import PERMISSIONS
from tests import services

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
EVERYTHING = frozenset(PERMISSIONS)


class HouseUnderTest:
    """A database with the real schema, a clock that stands still, and the doors to both."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db = db
        self.clock = FrozenClock(MORNING)
        self.settings = Settings(
            database_url=db.url.render_as_string(hide_password=False),
            secret="a secret that is only good for tests, 0123456789",
            var_dir=str(folder),
            run_background=False,
            rate_limit="1000000/minute",
            login_rate_limit="1000000/minute",
            log_level="ERROR",
        )
        self._app: Flask | None = None

    @property
    def actor(self) -> Actor:
        """Somebody with every right, under a fresh command id."""
        return Actor(command_id=uuid7(), permissions=EVERYTHING)

    def actor_as(self, **parts: Any) -> Actor:
        """Somebody in particular: `user_id`, `permissions`, `warehouses`, `device_id`, `event_at`, …"""
        if "permissions" in parts:
            parts["permissions"] = frozenset(parts["permissions"])
        return replace(self.actor, **parts)

    def run(
        self,
        use_case: Callable[..., Any],
        command: type[Any],
        *,
        by: Actor | None = None,
        command_id: str | None = None,
        **fields: Any,
    ) -> Any:
        """Execute through the one door; the use case's own result, or the stored reply on a replay."""
        by = by or self.actor
        if command_id:
            by = replace(by, command_id=command_id)
        outcome = execute(self.db, use_case, command(by=by, **fields), clock=self.clock)
        return outcome.body if outcome.replayed else outcome.result

    def read(self) -> AbstractContextManager[Session]:
        """A session to look with."""
        return self.db.read()

    def write(self) -> AbstractContextManager[Session]:
        """A session to arrange with; committed at the end of the block."""
        return self.db.write()

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """What was told, oldest first."""
        with self.db.read() as session:
            rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))
            return [
                {"name": row.name, "channel": row.channel, "body": row.body}
                for row in rows
                if name is None or row.name == name
            ]

    @property
    def app(self) -> Flask:
        """The assembled application on this database."""
        if self._app is None:
            from backend.app import create_app

            self._app = create_app(self.settings, db=self.db, clock=self.clock)
        return self._app

    def work(self) -> None:
        """Relay and do every job that is due, until nothing is left."""
        self.app.extensions["tideline_background"].run_until_idle()

    def client(self) -> FlaskClient:
        """A browser that nobody has logged in from."""
        return self.app.test_client()

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()


def _prepare(url: str) -> None:
    db = Database(url, sqlite_synchronous="OFF")
    upgrade(db)
    db.close()


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file to copy."""
    path = tmp_path_factory.mktemp("model") / "model.db"
    _prepare(f"sqlite:///{path}")
    return path


def copy_of_model(model: Path, folder: Path) -> str:
    """The URL of a copy of the migrated, empty database file."""
    path = folder / "tideline.db"
    shutil.copy(model, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty, migrated database; one test with each engine."""
    if request.param == "sqlite":
        yield copy_of_model(request.getfixturevalue("sqlite_model"), tmp_path)
        return
    url = services.postgres_url(_prepare)
    yield url
    services.drop_postgres(url)


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[HouseUnderTest]:
    """The house under test, on both engines."""
    under_test = HouseUnderTest(Database(database_url, sqlite_synchronous="OFF"), tmp_path)
    yield under_test
    under_test.close()
