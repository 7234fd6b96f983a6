"""Warehouses and the places they are born with."""

import pytest

from backend.core.errors import NotFound, Refusal
from backend.master.layout.queries import places_of_kind, system_location, travel_graph
from backend.master.layout.use_cases import CreateWarehouse, create_warehouse
from tests.build.layout import a_warehouse

BORN = {"staging", "packing", "shortage", "picked", "supplier", "customer", "adjustment"}


def test_a_warehouse_is_born_with_its_system_locations(house):
    warehouse_id = a_warehouse(house, "w1")
    with house.read() as session:
        found = {kind: places_of_kind(session, warehouse_id, kind) for kind in BORN}
        assert all(len(each) == 1 and each[0].code == kind.upper() for kind, each in found.items())
        assert not any(each[0].sellable for each in found.values())
        assert system_location(session, warehouse_id, "staging") == found["staging"][0].id
    assert house.events()[0] == {
        "name": "layout.warehouse_created",
        "channel": f"warehouse:{warehouse_id}",
        "body": {"warehouse_id": warehouse_id, "code": "W1"},
    }


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"code": "w1"}, "warehouse_exists"),
        ({"code": ""}, "place_code"),
        ({"code": "W2", "timezone": "Mars/Base"}, "timezone_unknown"),
        ({"code": "W2", "timezone": "../../etc/passwd"}, "timezone_unknown"),
    ],
)
def test_what_cannot_be_a_warehouse_is_refused(house, fields, refused):
    a_warehouse(house, "W1")
    with pytest.raises(Refusal) as no:
        house.run(create_warehouse, CreateWarehouse, **{"name": "x"} | fields)
    assert no.value.code == refused


def test_a_warehouse_that_does_not_exist_has_no_places(house):
    with house.read() as session:
        with pytest.raises(NotFound) as no:
            system_location(session, 404, "staging")
        assert no.value.code == "warehouse_not_found"
        with pytest.raises(ValueError):
            system_location(session, 404, "bin")


def test_a_warehouse_without_aisles_cannot_be_walked(house):
    warehouse_id = a_warehouse(house)
    with house.read() as session, pytest.raises(Refusal) as no:
        travel_graph(session, warehouse_id)
    assert no.value.code == "layout_empty"
