"""Real processes under test: the server as it runs in a warehouse, to be talked to over HTTP and to be killed."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend.core.ids import uuid7
from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60


@dataclass
class ServerProcess:
    """One gunicorn with its worker on a database; `kill` is a power cut for the process, `start` brings it back."""

    database_url: str
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """The environment of the server and of `flask` commands on its database."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TIDELINE_")}
        return clean | {
            "TIDELINE_DATABASE_URL": self.database_url,
            "TIDELINE_VAR_DIR": str(self.folder / "var"),
            "TIDELINE_PWA_DIR": str(ROOT / "pwa" / "dist"),
            "TIDELINE_RATE_LIMIT": "1000000/minute",
            "TIDELINE_LOGIN_RATE_LIMIT": "1000000/minute",
            "TIDELINE_MAX_SOCKETS": "100",
            "TIDELINE_LOG_LEVEL": "WARNING",
            **self.settings,
        }

    def flask(self, *arguments: str) -> str:
        """Run a `flask` command on the database (SQLite: while the server is down); its output."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def start(self) -> "ServerProcess":
        """Start it and wait until it is ready."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{self.port}"],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready():
            gone = self.process.poll() is not None
            if gone or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.log()[-3000:]}")
            time.sleep(0.05)
        return self

    def _ready(self) -> bool:
        api = Api(self.port)
        try:
            return api.call("GET", "/readyz").status == 200
        except OSError:
            return False
        finally:
            api.close()

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "server.log").read_text(errors="replace")

    def kill(self) -> None:
        """kill -9 for the whole process group: nothing is flushed, nothing is said."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, number)
        try:
            self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """A status and a body."""

    status: int
    body: Any


class Api:
    """A client of the public API over one kept connection, with the cookies of its session."""

    def __init__(self, port: int, timeout: float = 30) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookies: dict[str, str] = {}

    def call(
        self, method: str, path: str, body: Any = None, *, command_id: str | None = None, event_at: str = ""
    ) -> Answer:
        """One request; a write gets a fresh command id unless it is given one. OSError when nobody answers."""
        headers = {"Accept": "application/json"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method != "GET":
            headers["Idempotency-Key"] = command_id or uuid7()
        if event_at:
            headers["Event-At"] = event_at
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            text = response.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(str(error)) from error
        except OSError:
            self._connection.close()
            raise
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        is_json = "json" in (response.headers.get("Content-Type") or "")
        return Answer(response.status, json.loads(text) if is_json and text else None)

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """A write that must succeed; its body."""
        answer = self.call("POST", path, body if body is not None else {}, **more)
        assert answer.status < 300, (path, answer)
        return answer.body

    def get(self, path: str) -> Any:
        """A read that must succeed; its body."""
        answer = self.call("GET", path)
        assert answer.status == 200, (path, answer)
        return answer.body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
