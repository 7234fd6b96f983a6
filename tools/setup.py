"""Set the house up: virtual environment, pinned packages, the PWA. Quick when nothing has changed.

Usage: python3 -m tools.setup [--dev] [--no-pwa]
"""

import argparse
import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.ground import (
    PWA,
    PYTHON,
    ROOT,
    VENV,
    Stopwatch,
    apt_install,
    files_below,
    fingerprint,
    give_up,
    is_stamped,
    run,
    say,
    stamp,
)

_NODE_AT_LEAST = (20, 19)
NO_ANSWER = re.compile(
    r"NewConnectionError|ConnectTimeout|ReadTimeout|Max retries exceeded|Temporary failure in name resolution"
    r"|Connection (refused|reset|broken)|ProxyError|SSLError|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT"
    r"|ENETUNREACH|network (request|timeout)|No matching distribution found",
    re.IGNORECASE,
)


@contextmanager
def _alone() -> Iterator[None]:
    """Two set-ups of one checkout at the same time wait for each other."""
    handle = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _failed(what: str, output: str, settings: str) -> None:
    lines = [f"{what} failed. The last lines were:", "", *output.strip().splitlines()[-12:], ""]
    if NO_ANSWER.search(output):
        lines += [
            "This looks like the network: a package source did not answer, or does not have the package.",
            f"Behind a proxy or with a mirror of your own, {settings}.",
            "Then run the same command again; finished steps are not repeated.",
        ]
    give_up(*lines)


# ------------------------------------------------------------------------------------------------- Python


def _is_sound(version: str) -> bool:
    """Whether .venv works, was made for this Python and for this folder."""
    if not PYTHON.exists():
        return False
    answer = run([PYTHON, "-m", "pip", "--version"]).stdout.strip()
    return answer.endswith(f"(python {version})") and f" from {VENV}{os.sep}" in answer


def _make_venv() -> None:
    version = ".".join(map(str, sys.version_info[:2]))
    identity = f"{VENV} {version}"
    if is_stamped("venv", identity) and PYTHON.exists():
        return
    if _is_sound(version):
        stamp("venv", identity)
        return
    package = f"python{version}-venv"
    if importlib.util.find_spec("ensurepip") is None and not apt_install(package):
        give_up(
            f"Python {version} at {sys.executable} cannot make virtual environments: a system package is missing.",
            f"  Debian, Ubuntu:  sudo apt-get install {package}",
        )
    say(f"Virtual environment: .venv (Python {version})")
    made = run([sys.executable, "-m", "venv", "--clear", VENV])
    if made.returncode:
        _failed("Making the virtual environment", made.stdout, f"install {package}")
    stamp("venv", identity)


def _install(name: str, requirements: str) -> None:
    """Install one requirements file, unless exactly this content is installed already."""
    files = [ROOT / "constraints.txt", ROOT / requirements]
    if requirements == "requirements-dev.txt":
        files.append(ROOT / "requirements.txt")
    value = fingerprint(files, (VENV / "stamps" / "venv").read_text())
    if is_stamped(name, value):
        return
    watch = Stopwatch()
    say(f"Packages: {requirements} (first time about a minute) …")
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    command += ["--quiet", "--retries", "3", "-c", ROOT / "constraints.txt", "-r", ROOT / requirements]
    done = run(command)
    if done.returncode:
        _failed(
            f"Installing {requirements}",
            done.stdout,
            "pip reads PIP_INDEX_URL, HTTPS_PROXY, PIP_CERT or pip.conf as usual",
        )
    stamp(name, value)
    say(f"Packages: done in {watch}")


# --------------------------------------------------------------------------------------------------- Node


def node_version(node: str | Path) -> tuple[int, ...]:
    """Major and minor version of a Node.js; empty when it is none."""
    try:
        found = re.match(r"v(\d+)\.(\d+)", run([node, "--version"]).stdout)
    except OSError:
        return ()
    return tuple(map(int, found.groups())) if found else ()


