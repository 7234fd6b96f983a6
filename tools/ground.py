"""What all tools stand on: where things are, how to speak, how to run a program."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PWA = ROOT / "pwa"
VAR = ROOT / "var"


def say(words: str) -> None:
    """One line to the person at the terminal."""
    print(words, flush=True)


def give_up(*lines: str) -> NoReturn:
    """End with a message that says what happened and what to do."""
    sys.exit("\n".join(("", *lines)))


def run(
    command: Sequence[str | Path], *, where: Path = ROOT, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program quietly; its output is in the result, standard error included."""
    return subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env=None if env is None else dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        check=False,
    )


def fingerprint(files: Iterable[Path], *more: object) -> str:
    """A short name for the content of `files` and the values of `more`; changes when any of them does."""
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    for value in more:
        digest.update(f"\0{value}".encode())
    return digest.hexdigest()[:32]


def files_below(folder: Path, *, skip: frozenset[str]) -> Iterator[Path]:
    """Every file in a folder, but nothing inside folders named in `skip`."""
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in skip]
        yield from (Path(here) / name for name in names)


def is_stamped(name: str, value: str) -> bool:
    """Whether a step was finished for exactly this input."""
    path = VENV / "stamps" / name
    return path.is_file() and path.read_text() == value


def stamp(name: str, value: str) -> None:
    """Remember that a step is finished for this input."""
    path = VENV / "stamps" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(value)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether we could listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def first_free_port(wanted: int, host: str = "127.0.0.1") -> int:
    """`wanted`, or the next port after it that is free."""
    for port in range(wanted, min(wanted + 200, 65536)):
        if is_free(port, host):
            return port
    give_up(f"No free port from {wanted} to {wanted + 199}. Choose another: make run PORT=9000")


def is_root() -> bool:
    """Whether packages can be installed without asking."""
    return os.geteuid() == 0


def apt_install(*packages: str) -> bool:
    """Install Debian or Ubuntu packages by name, as root only. True when it worked."""
    if not is_root():
        return False
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        say(f"Installing system packages: {' '.join(packages)} …")
        run(["apt-get", "update"], env=env)
        return (
            run(["apt-get", "install", "-y", "--no-install-recommends", *packages], env=env).returncode == 0
        )
    except FileNotFoundError:
        return False


class Stopwatch:
    """Seconds since it was made, for people."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self._start:.1f} s"
