"""Set up what is missing, then start the house and say how to enter.

Usage: [DEMO=1] [LAN=1] [PORT=n] python3 -m tools.run      (`make run DEMO=1 LAN=1 PORT=n`)
"""

import ctypes
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tools.ground import (
    PYTHON,
    ROOT,
    VAR,
    Stopwatch,
    files_below,
    fingerprint,
    first_free_port,
    give_up,
    is_free,
    run,
    say,
)
from tools.setup import set_up

_START_SECONDS = 60
_STOP_SECONDS = 12
_PR_SET_PDEATHSIG = 1
_EVERYWHERE = "0.0.0.0"  # noqa: S104  # devices must reach it


def _die_with_parent() -> None:
    """On Linux a child gets SIGTERM when we are killed without a chance to stop it."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(frozen=True)
class Lan:
    """What HTTPS on the local network needs."""

    addresses: list[str]
    certificate: str
    key: str
    fingerprint: str


@dataclass
class House:
    """The programs that run together, and where they are reached."""

    port: int
    env: dict[str, str]
    lan: Lan | None = None
    children: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def scheme(self) -> str:
        """https on the local network, http on this machine alone."""
        return "http" if self.lan is None else "https"

    @property
    def addresses(self) -> list[str]:
        """Where people reach it; the best first."""
        hosts = self.lan.addresses if self.lan else []
        return [f"{self.scheme}://{host}:{self.port}" for host in hosts or ["127.0.0.1"]]

    def log_file(self, name: str) -> Path:
        """Where a program's output goes."""
        return VAR / "log" / f"{name}.log"

    def start(self, name: str, *arguments: str | Path) -> None:
        """Start a program of the virtual environment; its output goes to a log file, the last one is kept."""
        log = self.log_file(name)
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_suffix(".log.1"))
        with log.open("wb") as output:
            self.children[name] = subprocess.Popen(
                [str(PYTHON), *map(str, arguments)],
                cwd=ROOT,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in order
                preexec_fn=_die_with_parent,  # noqa: PLW1509  # one thread only, and it runs one system call
            )

    def stop(self) -> None:
        """Stop everything, the last one first."""
        for name in reversed(list(self.children)):
            child = self.children.pop(name)
            if child.poll() is not None:
                continue
            child.terminate()
            try:
                child.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def is_ready(self) -> bool:
        """Whether the server answers for itself and its database."""
        connection: http.client.HTTPConnection
        if self.lan is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        else:
            trust = ssl.create_default_context(cafile=str(VAR / "tls" / "tideline-ca.crt"))
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=2, context=trust)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def tail(self, name: str, lines: int = 20) -> str:
        """The end of a program's log."""
        text = self.log_file(name).read_text(errors="replace")
        return "\n".join(text.strip().splitlines()[-lines:])


def _choose_port(wanted: str, default: int, host: str) -> int:
    if wanted and not wanted.isdecimal():
        give_up(f"PORT={wanted} is not a port number.")
    if wanted and not is_free(int(wanted), host):
        give_up(f"Port {wanted} is busy. Choose another, or leave PORT out to take the next free one.")
    port = int(wanted) if wanted else first_free_port(default, host)
    if not wanted and port != default:
        say(f"Port {default} is busy; taking {port}.")
    return port


def _complain(what: str, output: str, lines: int) -> NoReturn:
    if "DatabaseInUse" in output:
        give_up(
            "Tideline runs already on this data: another process has the embedded database open.",
            "Stop that one first (Ctrl-C in its window), or use PostgreSQL for several processes.",
        )
    give_up(f"{what}:", "", *output.strip().splitlines()[-lines:])


def _flask(house: House, what: str, *arguments: str) -> None:
    done = run([PYTHON, "-m", "flask", "--app", "wsgi", *arguments], env=house.env)
    if done.returncode:
        _complain(f"{what} failed", done.stdout, 15)


def _prepare(house: House) -> None:
    """The database, up to date, with the demo warehouse in it; skipped when neither can have changed."""
    VAR.mkdir(mode=0o700, exist_ok=True)
    mark = VAR / "prepared"
    sources = (ROOT / "migrations", ROOT / "backend" / "operations" / "demo")
    files = [path for folder in sources for path in files_below(folder, skip=frozenset({"__pycache__"}))]
    value = fingerprint(files, ROOT)
    embedded = not {"TIDELINE_DATABASE_URL", "TIDELINE_VAR_DIR"} & set(house.env)
    made = (VAR / "tideline.db").exists() and (VAR / "demo.json").exists()
    if embedded and made and mark.exists() and mark.read_text() == value:
        return
    mark.unlink(missing_ok=True)
    _flask(house, "Bringing the database up to date", "migrate")
    _flask(house, "Making the demo warehouse", "demo", "seed")
    mark.write_text(value)


def _lan_certificates() -> Lan:
    done = run([PYTHON, "-m", "tools.lan", "certificates", VAR / "tls"])
    if done.returncode:
        give_up("Making the local certificates failed:", "", done.stdout.strip())
    lan = Lan(**json.loads(done.stdout.splitlines()[-1]))
    if not lan.addresses:
        say("This machine has no address on a private network: HTTPS is on, but for this machine only.")
    return lan


