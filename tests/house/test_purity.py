"""Time, chance, floats and machine paths stay out of where they do harm."""

import ast
import re

from tests.house.source import ROOT, Module, calls, files, modules

READS_THE_CLOCK = {
    *("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now"),
    *("datetime.datetime.utcnow", "datetime.date.today", "time.time", "time.time_ns"),
}
MAY_READ_IT = {"backend/core/clock.py", "backend/core/ids.py"}

WRITES_CODE = {"backend/algorithms/batching/unrolled.py"}  # a kernel written out from our own table; no input


def found(kind: set[str], *, within: set[str] | None = None) -> list[str]:
    return [
        f"{module.line(call)} {name}"
        for module in modules()
        if within is None or module.role in within
        for call, name in calls(module.tree)
        if name in kind
    ]


def test_the_clock_is_read_in_one_place():
    elsewhere = [each for each in found(READS_THE_CLOCK) if each.partition(":")[0] not in MAY_READ_IT]
    assert not elsewhere, f"take `now` as an argument, or ask the house's clock: {elsewhere}"


def test_use_cases_queries_and_rules_never_sleep():
    assert not found({"time.sleep", "sleep"}, within={"use_cases", "queries", "rules", "models", "schemas"})


def test_nothing_is_evaluated_or_unpickled():
    kind = {"eval", "exec", "pickle.loads", "pickle.load", "marshal.loads", "os.system", "yaml.load"}
    assert not [each for each in found(kind) if each.partition(":")[0] not in WRITES_CODE]


def test_algorithms_take_their_chance_from_a_seed():
    loose = []
    for module in modules():
        if "algorithms" not in module.path.parts:
            continue
        for call, name in calls(module.tree):
            if name.startswith(("random.", "np.random.", "numpy.random.")):
                seeded = name in {"random.Random", "np.random.default_rng", "numpy.random.default_rng"}
                if not (seeded and call.args):
                    loose.append(f"{module.line(call)} {name}")
    assert not loose, f"global random in algorithms: {loose}"


def test_rules_take_their_chance_and_their_time_from_outside():
    pure = {"rules", "events"}
    assert not found({"random.random", "uuid.uuid4", "uuid4", "secrets.token_hex", "os.urandom"}, within=pure)


def _columns(module: Module) -> list[tuple[ast.AnnAssign, str, str]]:
    return [
        (node, node.target.id, ast.unparse(node.annotation))
        for node in ast.walk(module.tree)
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and "Mapped[" in ast.unparse(node.annotation)
    ]


def test_no_table_has_a_float():
    columns = 0
    floats = []
    for module in modules():
        for node, name, annotation in _columns(module):
            columns += 1
            written = annotation + ast.unparse(node.value or ast.Constant(None))
            if re.search(r"\b(float|Float|REAL|Numeric|Double|Decimal)\b", written):
                floats.append(f"{module.line(node)} {name}")
    assert columns > 50, "the columns were not found: does this test still read the models?"
    assert not floats, f"integers in minor or base units, please: {floats}"


def test_instants_end_in_at_and_dates_in_on():
    wrong = []
    for module in modules():
        for node, name, annotation in _columns(module):
            if "Instant" in annotation and not (name == "at" or name.endswith(("_at", "_until"))):
                wrong.append(f"{module.line(node)} {name}")
            if re.search(r"\bdate\b", annotation) and not name.endswith("_on"):
                wrong.append(f"{module.line(node)} {name}")
    assert not wrong, f"`_at` for instants, `_on` for dates: {wrong}"


def test_no_file_names_a_place_on_somebodys_machine():
    place = re.compile(r"(?<![\w.:/])/(work|root|home|Users|opt)/[a-z]")
    named = []
    for path in files(
        ".py", ".ts", ".tsx", ".js", ".mjs", ".json", ".toml", ".md", ".txt", ".sh", ".html", ".css"
    ):
        if path == ROOT / "tests" / "house" / "test_purity.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if place.search(line):
                named.append(f"{path.relative_to(ROOT)}:{number}")
    assert not named, f"paths of one machine: {named}"


def test_the_lock_file_of_the_pwa_names_no_registry():
    lock = ROOT / "pwa" / "package-lock.json"
    assert '"resolved"' not in lock.read_text(encoding="utf-8"), (
        "set omit-lockfile-registry-resolved in pwa/.npmrc"
    )