def node_environment() -> dict[str, str]:
    """The environment in which `node` and `npm` are found: the system's if new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and node_version(node) >= _NODE_AT_LEAST:
        return dict(os.environ)
    path = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return os.environ | {"PATH": path}


def _provide_node() -> dict[str, str]:
    env = node_environment()
    node = shutil.which("node", path=env.get("PATH"))
    if node is None or node_version(node) < _NODE_AT_LEAST:
        say(f"Node.js {_NODE_AT_LEAST[0]} or newer is not here: taking it as a Python wheel")
        _install("node", "requirements-node.txt")
    return env


def _npm(arguments: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    npm = shutil.which("npm", path=env["PATH"])
    if npm is None:
        give_up("npm is not beside node. Remove .venv and run `make setup` again.")
    more = {
        "CI": "1",
        "NO_UPDATE_NOTIFIER": "1",
        "NODE_USE_SYSTEM_CA": "1",
    }  # a company's own authority counts too
    return run([npm, *arguments], where=PWA, env=env | more)


def _install_node_modules(env: dict[str, str]) -> None:
    value = fingerprint([PWA / "package.json", PWA / "package-lock.json"])
    if is_stamped("node_modules", value) and (PWA / "node_modules").is_dir():
        return
    watch = Stopwatch()
    say("PWA: installing its packages …")
    done = _npm(["ci", "--no-audit", "--no-fund"], env)
    if done.returncode:
        _failed("npm ci", done.stdout, "npm reads npm_config_registry, HTTPS_PROXY or .npmrc as usual")
    stamp("node_modules", value)
    say(f"PWA: packages done in {watch}")


def _build_pwa(env: dict[str, str]) -> None:
    skip = frozenset({"node_modules", "dist", "test-results"})
    value = fingerprint(files_below(PWA, skip=skip))
    if is_stamped("dist", value) and (PWA / "dist" / "index.html").is_file():
        return
    watch = Stopwatch()
    say("PWA: building …")
    done = _npm(["run", "build"], env)
    if done.returncode:
        give_up("Building the PWA failed:", "", *done.stdout.strip().splitlines()[-30:])
    stamp("dist", value)
    say(f"PWA: built in {watch}")


def set_up(*, dev: bool, pwa: bool = True) -> None:
    """Everything that the product needs to run and, with `dev`, what its checks need."""
    with _alone():
        _make_venv()
        _install("run", "requirements.txt")
        if dev:
            _install("dev", "requirements-dev.txt")
        with _compiling():
            _set_up_pwa(wanted=pwa)


@contextmanager
def _compiling() -> Iterator[None]:
    """Compile the optimiser while something else goes on: the first wave of a machine must not wait for it."""
    value = fingerprint(files_below(ROOT / "backend" / "algorithms", skip=frozenset({"__pycache__"})))
    if is_stamped("optimiser", value):
        yield
        return
    say("Optimiser: compiling (first time about a minute) …")
    watch = Stopwatch()
    child = subprocess.Popen(
        [str(PYTHON), "-m", "backend.algorithms.warm"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield
        output, _ = child.communicate()
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        give_up(
            "Compiling the optimiser failed. The last lines were:", "", *output.strip().splitlines()[-12:]
        )
    stamp("optimiser", value)
    say(f"Optimiser: compiled in {watch}")


def _set_up_pwa(*, wanted: bool) -> None:
    """Node, the packages and the built PWA."""
    if wanted and (PWA / "package-lock.json").exists():
        env = _provide_node()
        _install_node_modules(env)
        _build_pwa(env)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python3 -m tools.setup", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--dev", action="store_true", help="also what the tests and linters need")
    parser.add_argument("--no-pwa", action="store_true", help="leave the PWA out")
    options = parser.parse_args()
    set_up(dev=options.dev, pwa=not options.no_pwa)
    say("Ready: .venv and pwa/dist are up to date. Next: make run")


if __name__ == "__main__":
    main()
