"""Use cases never end a transaction, and every room writes its own tables only."""

import ast
from collections.abc import Iterator

from tests.house.source import Module, calls, modules, name_of

ENDS = {"commit", "rollback", "close", "begin", "begin_nested"}
WRITERS = {
    *("insert", "update", "delete", "insert_once", "upsert", "bulk_insert", "bulk_insert_once"),
    *("session.delete", "sqlite.insert", "postgresql.insert"),
}


def test_use_cases_never_commit():
    looked_at = 0
    ending = []
    for module in modules():
        if module.role not in {"use_cases", "queries", "models", "rules"}:
            continue
        looked_at += 1
        for call, name in calls(module.tree):
            owner, _, verb = name.rpartition(".")
            if owner.endswith("session") and verb in ENDS:
                ending.append(f"{module.line(call)} {name}")
    assert looked_at
    assert not ending, f"the transaction belongs to core/execute: {ending}"


def foreign_models(module: Module) -> set[str]:
    """Names of other rooms' tables as this module knows them."""
    names = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("backend."):
            place = node.module.removeprefix("backend.").split(".")
            if "models" in place and ".".join(place[: place.index("models")]) != module.room:
                names |= {alias.asname or alias.name for alias in node.names}
    return names


def written(function: ast.AST, foreign: set[str]) -> Iterator[tuple[ast.AST, str]]:
    """Where a function makes, changes or deletes rows of foreign tables."""
    loaded: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            verb = name_of(node.value.func).rpartition(".")[2]
            uses = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
            if verb in {"get", "get_one", "scalar", "one", "scalar_one"} and uses & foreign:
                loaded |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            name = name_of(node.func)
            if name in foreign:
                yield node, f"{name}(…)"
            elif name in WRITERS and any(name_of(each) in foreign for each in node.args):
                yield node, name
        elif isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Attribute) and name_of(target.value) in loaded:
                    yield node, f"{name_of(target)} ="


def test_every_room_writes_its_own_tables_only():
    importers = 0
    trespassing = []
    for module in modules():
        foreign = foreign_models(module)
        if not foreign or not module.room:
            continue
        importers += 1
        functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
        for function in functions:
            trespassing += [f"{module.line(node)} {what}" for node, what in written(function, foreign)]
    assert importers, "no room reads another's tables: does this test still see imports?"
    assert not trespassing, f"call that room's use case instead: {trespassing}"


def test_the_trespass_detector_detects():
    source = (
        "def f(session):\n"
        "    row = session.get(Balance, 1)\n"
        "    row.qty = 3\n"
        "    session.add(Balance())\n"
        "    upsert(session, Balance)\n"
    )
    assert {what for _, what in written(ast.parse(source), {"Balance"})} == {
        "row.qty =",
        "Balance(…)",
        "upsert",
    }
