"""The layout file."""

import pytest

from backend.core.errors import Refusal
from backend.master.layout.rules.plan import COLUMNS, Known, read_file, read_plan, rows_from_lists

HALL = {
    "zones": [{"code": "p", "kind": "PICK"}],
    "aisles": [
        {"code": "A", "number": 1, "x_mm": 0, "y_from_mm": 0, "y_to_mm": 5000},
        {"code": "B", "number": 2, "x_mm": 3000, "y_from_mm": 0, "y_to_mm": 5000},
    ],
    "cross_aisles": [{"y_mm": 0}, {"y_mm": 5000}],
    "bins": [
        {"code": "A-1", "zone": "P", "aisle": "A", "y_mm": 1000},
        {"code": "A-2", "zone": "P", "aisle": "A", "y_mm": 2000},
        {"code": "B-1", "zone": "P", "aisle": "B", "y_mm": 1000},
        {"code": "B-2", "zone": "P", "aisle": "B", "y_mm": 2000},
    ],
}


def read(known: Known | None = None, **lists):
    return read_plan(rows_from_lists({**HALL, **lists}), known or Known())


def test_a_hall_is_read_with_coordinates_and_a_walking_order():
    plan, errors = read()
    assert errors == ()
    assert plan.of("zone")[0].values == {"code": "P", "name": "", "kind": "pick"}
    found = {record.values["code"]: record.values for record in plan.of("bin")}
    assert found["B-1"]["x_mm"] == 3000
    assert sorted(found, key=lambda code: found[code]["pick_seq"]) == ["A-1", "A-2", "B-2", "B-1"]


def test_a_given_pick_sequence_stays():
    plan, _ = read(bins=[{**HALL["bins"][0], "pick_seq": 7}, HALL["bins"][1]])
    assert [record.values["pick_seq"] for record in plan.of("bin")] == [7, 20]


@pytest.mark.parametrize(
    ("lists", "column", "code"),
    [
        ({"zones": [{"code": "P", "kind": "shop"}]}, "kind", "layout_cell"),
        ({"zones": [{"kind": "pick"}]}, "code", "layout_cell"),
        ({"zones": [{"code": "P;", "kind": "pick"}]}, "code", "place_code"),
        ({"zones": [*HALL["zones"], *HALL["zones"]]}, "code", "layout_twice"),
        ({"cross_aisles": [{"y_mm": "front"}]}, "y_mm", "layout_cell"),
        ({"cross_aisles": [{"y_mm": 0}, {"y_mm": 0}]}, "y_mm", "layout_twice"),
        ({"aisles": [{**HALL["aisles"][0], "y_to_mm": 0}, HALL["aisles"][1]]}, "y_to_mm", "layout_cell"),
        (
            {"aisles": [{**HALL["aisles"][0], "direction": "left"}, HALL["aisles"][1]]},
            "direction",
            "layout_cell",
        ),
        (
            {"lifts": [{"code": "L", "x_mm": 0, "y_mm": 0, "floor_from": 1, "floor_to": 1}]},
            "floor_to",
            "layout_cell",
        ),
        ({"points": [{"kind": "depot", "aisle": "Z", "y_mm": 0}]}, "aisle", "layout_unknown"),
        ({"points": [{"kind": "door", "aisle": "A", "y_mm": 0}]}, "kind", "layout_cell"),
        ({"bins": [{"code": "A-1", "zone": "Q", "aisle": "A", "y_mm": 1}]}, "zone", "layout_unknown"),
        ({"bins": [{"code": "A-1", "zone": "P", "aisle": "Z", "y_mm": 1}]}, "aisle", "layout_unknown"),
        ({"bins": [{"code": "A-1", "zone": "P", "aisle": "A", "y_mm": 9000}]}, "y_mm", "layout_outside"),
        ({"bins": [{"code": "A-1", "aisle": "A", "y_mm": 1}]}, "zone", "layout_cell"),
        ({"bins": [{"code": "A-1", "zone": "P", "y_mm": 1}]}, "aisle", "layout_cell"),
        (
            {"bins": [{"code": "A-1", "zone": "P", "aisle": "A", "y_mm": 1, "level": -1}]},
            "level",
            "layout_cell",
        ),
        (
            {"bins": [{"code": "A-1", "zone": "P", "aisle": "A", "y_mm": 1, "kind": "customer"}]},
            "kind",
            "layout_cell",
        ),
    ],
)
def test_each_wrong_row_is_named(lists, column: str, code: str):
    _, errors = read(**lists)
    assert (column, code) in {(error.field, error.code) for error in errors}


def test_all_errors_are_reported_at_once():
    _, errors = read(bins=[{"code": "A-1", "zone": "Q", "aisle": "A", "y_mm": 1}] * 3)
    assert len(errors) == 5  # three unknown zones, two repeated codes


def test_zones_and_aisles_that_are_there_already_may_be_named():
    known = Known(zones={"OLD": "pick"}, aisles={"X": (0, 9000, 0, 5000)})
    plan, errors = read_plan(
        rows_from_lists({"bins": [{"code": "X-1", "zone": "OLD", "aisle": "X", "y_mm": 5}]}), known
    )
    assert errors == ()
    assert plan.of("bin")[0].values["x_mm"] == 9000


def test_an_unknown_record_is_named():
    rows = read_file(b"record,code\nshelf,A\n", "layout.csv")
    _, errors = read_plan(rows, Known())
    assert [(error.row, error.field) for error in errors] == [(2, "record")]


def test_csv_and_json_say_the_same():
    csv = (
        "record,code,kind,number,x_mm,y_from_mm,y_to_mm,y_mm,zone,aisle\n"
        "zone,P,pick,,,,,,,\naisle,A,,1,0,0,5000,,,\ncross_aisle,,,,,,,0,,\nbin,A-1,,,,,,1000,P,A\n"
    )
    json = b'{"zones":[{"code":"P","kind":"pick"}],"aisles":[{"code":"A","number":1,"x_mm":0,"y_from_mm":0,"y_to_mm":5000}],"cross_aisles":[{"y_mm":0}],"bins":[{"code":"A-1","zone":"P","aisle":"A","y_mm":1000}]}'
    one, two = (
        read_plan(read_file(data, name), Known())
        for data, name in ((csv.encode(), "l.csv"), (json, "l.json"))
    )
    assert one[1] == two[1] == ()
    for kind in ("zone", "aisle", "cross_aisle", "bin"):
        assert [record.values for record in one[0].of(kind)] == [record.values for record in two[0].of(kind)]


@pytest.mark.parametrize("data", [b'{"bins": 5}', b'{"bins": [5]}', b'{"zones": {}, "bins": "x"}'])
def test_a_json_file_of_another_shape_is_refused(data: bytes):
    with pytest.raises(Refusal) as no:
        read_file(data, "layout.json")
    assert no.value.code == "file_unreadable"


def test_every_column_is_in_the_guide():
    from pathlib import Path

    guide = (Path(__file__).resolve().parents[3] / "docs/guide/layout.md").read_text("utf-8")
    assert [name for name in COLUMNS if f"`{name}`" not in guide] == []
