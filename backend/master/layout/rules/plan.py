"""The layout file: records of one kind a row, read whole or refused with every row that is wrong.

`docs/guide/layout.md` describes it for people. A CSV or XLSX file has a column `record`; a JSON file holds one list a kind.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any

from backend.core.errors import Refusal, Unprocessable
from backend.master.catalog.rules.tables import TableRow, read_json, read_rows, rows_of
from backend.master.layout.rules.places import FILE_KINDS, SIDES, ZONE_KINDS, place_code
from backend.master.layout.rules.travel import DIRECTIONS, POINT_KINDS

_LARGEST = 2_000_000_000
_LARGEST_VOLUME = 2**53


@dataclass(frozen=True, slots=True)
class Column:
    """How a cell is read: what it may hold, and its value where the file leaves it empty."""

    reads: str = "int"
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()


_CODE = Column("code", required=True)
_INT = Column(required=True)
_ZERO = Column(default=0)
RECORDS: Mapping[str, Mapping[str, Column]] = {
    "zone": {
        "code": _CODE,
        "name": Column("text", default=""),
        "kind": Column("choice", required=True, choices=ZONE_KINDS),
    },
    "aisle": {
        "code": _CODE,
        "floor": _ZERO,
        "number": _INT,
        "x_mm": _INT,
        "y_from_mm": _INT,
        "y_to_mm": _INT,
        "direction": Column("choice", default="both", choices=DIRECTIONS),
    },
    "cross_aisle": {"floor": _ZERO, "y_mm": _INT},
    "lift": {
        "code": _CODE,
        "x_mm": _INT,
        "y_mm": _INT,
        "floor_from": _INT,
        "floor_to": _INT,
        "cost_mm": Column(default=20_000),
    },
    "point": {
        "kind": Column("choice", required=True, choices=POINT_KINDS),
        "aisle": _CODE,
        "y_mm": _INT,
    },
    "bin": {
        "code": _CODE,
        "kind": Column("choice", default="bin", choices=FILE_KINDS),
        "zone": Column("code", default=""),
        "aisle": Column("code", default=""),
        "side": Column("choice", default="", choices=SIDES),
        "x_mm": Column(),
        "y_mm": _INT,
        "floor": Column(),
        "level": _ZERO,
        "pick_seq": Column(),
        "max_volume_mm3": Column("volume"),
        "max_weight_g": Column(),
        "check_code": Column("code", default=""),
    },
}
LISTS = {kind: f"{kind}s" for kind in RECORDS}
COLUMNS = ("record", *dict.fromkeys(name for columns in RECORDS.values() for name in columns))


@dataclass(frozen=True, slots=True)
class PlanError:
    """What is wrong with one row; `row` as in the file."""

    row: int
    field: str
    code: str
    facts: Mapping[str, Any] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One readable row: every column of its kind has a value."""

    row: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """What the warehouse has already: zone kinds by code, aisles by code as (floor, x, y from, y to)."""

    zones: Mapping[str, str] = dataclass_field(default_factory=dict)
    aisles: Mapping[str, tuple[int, int, int, int]] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """A layout file in which nothing is wrong. Lists in file order, bins with a pick sequence each."""

    records: Mapping[str, Sequence[Record]]

    def of(self, kind: str) -> Sequence[Record]:
        """The records of one kind."""
        return self.records.get(kind, ())


def rows_from_lists(body: Mapping[str, Any]) -> tuple[TableRow, ...]:
    """The JSON form as rows: `{"zones": [...], "aisles": [...], ...}`, numbered through from 1.

    Raises:
        Unprocessable: `file_unreadable`, `file_too_long`.
    """
    records: list[object] = []
    for kind, many in LISTS.items():
        listed = body.get(many) or []
        if not isinstance(listed, list) or not all(isinstance(record, dict) for record in listed):
            raise Unprocessable("file_unreadable", list=many)
        records += [{**record, "record": kind} for record in listed]
    return rows_of(records)


def read_file(data: bytes, filename: str) -> tuple[TableRow, ...]:
    """The rows of a layout file: CSV, XLSX, or the JSON form with one list a kind.

    Raises:
        Unprocessable: `file_empty`, `file_too_long`, `file_unreadable`.
    """
    if data.lstrip()[:1] == b"{" and not filename.lower().endswith(".csv"):
        body = read_json(data)
        if isinstance(body, dict) and set(body) & set(LISTS.values()):
            return rows_from_lists(body)
    return read_rows(data, filename)


def read_plan(rows: Iterable[TableRow], known: Known) -> tuple[Plan, tuple[PlanError, ...]]:
    """The plan, and everything that is wrong with the rows; with any error the plan must not be used."""
    errors: list[PlanError] = []
    records: dict[str, list[Record]] = {kind: [] for kind in RECORDS}
    for row in rows:
        kind = row.get("record").lower()
        if kind not in RECORDS:
            errors.append(PlanError(row.number, "record", "layout_cell", {"allowed": [*RECORDS]}))
            continue
        values, wrong = _read(row, RECORDS[kind])
        errors += wrong
        if not wrong:
            records[kind].append(Record(row.number, values))
    errors += _twice(records)
    errors += _shapes(records)
    zones, aisles = _with_new(known, records)
    errors += _references(records, zones, aisles)
    if not errors:
        records["bin"] = _completed(records["bin"], zones, aisles)
    return Plan(records), tuple(sorted(errors, key=lambda error: error.row))


def _read(row: TableRow, columns: Mapping[str, Column]) -> tuple[dict[str, Any], list[PlanError]]:
    values: dict[str, Any] = {}
    errors = []
    cells = dict(row.cells)
    for name, column in columns.items():
        text = cells.get(name, "")
        try:
            if not text and column.required:
                raise Refusal("layout_cell", why="empty")
            values[name] = _cell(text, column) if text else column.default
        except Refusal as no:
            facts = {"found": text[:60], **no.facts}
            errors.append(PlanError(row.number, name, no.code, facts))
    return values, errors


