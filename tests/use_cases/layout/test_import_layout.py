"""A layout file is taken whole or not at all."""

import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.algorithms.routing.layout import Stop, distance_mm
from backend.core.errors import Forbidden, NotFound, Refusal
from backend.core.ids import uuid7
from backend.master.layout.queries import location_by_code, places, stops_of, travel_graph, warehouse_map
from backend.master.layout.rules.places import check_code
from backend.master.layout.rules.plan import rows_from_lists
from backend.master.layout.use_cases import ImportLayout, import_layout
from tests.build.layout import a_hall, a_layout, a_warehouse
from tests.build.people import somebody_logged_in


def take(house, warehouse_id, lists, **options):
    return house.run(
        import_layout, ImportLayout, warehouse_id=warehouse_id, rows=rows_from_lists(lists), **options
    )


def test_a_hall_is_imported_and_can_be_walked(house):
    hall = a_hall(house, aisles=3, bays=4)
    with house.read() as session:
        graph = travel_graph(session, hall.warehouse_id)
        stops = stops_of(session, hall.warehouse_id, [hall["A-01-1"], hall["C-04-2"]])
        bin_ = location_by_code(session, hall.warehouse_id, "A-01-1")
    assert len(graph.aisles) == 3
    assert graph.start == Stop(0, 0)
    assert distance_mm(graph, stops[hall["A-01-1"]], stops[hall["C-04-2"]]) == 6000 + 1000 + 4000
    assert bin_ is not None
    assert (bin_.sellable, bin_.kind, bin_.check_code) == (True, "bin", check_code("A-01-1"))
    assert house.events("layout.imported")[0]["body"]["created"] == 3 + 2 + 3 + 1 + 24


def test_bins_of_a_defect_zone_are_not_sold_from(house):
    hall = a_hall(house, zone_of=lambda letter: "DEFECT" if letter == "B" else "PICK")
    with house.read() as session:
        found = places(session, [hall["A-01-1"], hall["B-01-1"]])
    assert (found[hall["A-01-1"]].sellable, found[hall["B-01-1"]].sellable) == (True, False)


def test_the_same_file_again_changes_nothing(house):
    hall = a_hall(house)
    report = take(house, hall.warehouse_id, a_layout())
    assert (report.created, report.updated, report.unchanged) == (0, 0, 28)
    assert len(house.events("layout.imported")) == 1


def test_a_changed_file_updates_and_keeps_the_ids(house):
    hall = a_hall(house)
    lists = a_layout()
    lists["bins"][0]["max_weight_g"] = 5000
    lists["bins"].append({"code": "A-01-9", "zone": "PICK", "aisle": "A", "y_mm": 500})
    report = take(house, hall.warehouse_id, lists)
    assert (report.created, report.updated) == (
        1,
        20,
    )  # the new bin stands first in walking order: all others move on
    with house.read() as session:
        assert places(session, [hall["A-01-1"]])[hall["A-01-1"]].max_weight_g == 5000


def test_bins_that_are_missing_stay_unless_they_are_to_be_retired(house):
    hall = a_hall(house)
    lists = a_layout()
    lists["bins"] = lists["bins"][1:]
    assert take(house, hall.warehouse_id, lists).retired == ()
    assert take(house, hall.warehouse_id, lists, retire_missing=True).retired == ("A-01-1",)
    with house.read() as session:
        retired = location_by_code(session, hall.warehouse_id, "A-01-1")
        assert retired is not None
        assert retired.blocked
    take(house, hall.warehouse_id, a_layout())
    with house.read() as session:
        assert not places(session, [hall["A-01-1"]])[hall["A-01-1"]].blocked


def test_one_wrong_row_and_nothing_is_written(house):
    warehouse_id = a_warehouse(house)
    lists = a_layout()
    lists["bins"][3]["zone"] = "NOWHERE"
    with pytest.raises(Refusal) as no:
        take(house, warehouse_id, lists)
    assert no.value.code == "layout_invalid"
    assert no.value.facts["errors"] == [
        {"row": 12, "field": "zone", "code": "layout_unknown", "facts": {"found": "NOWHERE"}}
    ]
    with house.read() as session:
        assert warehouse_map(session, warehouse_id)["aisles"] == []


def test_a_bin_may_not_take_the_code_of_a_system_location(house):
    hall = a_hall(house)
    lists = {"bins": [{"code": "Shortage", "zone": "PICK", "aisle": "A", "y_mm": 500}]}
    with pytest.raises(Refusal) as no:
        take(house, hall.warehouse_id, lists)
    assert no.value.facts["errors"][0]["code"] == "layout_reserved"


