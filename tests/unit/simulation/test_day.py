"""The hall, the baseline, the goods and the clockwork of a simulated day."""

import random
from collections.abc import Iterator

import pytest

from backend.algorithms.routing.layout import Stop
from backend.operations.simulation.rules.goods import (
    BINS_PER_AISLE,
    aisles_for,
    codes_made_up,
    demand_of,
    hall_lists,
    made_up_orders,
    spread_over,
    stock_to_lay,
)
from backend.operations.simulation.rules.hall import Hall, hall_of
from backend.operations.simulation.rules.people import Habits, Mistake
from backend.operations.simulation.rules.report import SimulationPlan, Tally, baseline, report_of
from backend.operations.simulation.use_cases.day import Clockwork
from backend.operations.simulation.use_cases.picker import IDLE_S


def a_hall() -> Hall:
    """Two aisles 3 m apart and 10 m long; the depot at the front of the first."""
    return hall_of({
        "aisles": [
            {"id": 5, "x_mm": 0, "y_from_mm": 0, "y_to_mm": 10_000, "floor": 0, "direction": "both", "blocked": False},
            {"id": 6, "x_mm": 3_000, "y_from_mm": 0, "y_to_mm": 10_000, "floor": 0, "direction": "both"},
            {"id": 7, "x_mm": 6_000, "y_from_mm": 0, "y_to_mm": 10_000, "floor": 0, "direction": "both", "blocked": True},
        ],
        "cross_aisles": [{"floor": 0, "y_mm": 0}, {"floor": 0, "y_mm": 10_000}],
        "lifts": [],
        "points": [{"kind": "depot", "aisle_id": 5, "y_mm": 0}],
        "bin_columns": ["id", "code", "aisle_id", "y_mm"],
        "bins": [[1, "A", 5, 2_000], [2, "B", 6, 8_000], [3, "C", 7, 1_000]],
    })  # fmt: skip


def test_the_map_becomes_a_hall():
    hall = a_hall()
    assert hall.stop_of("A") == Stop(0, 2_000)
    assert hall.stop_of("C") == hall.layout.start  # behind a blocked aisle: nobody can stand there
    assert hall.walk_mm(hall.stop_of("A"), hall.stop_of("B")) == 3_000 + 2_000 + 8_000
    assert hall.tour_mm(["A", "B"], "s_shape") == 2_000 + (8_000 + 3_000 + 2_000) + (8_000 + 3_000)


def test_the_baseline_walks_each_order_alone():
    hall, habits = a_hall(), Habits()
    alone = baseline(hall, [["A"], ["B"]], 2, habits)
    assert alone.metres_per_line == pytest.approx((4.0 + 22.0) / 2)
    together = baseline(hall, [["A", "B"]], 2, habits)
    assert together.lines_per_hour > alone.lines_per_hour
    assert baseline(hall, [], 0, habits).lines_per_hour == 0


def test_a_report_counts_what_was_made_caught_and_let_through():
    tally = Tally(lines=2, units=2, walked_mm=20_000, busy_s=60.0, tasks=1)
    tally.note_visit(1, "A")
    tally.note_visit(1, "B")
    tally.note(Mistake.WRONG_BIN, caught=True)
    tally.note(Mistake.WRONG_QTY, caught=False)
    report = report_of(SimulationPlan(), tally, a_hall(), Habits())
    assert (report.pace.metres_per_line, report.pace.lines_per_hour) == (10.0, 120.0)
    assert (report.made["wrong_bin"], report.caught["wrong_bin"], report.through["wrong_qty"]) == (1, 1, 1)
    assert "metres per line" in report.table()
    assert "wrong_bin" in report.table()


def test_made_up_orders_follow_from_the_seed():
    codes = codes_made_up(50)
    orders = made_up_orders(random.Random(1), codes, 300, "T-")
    assert orders == made_up_orders(random.Random(1), codes, 300, "T-")
    assert len({order.number for order in orders}) == 300
    assert all(order.lines and all(qty > 0 for _, qty in order.lines) for order in orders)
    wanted = demand_of(orders)
    assert wanted[codes[0]] > wanted.get(codes[-1], 0)
    assert all(stock_to_lay(wanted)[code] > qty for code, qty in wanted.items())


def test_the_hall_has_a_bin_for_every_sku_and_keeps_them_within_its_aisles():
    lists = hall_lists(aisles_for(1000))
    assert len(lists["bins"]) >= 1000
    assert len(lists["aisles"]) * BINS_PER_AISLE == len(lists["bins"])
    length = lists["aisles"][0]["y_to_mm"]
    assert all(0 < each["y_mm"] < length for each in lists["bins"])
    places = spread_over(codes_made_up(100), range(300), random.Random(1))
    assert len(set(places.values())) == 100


def test_the_clockwork_lets_everybody_act_in_the_order_of_their_time():
    told: list[tuple[str, float]] = []
    slept: list[float] = []
    clock = Clockwork(10.0, pause=slept.append, stop_watch=lambda: 0.0)

    def shift(name: str, *pauses: float) -> Iterator[float]:
        for seconds in pauses:
            told.append((name, clock.now_s))
            yield seconds

    clock.run([shift("a", 5, 5), shift("b", 2, 9)], until=lambda: True)
    assert told == [("a", 0.0), ("b", 0.0), ("b", 2.0), ("a", 5.0)]
    assert max(slept) == pytest.approx(1.1)  # eleven seconds of life at ten times its speed


def test_the_clockwork_ends_when_nobody_finds_work():
    def idle() -> Iterator[float]:
        while True:
            yield IDLE_S

    clock = Clockwork(0.0, pause=lambda _s: None, stop_watch=lambda: 0.0)
    asked = iter([False, False, True, True])
    clock.run([idle(), idle()], until=lambda: next(asked))
    assert clock.now_s == IDLE_S