def _cell(text: str, column: Column) -> Any:
    if column.reads == "code":
        return place_code(text)
    if column.reads == "text":
        return text[:200]
    if column.reads == "choice":
        found = next((choice for choice in column.choices if choice.lower() == text.lower()), None)
        if found is None:
            raise Refusal("layout_cell", why="choice", allowed=list(column.choices))
        return found
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 17):
        raise Refusal("layout_cell", why="number")
    number = int(text)
    if abs(number) > (_LARGEST_VOLUME if column.reads == "volume" else _LARGEST):
        raise Refusal("layout_cell", why="number")
    return number


def _name_of(kind: str, values: Mapping[str, Any]) -> str:
    if kind == "cross_aisle":
        return f"{values['floor']}/{values['y_mm']}"
    return str(values["kind"] if kind == "point" else values["code"])


def _twice(records: Mapping[str, Sequence[Record]]) -> list[PlanError]:
    errors = []
    for kind, many in records.items():
        first: dict[str, int] = {}
        for record in many:
            name = _name_of(kind, record.values)
            if first.setdefault(name, record.row) != record.row:
                column = "kind" if kind == "point" else "y_mm" if kind == "cross_aisle" else "code"
                facts = {"found": name, "first_row": first[name]}
                errors.append(PlanError(record.row, column, "layout_twice", facts))
    return errors


def _shapes(records: Mapping[str, Sequence[Record]]) -> list[PlanError]:
    """Numbers that make no sense together."""
    errors = [
        PlanError(record.row, "y_to_mm", "layout_cell", {"why": "order"})
        for record in records["aisle"]
        if record.values["y_from_mm"] >= record.values["y_to_mm"]
    ]
    errors += [
        PlanError(record.row, "floor_to", "layout_cell", {"why": "order"})
        for record in records["lift"]
        if record.values["floor_from"] >= record.values["floor_to"] or record.values["cost_mm"] < 0
    ]
    errors += [
        PlanError(record.row, name, "layout_cell", {"why": "number"})
        for record in records["bin"]
        for name in ("level", "pick_seq", "max_volume_mm3", "max_weight_g")
        if (record.values[name] or 0) < 0
    ]
    return errors


def _with_new(
    known: Known, records: Mapping[str, Sequence[Record]]
) -> tuple[dict[str, str], dict[str, tuple[int, int, int, int]]]:
    zones = dict(known.zones) | {record.values["code"]: record.values["kind"] for record in records["zone"]}
    aisles = dict(known.aisles)
    for record in records["aisle"]:
        got = record.values
        aisles[got["code"]] = (got["floor"], got["x_mm"], got["y_from_mm"], got["y_to_mm"])
    return zones, aisles


def _references(
    records: Mapping[str, Sequence[Record]],
    zones: Collection[str],
    aisles: Mapping[str, tuple[int, int, int, int]],
) -> list[PlanError]:
    errors = []
    for record in (*records["point"], *records["bin"]):
        zone, aisle = record.values.get("zone"), record.values["aisle"]
        if zone and zone not in zones:
            errors.append(PlanError(record.row, "zone", "layout_unknown", {"found": zone}))
        if aisle and aisle not in aisles:
            errors.append(PlanError(record.row, "aisle", "layout_unknown", {"found": aisle}))
        elif aisle and not aisles[aisle][2] <= record.values["y_mm"] <= aisles[aisle][3]:
            facts = {"y_from_mm": aisles[aisle][2], "y_to_mm": aisles[aisle][3]}
            errors.append(PlanError(record.row, "y_mm", "layout_outside", facts))
    for record in records["bin"]:
        if record.values["kind"] == "bin" and not record.values["aisle"]:
            errors.append(PlanError(record.row, "aisle", "layout_cell", {"why": "empty"}))
        if record.values["kind"] == "bin" and not record.values["zone"]:
            errors.append(PlanError(record.row, "zone", "layout_cell", {"why": "empty"}))
    return errors


def _completed(
    bins: Sequence[Record], zones: Mapping[str, str], aisles: Mapping[str, tuple[int, int, int, int]]
) -> list[Record]:
    """Coordinates from the aisle where the file gives none, and a pick sequence for every bin."""
    placed = []
    for record in bins:
        values = dict(record.values)
        floor, x_mm = aisles[values["aisle"]][:2] if values["aisle"] else (0, 0)
        values["x_mm"] = x_mm if values["x_mm"] is None else values["x_mm"]
        values["floor"] = floor if values["floor"] is None else values["floor"]
        placed.append(Record(record.row, values))
    order = {id(record): at for at, record in enumerate(serpentine(placed, aisles), start=1)}
    return [
        Record(record.row, {**record.values, "pick_seq": order[id(record)] * 10})
        if record.values["pick_seq"] is None
        else record
        for record in placed
    ]


def serpentine(bins: Iterable[Record], aisles: Mapping[str, tuple[int, int, int, int]]) -> list[Record]:
    """Up one aisle and down the next, from the left: the walking order of a warehouse without computed routes."""
    columns = sorted({(floor, x_mm) for floor, x_mm, _, _ in aisles.values()})
    rank = {column: at for at, column in enumerate(columns)}

    def key(record: Record) -> tuple[int, int, int, str]:
        values = record.values
        floor, x_mm = aisles[values["aisle"]][:2] if values["aisle"] else (values["floor"], values["x_mm"])
        at = rank.get((floor, x_mm), len(rank))
        return (at, values["y_mm"] * (1 if at % 2 == 0 else -1), values["level"], values["code"])

    return sorted(bins, key=key)