def test_an_unknown_or_foreign_warehouse_is_refused(house):
    warehouse_id = a_warehouse(house)
    with pytest.raises(NotFound) as missing:
        take(house, 404, {})
    assert missing.value.code == "warehouse_not_found"
    with pytest.raises(Forbidden) as foreign:
        take(house, warehouse_id, {}, by=house.actor_as(warehouses=frozenset({warehouse_id + 1})))
    assert foreign.value.code == "outside_scope"


def test_several_floors_are_joined_by_lifts(house):
    warehouse_id = a_warehouse(house)
    lists = a_layout(aisles=1)
    lists["aisles"].append({"code": "U", "floor": 1, "number": 1, "x_mm": 0, "y_from_mm": 0, "y_to_mm": 6000})
    lists["cross_aisles"].append({"floor": 1, "y_mm": 0})
    lists["lifts"] = [
        {"code": "L1", "x_mm": -1000, "y_mm": 0, "floor_from": 0, "floor_to": 1, "cost_mm": 15_000}
    ]
    lists["bins"].append({"code": "U-1", "zone": "RESERVE", "aisle": "U", "y_mm": 1000})
    take(house, warehouse_id, lists)
    with house.read() as session:
        graph = travel_graph(session, warehouse_id)
        upstairs = location_by_code(session, warehouse_id, "U-1")
    assert upstairs is not None
    assert upstairs.floor == 1
    assert distance_mm(graph, Stop(0, 1000), Stop(1, 1000)) == 1000 + 1000 + 15_000 + 1000 + 1000


def test_labels_are_read_whole_or_refused(house):
    hall = a_hall(house)
    check = check_code("A-01-1")
    with house.read() as session:
        for text in ("A-01-1", "a-01-1", f"{check}.A-01-1", f"{check.lower()}.a-01-1", f"A-01-1.{check}"):
            found = location_by_code(session, hall.warehouse_id, text)
            assert found is not None, text
            assert found.id == hall["A-01-1"]
        assert location_by_code(session, hall.warehouse_id, "Z-99-9") is None
        assert location_by_code(session, hall.warehouse_id + 1, "A-01-1") is None
        with pytest.raises(Refusal) as no:
            location_by_code(session, hall.warehouse_id, f"{check}.A-01-2")
    assert no.value.code == "location_misread"


def test_printed_labels_with_checks_of_their_own_stay_valid(house):
    warehouse_id = a_warehouse(house)
    take(house, warehouse_id, a_layout(bin={"check_code": "X7"}))
    with house.read() as session:
        assert location_by_code(session, warehouse_id, "X7.A-01-1") is not None


def test_a_file_comes_in_over_http_and_the_map_goes_out(house):
    warehouse_id = a_warehouse(house)
    manager = somebody_logged_in(house)
    answer = manager.post(
        f"/api/layout/warehouses/{warehouse_id}/import-file",
        data={"file": (io.BytesIO(json.dumps(a_layout()).encode()), "layout.json")},
        headers={"Idempotency-Key": uuid7()},
    )
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["created"] == 28
    drawn = manager.get(f"/api/layout/warehouses/{warehouse_id}/map").get_json()
    assert len(drawn["bins"]) == 20
    assert drawn["bin_columns"][1] == "code"
    listed = manager.get(f"/api/layout/warehouses/{warehouse_id}/locations?search=a-01&kind=bin").get_json()
    assert listed["items"][0]["label"] == f"{check_code('A-01-1')}.A-01-1"
    unknown = manager.get(f"/api/layout/warehouses/{warehouse_id}/scan?text=nowhere")
    assert (unknown.status_code, unknown.get_json()["code"]) == (404, "location_unknown")


def test_the_same_layout_comes_in_as_json(house):
    warehouse_id = a_warehouse(house)
    manager = somebody_logged_in(house)
    answer = manager.post(
        "/api/layout/import",
        json={"warehouse_id": warehouse_id, **a_layout()},
        headers={"Idempotency-Key": uuid7()},
    )
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["created"] == 28


def test_two_imports_of_the_same_file_make_one_hall(house):
    warehouse_id = a_warehouse(house)
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: take(house, warehouse_id, a_layout()), range(4)))
    assert sorted(report.created for report in reports) == [0, 0, 0, 28]
