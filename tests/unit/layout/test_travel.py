"""From rows to the travel graph."""

import pytest

from backend.algorithms.routing.layout import Aisle, Lift, Stop, distance_mm
from backend.core.errors import Refusal
from backend.master.layout.rules.places import Place
from backend.master.layout.rules.travel import (
    AisleRow,
    LiftRow,
    PointRow,
    in_walking_order,
    is_closed_off,
    stop_at,
    travel_layout,
)


def an_aisle(number: int, **fields) -> AisleRow:
    plain = {
        "floor": 0,
        "x_mm": number * 3000,
        "y_from_mm": 0,
        "y_to_mm": 10_000,
        "direction": "both",
        "blocked": False,
    }
    return AisleRow(id=number * 10, code=f"A{number}", number=number, **plain | fields)


def a_place(**fields) -> Place:
    plain = {
        "id": 1, "warehouse_id": 1, "zone_id": None, "kind": "bin", "code": "X", "check_code": "00", "aisle_id": None,
        "side": "", "x_mm": 0, "y_mm": 0, "floor": 0, "level": 0, "pick_seq": 0, "max_volume_mm3": None,
        "max_weight_g": None, "blocked": False, "sellable": True,
    }  # fmt: skip
    return Place(**plain | fields)


def test_aisles_stand_in_walking_order():
    rows = in_walking_order([an_aisle(2), an_aisle(1, floor=1), an_aisle(1)])
    assert [(row.floor, row.number) for row in rows] == [(0, 1), (0, 2), (1, 1)]


def test_the_graph_has_all_that_the_rows_say():
    rows = in_walking_order(
        [an_aisle(1, direction="up"), an_aisle(2, stretches=((2000, 3000),)), an_aisle(3, blocked=True)]
    )
    graph = travel_layout(
        rows,
        [10_000, 0, 5_000, 0],
        [LiftRow(0, 0, 0, 1, 20_000)],
        [PointRow("start", 10, 0), PointRow("end", 30, 10_000)],
    )
    assert graph.cross_y == (0, 5_000, 10_000)
    assert graph.aisles[0] == Aisle(3000, 0, 10_000, 0, "up")
    assert graph.aisles[1].blocked == ((2000, 3000),)
    assert graph.aisles[2].blocked == ((0, 10_000),)
    assert graph.lifts == (Lift(0, 0, 0, 1, 20_000),)
    assert (graph.start, graph.end) == (Stop(0, 0), Stop(2, 10_000))


def test_a_depot_is_start_and_end():
    graph = travel_layout([an_aisle(1), an_aisle(2)], [0], (), [PointRow("depot", 20, 0)])
    assert graph.start == graph.end == Stop(1, 0)


def test_without_points_walks_begin_at_the_first_crossing():
    graph = travel_layout([an_aisle(1)], [500])
    assert graph.start == graph.end == Stop(0, 500)


def test_a_hall_without_aisles_cannot_be_walked():
    with pytest.raises(Refusal) as no:
        travel_layout([], [0])
    assert no.value.code == "layout_empty"


def test_a_bin_is_reached_from_its_aisle_and_others_from_the_nearest():
    aisles = (an_aisle(1), an_aisle(2))
    assert stop_at(a_place(aisle_id=20, y_mm=4_000), aisles) == Stop(1, 4_000)
    assert stop_at(a_place(x_mm=5_900, y_mm=-700), aisles) == Stop(1, 0)
    assert stop_at(a_place(aisle_id=10, y_mm=99_000), aisles) == Stop(0, 10_000)


def test_a_place_on_another_floor_is_reached_from_its_own_floor():
    aisles = in_walking_order([an_aisle(1), an_aisle(2, floor=1, x_mm=90_000)])
    assert stop_at(a_place(x_mm=3_000, floor=1), aisles) == Stop(1, 0)


def test_a_blocked_stretch_is_walked_round():
    open_hall = travel_layout([an_aisle(1), an_aisle(2)], [0, 10_000])
    closed = travel_layout([an_aisle(1, stretches=((4_000, 5_000),)), an_aisle(2)], [0, 10_000])
    one, two = Stop(0, 3_000), Stop(0, 6_000)
    assert distance_mm(open_hall, one, two) == 3_000
    assert distance_mm(closed, one, two) == 3_000 + 3_000 + 10_000 + 3_000 + 4_000


def test_places_in_a_closed_stretch_are_closed_off():
    row = an_aisle(1, stretches=((4_000, 5_000),))
    assert is_closed_off(4_500, row)
    assert not is_closed_off(3_000, row)
    assert is_closed_off(3_000, an_aisle(1, blocked=True))
