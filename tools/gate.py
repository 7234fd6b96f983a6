"""The gate: what must hold before a change goes in.

Usage: python3 -m tools.gate test|check|lint|types|bench [arguments for pytest, or for the benchmarks]

test    everything: lint, types, walls, and every test on both databases and in the browser
check   the two-minute subset: lint, types, walls, unit tests, use cases on SQLite
lint    ruff, import-linter, mypy, and the PWA's compiler, linter and unit tests
types   mypy and the PWA's compiler
bench   the measurements of tests/benchmarks
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools.browser import find_chromium, need_chromium
from tools.ground import PWA, PYTHON, ROOT, VENV, Stopwatch, give_up, run, say
from tools.setup import node_environment, set_up

_LIMIT_S = 45 * 60  # a run that hangs ends; the whole takes well under twenty minutes on two quiet cores
_BIN = VENV / "bin"


@dataclass(frozen=True)
class Step:
    """One check without side effects."""

    name: str
    command: tuple[str | Path, ...]
    where: Path = ROOT
    types: bool = False


_PYTHON_STEPS = (
    Step("ruff: rules", (_BIN / "ruff", "check", ".")),
    Step("ruff: format", (_BIN / "ruff", "format", "--check", ".")),
    Step("walls", (_BIN / "lint-imports",)),
    Step("mypy", (_BIN / "mypy",), types=True),
)
_PWA_STEPS = (
    Step("pwa: types", ("npm", "run", "--silent", "types"), PWA, types=True),
    Step("pwa: lint", ("npm", "run", "--silent", "lint"), PWA),
    Step("pwa: unit tests", ("npm", "test", "--silent"), PWA),
)


def _steps() -> tuple[Step, ...]:
    return _PYTHON_STEPS + (_PWA_STEPS if (PWA / "package-lock.json").exists() else ())


def check_statically(*, types_only: bool = False) -> list[str]:
    """Run the checks that need no server, two at a time; the names of those that failed, their output shown."""
    env = node_environment()
    steps = [step for step in _steps() if step.types or not types_only]
    slow_first = sorted(steps, key=lambda step: not step.types)
    with ThreadPoolExecutor(2) as pool:
        return [name for name in pool.map(lambda step: _check(step, env), slow_first) if name]


def _check(step: Step, env: dict[str, str]) -> str | None:
    watch = Stopwatch()
    program = shutil.which(str(step.command[0]), path=env["PATH"]) or str(step.command[0])
    done = run([program, *step.command[1:]], where=step.where, env=env)
    if done.returncode == 0:
        say(f"  ok   {step.name} ({watch})")
        return None
    say(f"  FAIL {step.name} ({watch})\n{done.stdout.rstrip()}\n")
    return step.name


def _test_environment() -> dict[str, str]:
    """The caller's environment without settings of a house that runs: tests make their own."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TIDELINE_")} | {
        "PYTHONUNBUFFERED": "1",
    }


def run_tests(arguments: Sequence[str], *, env: dict[str, str] | None = None) -> int:
    """pytest, in sight, with all its temporary files in one folder that is removed; interrupted at the limit."""
    with tempfile.TemporaryDirectory(prefix="tideline-test-", ignore_cleanup_errors=True) as folder:
        side_by_side = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
        command = [str(PYTHON), "-m", "pytest", f"--basetemp={folder}/pytest", *side_by_side, *arguments]
        process = subprocess.Popen(command, cwd=ROOT, env=_test_environment() | (env or {}))
        try:
            return process.wait(timeout=_LIMIT_S)
        except subprocess.TimeoutExpired:
            say(f"\nThe tests took longer than {_LIMIT_S // 60} minutes: interrupting them.")
            process.send_signal(signal.SIGINT)
        except KeyboardInterrupt:
            pass  # the terminal has told pytest too
        try:
            process.wait(timeout=60)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()
            process.wait()
        return 1


def _measure(arguments: Sequence[str]) -> int:
    """The benchmarks, which write docs/benchmarks.md; with a browser where there is one."""
    chromium = find_chromium()
    env = _test_environment() | ({"CHROMIUM": chromium} if chromium else {})
    return subprocess.call([str(PYTHON), "-m", "tests.benchmarks", *arguments], cwd=ROOT, env=env)


def _finish(failed: list[str], outcome: int = 0) -> None:
    if failed:
        give_up(f"Failed: {', '.join(failed)} (see above)")
    sys.exit(outcome)


def main() -> None:
    """The command line."""
    names = ("test", "check", "lint", "types", "bench")
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        sys.exit((__doc__ or "").strip())
    what, arguments = sys.argv[1], sys.argv[2:]
    set_up(dev=True)
    if what == "bench":
        sys.exit(_measure(arguments))
    if what in {"lint", "types"}:
        _finish(check_statically(types_only=what == "types"))
    if what == "check":
        failed = check_statically()
        quick = "not slow and not postgres and not redis and not browser and not bench"
        folders = [
            name for name in ("tests/unit", "tests/house", "tests/use_cases") if (ROOT / name).is_dir()
        ]
        _finish(failed, run_tests(["-q", "-m", quick, *folders, *arguments]))
    chromium = need_chromium()
    failed = check_statically()
    _finish(failed, run_tests(arguments, env={"CHROMIUM": chromium}))


if __name__ == "__main__":
    main()
