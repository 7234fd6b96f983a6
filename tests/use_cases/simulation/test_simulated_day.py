"""A simulated day on the real house: everything is picked, mistakes are caught where a scanner can, the books are true."""

import gzip
import random
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from backend.core.ids import uuid7
from backend.operations.simulation.adapters import SimulationPlan, simulate
from backend.operations.simulation.adapters.furnishing import orders_of
from backend.operations.simulation.rules.hall import hall_of
from backend.operations.simulation.rules.people import ErrorRates, Habits, Mistake, Person
from backend.operations.simulation.rules.report import Tally, report_of
from backend.operations.simulation.use_cases import Answer, Clockwork, Floor, Picker
from backend.orders.models import SalesOrder
from backend.outbound.picking.models import MisScan, PickTask
from tests.build.people import a_user, logged_in
from tests.build.picking import on_the_floor
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest

NO_MISTAKES = ErrorRates(wrong_bin=0, wrong_sku=0, wrong_qty=0, wrong_tote=0, empty_bin=0)
CODES = [f"S{number}" for number in range(12)]


class ClientApi:
    """The public API through the application itself."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.requests = 0

    def get(self, path: str, **query: str | int) -> Answer:
        reply = self.client.get(path, query_string=query)
        return Answer(reply.status_code, reply.json)

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        self.requests += 1
        reply = self.client.post(path, json=body, headers={"Idempotency-Key": uuid7()})
        return Answer(reply.status_code, reply.json)

    def send_file(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        raise AssertionError("nobody sends files here")


def a_busy_shop(house: HouseUnderTest, *, orders: int = 8, **strategy: Any) -> Shop:
    shop = a_shop(house, aisles=3, bays=6)
    bins = sorted(shop.hall.bins)
    for number, code in enumerate(CODES):
        shop.stock(code, **{bins[number * 2].replace("-", "_"): 500})
    dice = random.Random(5)
    for _ in range(orders):
        shop.order(**{code: 1 + dice.randrange(3) for code in dice.sample(CODES, 3)})
    on_the_floor(shop, **strategy)
    return shop


def a_day(
    house: HouseUnderTest, shop: Shop, *, errors: ErrorRates = NO_MISTAKES, policy: str = "optimal"
) -> tuple[Tally, Any]:
    pickers = [ClientApi(logged_in(house, a_user(house, f"sim-{number}").id)) for number in range(2)]
    hall = hall_of(pickers[0].get(f"/api/layout/warehouses/{shop.hall.warehouse_id}/map").body)
    floor = Floor(shop.hall.warehouse_id, hall, Habits(errors=errors), policy, Tally(), "TOTE-")
    crew = [
        Picker(api, floor, Person(1100, 1.0), random.Random(number)) for number, api in enumerate(pickers)
    ]
    clockwork = Clockwork(0.0, pause=lambda _seconds: None, stop_watch=lambda: 0.0)
    clockwork.run([each.shift() for each in crew], until=lambda: True)
    return floor.tally, report_of(SimulationPlan(policy=policy), floor.tally, hall, floor.habits)


def states(house: HouseUnderTest, model: Any) -> set[str]:
    with house.read() as session:
        return set(session.scalars(select(model.state)))


@pytest.mark.parametrize("mode", ["cluster", "discrete"])
def test_everything_is_picked_and_the_books_are_true(house: HouseUnderTest, mode: str) -> None:
    shop = a_busy_shop(house, pick_mode=mode)
    tally, report = a_day(house, shop)
    assert states(house, SalesOrder) == {"picked"}
    assert states(house, PickTask) == {"done"}
    assert tally.lines == 8 * 3
    assert tally.refusals == {}
    assert report.orders == 8
    assert report.pace.metres_per_line > 0
    shop.proven()


def test_a_cart_for_many_orders_walks_less_than_one_order_at_a_time(house: HouseUnderTest) -> None:
    _, report = a_day(house, a_busy_shop(house, pick_mode="cluster"))
    assert report.pace.metres_per_line < report.baseline.metres_per_line
    assert report.pace.lines_per_hour > report.baseline.lines_per_hour


def test_single_orders_in_s_shape_order_are_the_baseline(house: HouseUnderTest) -> None:
    _, report = a_day(house, a_busy_shop(house, pick_mode="discrete"), policy="s_shape")
    assert report.pace.metres_per_line == report.baseline.metres_per_line


def test_the_house_catches_every_mistake_that_a_scanner_can_see(house: HouseUnderTest) -> None:
    errors = ErrorRates(wrong_bin=0.5, wrong_sku=0.5, wrong_qty=0.5, wrong_tote=0.5, careless=0, empty_bin=0)
    shop = a_busy_shop(house, pick_mode="cluster")
    tally, _ = a_day(house, shop, errors=errors)
    assert sum(tally.made.values()) > 20
    assert tally.through == dict.fromkeys(Mistake, 0)
    assert tally.caught == tally.made
    assert states(house, SalesOrder) == {"picked"}
    with house.read() as session:
        assert set(session.scalars(select(MisScan.step))) == {"location", "sku", "tote"}
    shop.proven()


def test_what_happens_after_a_right_scan_is_let_through_and_reported(house: HouseUnderTest) -> None:
    errors = ErrorRates(wrong_bin=0, wrong_sku=0, wrong_qty=1, wrong_tote=1, careless=1, empty_bin=0)
    tally, _ = a_day(house, a_busy_shop(house, pick_mode="cluster"), errors=errors)
    assert tally.through[Mistake.WRONG_QTY] == tally.through[Mistake.WRONG_TOTE] == 8 * 3


def test_a_wrong_count_is_always_caught_where_every_piece_is_scanned(house: HouseUnderTest) -> None:
    errors = ErrorRates(wrong_bin=0, wrong_sku=0, wrong_qty=1, wrong_tote=0, careless=0, empty_bin=0)
    shop = a_busy_shop(house, pick_mode="cluster", scan_mode="each")
    tally, _ = a_day(house, shop, errors=errors)
    assert tally.caught[Mistake.WRONG_QTY] == 8 * 3
    assert tally.units == sum(sum(line.picked_qty for line in shop.order_lines(n)) for n in _order_ids(house))


def test_empty_bins_are_reported_short_and_the_day_still_ends(house: HouseUnderTest) -> None:
    errors = ErrorRates(wrong_bin=0, wrong_sku=0, wrong_qty=0, wrong_tote=0, empty_bin=0.4)
    shop = a_busy_shop(house, pick_mode="cluster")
    tally, _ = a_day(house, shop, errors=errors)
    assert tally.short_lines > 0
    assert states(house, PickTask) == {"done"}
    shop.proven()


def _order_ids(house: HouseUnderTest) -> list[int]:
    with house.read() as session:
        return list(session.scalars(select(SalesOrder.id)))


def test_a_customer_s_file_becomes_orders(tmp_path: Path) -> None:
    rows = ["InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID,Country,UnitPrice"]
    rows += ["536365,85123A,6,2010-12-01 08:26,17850,United Kingdom,2.55"]
    rows += ["536365,POST,1,2010-12-01 08:26,17850,United Kingdom,18.00"]
    rows += ["536366,71053,2,2010-12-01 08:28,17850,United Kingdom,3.39"]
    rows += ["C536367,71053,-2,2010-12-01 08:30,17850,United Kingdom,3.39"]
    path = tmp_path / "orders.csv.gz"
    path.write_bytes(gzip.compress("\n".join(rows).encode()))
    first, second = orders_of(path, 10)
    assert (first.number, first.lines) == ("536365", (("85123A", 6),))
    assert second.lines == (("71053", 2),)
    assert len(orders_of(path, 1)) == 1


@pytest.mark.slow
def test_one_command_makes_a_house_runs_a_day_and_throws_the_house_away() -> None:
    told: list[str] = []
    report = simulate(SimulationPlan(limit=12, pickers=2, plan_seconds=1), told.append)
    assert (report.orders, report.pickers) == (12, 2)
    assert report.lines > 0
    assert report.requests > report.lines
    assert report.pace.metres_per_line < report.baseline.metres_per_line
    assert "metres per line" in report.table()
    assert told
