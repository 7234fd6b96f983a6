"""Aisles and locations are closed and opened."""

import pytest

from backend.core.errors import Forbidden, NotFound, Refusal
from backend.master.layout.queries import aisle_rows, closed_locations, travel_graph
from backend.master.layout.rules.plan import rows_from_lists
from backend.master.layout.use_cases import (
    BlockAisle,
    BlockLocation,
    ImportLayout,
    UnblockAisle,
    UnblockLocation,
    block_aisle,
    block_location,
    import_layout,
    unblock_aisle,
    unblock_location,
)
from tests.build.layout import a_hall, place_of


def aisle_id(house, hall, code="A") -> int:
    with house.read() as session:
        return next(row.id for row in aisle_rows(session, hall.warehouse_id) if row.code == code)


def closed(house, hall) -> set[str]:
    with house.read() as session:
        found = closed_locations(session, hall.warehouse_id)
    return {code for code, id_ in hall.bins.items() if id_ in found}


def test_a_blocked_aisle_is_told_and_closed_in_the_graph(house):
    hall = a_hall(house)
    first = aisle_id(house, hall)
    assert house.run(block_aisle, BlockAisle, aisle_id=first, reason="spill").blocked
    told = house.events("layout.aisle_blocked")
    assert told[0]["channel"] == f"warehouse:{hall.warehouse_id}"
    assert (told[0]["body"]["whole"], told[0]["body"]["reason"]) == (True, "spill")
    with house.read() as session:
        assert travel_graph(session, hall.warehouse_id).aisles[0].blocked == ((0, 6000),)
    assert closed(house, hall) == {code for code in hall.bins if code.startswith("A")}
    house.run(block_aisle, BlockAisle, aisle_id=first)
    assert len(house.events("layout.aisle_blocked")) == 1


def test_a_stretch_closes_only_what_lies_in_it(house):
    hall = a_hall(house)
    first = aisle_id(house, hall)
    house.run(block_aisle, BlockAisle, aisle_id=first, y_from_mm=1500, y_to_mm=2500)
    with house.read() as session:
        assert travel_graph(session, hall.warehouse_id).aisles[0].blocked == ((1500, 2500),)
    assert closed(house, hall) == {"A-02-1", "A-02-2"}


def test_an_opened_aisle_is_open_in_every_part(house):
    hall = a_hall(house)
    first = aisle_id(house, hall)
    house.run(block_aisle, BlockAisle, aisle_id=first, y_from_mm=1500, y_to_mm=2500)
    house.run(block_aisle, BlockAisle, aisle_id=first)
    house.run(unblock_aisle, UnblockAisle, aisle_id=first)
    house.run(unblock_aisle, UnblockAisle, aisle_id=first)
    with house.read() as session:
        assert travel_graph(session, hall.warehouse_id).aisles[0].blocked == ()
    assert closed(house, hall) == set()
    assert len(house.events("layout.aisle_unblocked")) == 1


@pytest.mark.parametrize("stretch", [(0, None), (None, 5), (-1, 5), (5, 4), (0, 6001)])
def test_a_stretch_outside_the_aisle_is_refused(house, stretch):
    hall = a_hall(house)
    with pytest.raises(Refusal) as no:
        house.run(
            block_aisle, BlockAisle, aisle_id=aisle_id(house, hall), y_from_mm=stretch[0], y_to_mm=stretch[1]
        )
    assert (no.value.code, no.value.facts) == ("aisle_stretch", {"y_from_mm": 0, "y_to_mm": 6000})


def test_aisles_unknown_or_outside_the_scope_are_refused(house):
    hall = a_hall(house)
    with pytest.raises(NotFound) as missing:
        house.run(block_aisle, BlockAisle, aisle_id=404)
    assert missing.value.code == "aisle_not_found"
    stranger = house.actor_as(warehouses=frozenset({404}))
    with pytest.raises(Forbidden):
        house.run(unblock_aisle, UnblockAisle, aisle_id=aisle_id(house, hall), by=stranger)


def test_a_location_is_blocked_and_opened_again(house):
    hall = a_hall(house)
    assert house.run(block_location, BlockLocation, location_id=hall["A-01-1"], reason="broken").blocked
    house.run(block_location, BlockLocation, location_id=hall["A-01-1"])
    assert closed(house, hall) == {"A-01-1"}
    assert not house.run(unblock_location, UnblockLocation, location_id=hall["A-01-1"]).blocked
    assert [each["name"] for each in house.events()][-2:] == [
        "layout.location_blocked",
        "layout.location_unblocked",
    ]


def test_the_far_side_of_moves_cannot_be_blocked(house):
    hall = a_hall(house)
    with pytest.raises(Refusal) as no:
        house.run(block_location, BlockLocation, location_id=place_of(house, hall.warehouse_id, "customer"))
    assert no.value.code == "location_is_virtual"
    with pytest.raises(NotFound) as missing:
        house.run(block_location, BlockLocation, location_id=404_404)
    assert missing.value.code == "location_not_found"


def test_a_retired_bin_is_opened_only_by_the_layout_file(house):
    hall = a_hall(house)
    rows = rows_from_lists({"bins": [{"code": "A-01-1", "zone": "PICK", "aisle": "A", "y_mm": 1000}]})
    house.run(import_layout, ImportLayout, warehouse_id=hall.warehouse_id, rows=rows, retire_missing=True)
    with pytest.raises(Refusal) as no:
        house.run(unblock_location, UnblockLocation, location_id=hall["B-01-1"])
    assert no.value.code == "location_retired"
