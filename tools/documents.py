"""Documents made from the code: the refusals, the events, and the API's types for the PWA.

Usage: python3 -m tools.documents     writes all of them (`make docs`)
"""

import os
import subprocess
import tempfile
from pathlib import Path

from tools import refusals
from tools.ground import PYTHON, ROOT, give_up, say
from tools.setup import set_up

DESCRIBED = {
    "events": ROOT / "docs" / "events.md",
    "types": ROOT / "pwa" / "src" / "api" / "schema.gen.ts",
}


def _described(what: str, folder: str) -> str:
    """What `flask describe` says, in a house of its own: a server may be running on the real one."""
    settings = {
        "TIDELINE_DATABASE_URL": f"sqlite:///{folder}/empty.db",
        "TIDELINE_VAR_DIR": folder,
        "TIDELINE_LOG_LEVEL": "ERROR",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("TIDELINE_")}
    command = [str(PYTHON), "-m", "flask", "--app", "wsgi", "describe", what]
    done = subprocess.run(
        command, cwd=ROOT, env=others | settings, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        give_up(f"flask describe {what} failed:", done.stderr.rstrip())
    return done.stdout


def _write(path: Path, text: str) -> None:
    changed = not path.exists() or path.read_text(encoding="utf-8") != text
    if changed:
        path.write_text(text, encoding="utf-8")
    say(f"{'written' if changed else 'in step'}: {path.relative_to(ROOT)}")


def main() -> None:
    """The command line."""
    if not PYTHON.exists():
        set_up(dev=False, pwa=False)
    _write(refusals.DOCUMENT, refusals.document())
    with tempfile.TemporaryDirectory(prefix="tideline-docs-") as folder:
        for what, path in DESCRIBED.items():
            _write(path, _described(what, folder))


if __name__ == "__main__":
    main()