def _start_server(house: House) -> None:
    arguments = ["-m", "gunicorn", "wsgi:app", "--bind"]
    if house.lan is None:
        arguments += [f"127.0.0.1:{house.port}"]
    else:
        arguments += [f"{_EVERYWHERE}:{house.port}", "--certfile", house.lan.certificate]
        arguments += ["--keyfile", house.lan.key]
    house.start("server", *arguments)
    deadline = time.monotonic() + _START_SECONDS
    while not house.is_ready():
        if house.children["server"].poll() is not None or time.monotonic() > deadline:
            house.stop()
            _complain("The server did not start. The end of var/log/server.log", house.tail("server", 40), 25)
        time.sleep(0.1)


def _start_lan_page(house: House) -> str:
    """The plain-HTTP page that helps a device to trust us; its address."""
    port = first_free_port(house.port + 1, _EVERYWHERE)
    here = house.addresses[0].replace("https://", "http://").replace(f":{house.port}", f":{port}") + "/"
    app = house.addresses[0] + "/"
    house.start(
        "lan", "-m", "tools.lan", "page", VAR / "tls", "--port", str(port), "--here", here, "--app", app
    )
    return here


def _start_demo(house: House) -> None:
    environment = dict(house.env)
    if house.lan is not None:
        authority = str(VAR / "tls" / "tideline-ca.crt")
        environment |= {"SSL_CERT_FILE": authority, "REQUESTS_CA_BUNDLE": authority}
    house.env, kept = environment, house.env
    url = f"{house.scheme}://127.0.0.1:{house.port}"
    house.start(
        "demo",
        "-m",
        "flask",
        "--app",
        "wsgi",
        "simulate",
        "--url",
        url,
        "--pickers",
        "4",
        "--speed",
        "20",
        "--forever",
    )
    house.env = kept


def _logins() -> list[str]:
    path = VAR / "demo.json"
    if not path.exists():
        return []
    lines = ["Demo logins: scan the badge with the handheld (or paste its text), then the PIN."]
    for login in json.loads(path.read_text(encoding="utf-8"))["logins"]:
        desk = f"   at a desk: {login['login']} / {login['password']}" if login.get("password") else ""
        lines.append(f"  {login['role']:<11} PIN {login['pin']}   {login['name']}{desk}")
        lines.append(f"  {'':<11} badge {login['badge_png']}   {login['badge']}")
    return lines


def _welcome(house: House, watch: Stopwatch, helper: str | None) -> None:
    say("")
    say(f"Tideline is open ({watch}):")
    for address in house.addresses:
        say(f"  {address}/")
    say("")
    for line in _logins():
        say(line)
    say("")
    if helper and house.lan:
        say(f"On each handheld open {helper} first: it helps to install the certificate.")
        say(f"  Its SHA-256 fingerprint must be {house.lan.fingerprint}")
        if sys.stdout.isatty():
            say(
                run(
                    [PYTHON, "-m", "tools.lan", "qr", helper], env=house.env | {"PYTHONIOENCODING": "utf-8"}
                ).stdout
            )
    say(f"What to open first: log in as the supervisor and look at the board, {house.addresses[0]}/board.")
    say("Then log in as the picker in a second window (or on a phone) and take the first task.")
    if "demo" in house.children:
        say("Simulated pickers are at work: the board moves. (var/log/demo.log)")
    say("Ctrl-C stops everything. Logs: var/log/. Data: var/.")


def _interrupted(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _watch(house: House) -> NoReturn:
    """Stay until the server ends, which it should not do by itself; tell when another part does."""
    while house.children["server"].poll() is None:
        for name in ("demo", "lan"):
            if name in house.children and house.children[name].poll() is not None:
                del house.children[name]
                say(f"The {name} program has ended; var/log/{name}.log says why. The server goes on.")
        time.sleep(0.5)
    give_up("The server has ended. The end of var/log/server.log:", "", house.tail("server"))


def main() -> None:
    """Everything from a bare checkout to an open house."""
    watch = Stopwatch()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupted)
    set_up(dev=False)
    lan = _lan_certificates() if os.environ.get("LAN") else None
    default, host = (8000, "127.0.0.1") if lan is None else (8443, _EVERYWHERE)
    port = _choose_port(os.environ.get("PORT", ""), default, host)
    secure = {} if lan is None else {"TIDELINE_SECURE_COOKIES": "1"}
    house = House(port, {**os.environ, "PYTHONUNBUFFERED": "1", **secure}, lan)
    try:
        _prepare(house)
        _start_server(house)
        helper = _start_lan_page(house) if lan else None
        if os.environ.get("DEMO"):
            _start_demo(house)
        _welcome(house, watch, helper)
        _watch(house)
    except KeyboardInterrupt:
        say("\nStopping …")
    finally:
        house.stop()


if __name__ == "__main__":
    main()
