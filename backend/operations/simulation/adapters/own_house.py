"""A house that is thrown away: a temporary database, a server process on a free port, an administrator."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.core.clock import SystemClock
from backend.core.db import Database
from backend.core.execute import execute, system_actor
from backend.core.ids import uuid7
from backend.core.migration import upgrade
from backend.master.people.rules import sealed_password
from backend.master.people.use_cases import CreateUser, create_user
from backend.operations.simulation.adapters.http_api import HttpApi
from backend.operations.simulation.use_cases import ApiFailed

ROOT = Path(__file__).resolve().parents[4]
_START_S, _STOP_S = 60, 10


@dataclass(frozen=True)
class OwnHouse:
    """Where it is reached, who may do everything there, and the server's process."""

    url: str
    login: str
    password: str
    process_id: int

    def admin(self) -> HttpApi:
        """A connection with every right."""
        api = HttpApi(self.url)
        api.log_in("/api/session/password", {"login": self.login, "password": self.password})
        return api


@contextlib.contextmanager
def own_house(*, database_url: str = "", synchronous: str = "NORMAL", **settings: str) -> Iterator[OwnHouse]:
    """Start it, and remove all of it at the end.

    Args:
        database_url: an empty database elsewhere; by default SQLite in the temporary folder.
        synchronous: SQLite's durability; a power cut may take this house.
        settings: further settings by name, as their environment variables hold them.
    """
    folder = Path(tempfile.mkdtemp(prefix="tideline-day-"))
    try:
        url = database_url or f"sqlite:///{folder / 'tideline.db'}"
        login, password = "simulation", secrets.token_urlsafe(12)
        _prepare(url, login, password)
        env = _environment(folder, url, synchronous) | {
            f"TIDELINE_{name.upper()}": value for name, value in settings.items()
        }
        with _served(env, folder / "server.log") as (address, process_id):
            yield OwnHouse(address, login, password, process_id)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _prepare(url: str, login: str, password: str) -> None:
    """The schema and one administrator: nobody can log in to a house without people."""
    db = Database(url)
    try:
        upgrade(db)
        by = system_actor(uuid7())
        sealed = sealed_password(password, by.command_id)
        command = CreateUser(
            by=by, login=login, name="Simulation", language="en", roles=("admin",), warehouses=None,
            password_hash=sealed,
        )  # fmt: skip
        execute(db, create_user, command, clock=SystemClock())
    finally:
        db.close()


def _environment(folder: Path, url: str, synchronous: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIDELINE_")}
    return kept | {
        "TIDELINE_DATABASE_URL": url,
        "TIDELINE_VAR_DIR": str(folder),
        "TIDELINE_SQLITE_SYNCHRONOUS": synchronous,
        "TIDELINE_RATE_LIMIT": "1000000/minute",
        "TIDELINE_LOGIN_RATE_LIMIT": "1000000/minute",
        "TIDELINE_LOG_LEVEL": "WARNING",
    }


@contextlib.contextmanager
def _served(env: dict[str, str], log: Path) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as output:
        server = subprocess.Popen(  # noqa: S603 - our own server, with no argument from outside
            [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _await_ready(address, server, log)
        yield address, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=_STOP_S)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _await_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(ApiFailed):
            api = HttpApi(address, patience_s=0.1)
            ready = api.get("/readyz").ok
            api.close()
            if ready:
                return
        time.sleep(0.1)
    words = log.read_text(errors="replace")[-2000:]
    raise ApiFailed(f"the server did not start:\n{words}")
