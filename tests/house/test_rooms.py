"""Rooms are furnished as the plan says, and nothing in them grows too big."""

import ast
import tomllib

from backend.rooms import ROOMS
from tests.house.source import ROOT, docstrings, files, modules, name_of, rooms

ROLES = {
    *("routes", "sockets", "reactions", "jobs", "adapters", "schemas", "use_cases", "queries"),
    *("models", "rules", "events"),
}
VAGUE = {"utils", "helpers", "common", "manager", "service", "util", "helper", "misc", "services"}
READ_CHINESE = {  # words that people write into the files we read
    "backend/master/catalog/rules/skus.py",
    "backend/orders/rules/reading.py",
}
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60
MOST_LINES_OF_A_KERNEL = 100  # machine code by numba: its state is local arrays, and a call per step costs


def test_every_room_says_what_it_owns_and_has_no_code_in_its_init():
    assert rooms()
    for module in modules():
        if not (module.room and module.path.name == "__init__.py" and not module.role):
            continue
        assert ast.get_docstring(module.tree), f"{module.where} needs one docstring: what the room owns"
        assert len(module.tree.body) == 1, f"{module.where} has code; a room's __init__ has none"


def test_rooms_hold_only_the_roles_of_the_plan():
    strangers = [m.where for m in modules() if m.room and m.role and m.role not in ROLES]
    assert not strangers, f"not a role of house.md: {strangers}"


def test_every_room_is_in_the_list_that_the_app_assembles():
    missing = set(rooms()) - set(ROOMS)
    assert not missing, f"add to backend/rooms.py: {sorted(missing)}"


def test_every_wing_has_a_wall_around_its_rooms():
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    contracts = [each for each in linter["contracts"] if each["type"] == "layers"]
    exhaustive = {name for each in contracts if each.get("exhaustive") for name in each["containers"]}
    for room in rooms():
        wing = room.partition(".")[0]
        furnished = f"backend.{room}" if "." not in room else f"backend.{wing}.*"
        assert furnished in exhaustive, f"no contract lays out the roles of {room}"
        if "." in room:
            assert f"backend.{wing}" in exhaustive, f"no contract orders the rooms of {wing}"


def test_no_file_has_a_vague_name():
    vague = [str(path.relative_to(ROOT)) for path in files(".py", ".ts", ".tsx") if path.stem in VAGUE]
    assert [name for name in vague if name != "tests/services.py"] == []


def test_no_file_is_longer_than_a_person_reads():
    long = {}
    for path in files(".py", ".ts", ".tsx", ".css"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES and "migrations" not in path.parts and ".gen." not in path.name:
            long[str(path.relative_to(ROOT))] = lines
    assert not long, f"more than {MOST_LINES} lines: {long}"


def decorators(function: ast.FunctionDef) -> set[str]:
    """Names of what decorates a function, called or not."""
    return {name_of(each.func if isinstance(each, ast.Call) else each) for each in function.decorator_list}


def test_no_function_is_longer_than_a_screen():
    long = {}
    for path in files(".py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                most = MOST_LINES_OF_A_KERNEL if "compiled" in decorators(node) else MOST_LINES_OF_A_FUNCTION
                if lines > most:
                    long[f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"] = lines
    assert not long, f"more than {MOST_LINES_OF_A_FUNCTION} lines: {long}"


def test_no_word_for_users_is_in_the_server():
    chinese = []
    for module in modules():
        if module.where in READ_CHINESE:
            continue
        told = docstrings(module.tree)
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) and node not in told else ""
            if isinstance(text, str) and any("\u3400" <= letter <= "\u9fff" for letter in text):
                chinese.append(module.line(node))
    assert not chinese, f"words for users live in pwa/src/i18n: {chinese}"
