"""The source as the house tests read it: files, rooms, roles and syntax trees."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "backend"
WINGS_WITH_ROOMS = (*("master", "outbound", "inbound", "inside", "commerce", "money", "watch", "operations"),)
WINGS_THAT_ARE_ROOMS = ("orders", "floor", "stock")
_NOT_OURS = {".venv", ".git", "node_modules", "dist", "var", "__pycache__", "test-results"}


@dataclass(frozen=True)
class Module:
    """One Python file.

    `room` is `stock` or `outbound.picking`, empty outside rooms; `role` is the layer (`use_cases`, `models`, …).
    """

    path: Path
    room: str
    role: str
    tree: ast.Module

    @property
    def where(self) -> str:
        """The path as people write it."""
        return str(self.path.relative_to(ROOT))

    def line(self, node: ast.AST) -> str:
        """A place in this file that editors can jump to."""
        return f"{self.where}:{getattr(node, 'lineno', 1)}"


def _place(path: Path) -> tuple[str, str]:
    parts = path.relative_to(BACKEND).with_suffix("").parts
    if parts[0] in WINGS_THAT_ARE_ROOMS:
        room, rest = parts[0], parts[1:]
    elif parts[0] in WINGS_WITH_ROOMS and len(parts) > 2:
        room, rest = ".".join(parts[:2]), parts[2:]
    else:
        return "", ""
    return room, rest[0] if rest and rest[0] != "__init__" else ""


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the backend."""
    found = []
    for path in sorted(BACKEND.rglob("*.py")):
        room, role = _place(path)
        found.append(Module(path, room, role, ast.parse(path.read_text(encoding="utf-8"))))
    return tuple(found)


def rooms() -> dict[str, Path]:
    """Every room that stands, and its folder."""
    return {
        module.room: module.path.parent
        for module in modules()
        if module.room and module.path.name == "__init__.py" and not module.role
    }


def files(*endings: str) -> Iterator[Path]:
    """Every file of ours with one of these endings."""
    for path in sorted(ROOT.rglob("*")):
        if path.suffix in endings and path.is_file() and not _NOT_OURS & set(path.relative_to(ROOT).parts):
            yield path


def name_of(node: ast.expr) -> str:
    """`session.add` for that expression; "" for what is no dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        left = name_of(node.value)
        return f"{left}.{node.attr}" if left else node.attr
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the name of what is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, name_of(node.func)


def docstrings(tree: ast.AST) -> set[ast.Constant]:
    """The constants that are docstrings."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(first.value)
    return found
