"""Every code that a request can be refused with, read off the source, as docs/refusals.md.

Usage: python3 -m tools.refusals     writes the file (`make docs`)
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tools.ground import ROOT, say

KINDS = {
    "Refusal": 409,
    "NotFound": 404,
    "Forbidden": 403,
    "Unauthorised": 401,
    "TooMany": 429,
    "Unprocessable": 422,
}
_WINGS_WITH_ROOMS = {"master", "outbound", "inbound", "inside", "commerce", "money", "watch", "operations"}
DOCUMENT = ROOT / "docs" / "refusals.md"
TEXTS = ROOT / "pwa" / "src" / "i18n"
_INTRODUCTION = """# Refusals

Every expected no has a code. It arrives as `application/problem+json` with `code` and `facts`; the same code under the
same `Idempotency-Key` comes again, so trying again does not help. The words that people see are in `pwa/src/i18n`
(`refusal.<code>`), one file per language; they say what happened and what to do next.

This page is written by `make docs` from the source; a test keeps it in step.

| code | status | facts | from | in English |
|---|---|---|---|---|
"""


@dataclass
class Code:
    """One code with everything that the source says of it."""

    statuses: set[int] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)
    rooms: set[str] = field(default_factory=set)


class NotLiteral(Exception):
    """A refusal whose code cannot be read off the source; the message names the place."""


def _literals(node: ast.expr) -> list[str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.IfExp):
        first, second = _literals(node.body), _literals(node.orelse)
        return first + second if first and second else None
    return None


def _problem_codes(path: Path) -> Iterator[tuple[str, int]]:
    """The codes that core/problems.py gives to errors of the web server, and its own."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if (
                    isinstance(key, ast.Constant)
                    and isinstance(key.value, int)
                    and isinstance(value, ast.Constant)
                ):
                    yield str(value.value), key.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
            status, code = (*node.args, None, None)[:2]
            if isinstance(status, ast.Constant) and isinstance(code, ast.Constant):
                yield str(code.value), int(str(status.value))


def codes() -> dict[str, Code]:
    """Every code, by name.

    Raises:
        NotLiteral: a refusal is raised with a computed code.
    """
    found: defaultdict[str, Code] = defaultdict(Code)
    backend = ROOT / "backend"
    for path in sorted(backend.rglob("*.py")):
        if path == backend / "core" / "errors.py":
            continue
        parts = path.relative_to(backend).parts
        room = "/".join(parts[:2]) if parts[0] in _WINGS_WITH_ROOMS else parts[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                not isinstance(node, ast.Call)
                or not isinstance(node.func, ast.Name)
                or node.func.id not in KINDS
            ):
                continue
            names = _literals(node.args[0]) if node.args else None
            if names is None:
                raise NotLiteral(f"{path.relative_to(ROOT)}:{node.lineno} the code must be a literal string")
            for name in names:
                found[name].statuses.add(KINDS[node.func.id])
                found[name].facts |= {keyword.arg for keyword in node.keywords if keyword.arg}
                found[name].rooms.add(room)
    for name, status in _problem_codes(backend / "core" / "problems.py"):
        found[name].statuses.add(status)
        found[name].rooms.add("core")
    return dict(found)


def texts(language: str) -> dict[str, str]:
    """A language's words by key."""
    path = TEXTS / f"{language}.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return words


def document() -> str:
    """The page."""
    english = texts("en")
    lines = []
    for name, code in sorted(codes().items()):
        statuses = ", ".join(map(str, sorted(code.statuses)))
        facts = ", ".join(f"`{fact}`" for fact in sorted(code.facts))
        rooms = ", ".join(sorted(code.rooms))
        words = english.get(f"refusal.{name}", "").replace("|", "\\|").replace("\n", " ")
        lines.append(f"| `{name}` | {statuses} | {facts} | {rooms} | {words} |\n")
    return _INTRODUCTION + "".join(lines)


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
    say(f"written: {DOCUMENT.relative_to(ROOT)}")
