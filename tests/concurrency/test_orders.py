"""Orders that come in twice at once."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.execute import Command
from backend.orders.models import SalesOrder
from backend.orders.use_cases import ImportOrders, import_orders
from backend.outbound.allocation.use_cases import ReserveOpenOrders, reserve_open_orders
from tests.build.orders import an_order, take
from tests.build.stock import a_site
from tests.concurrency.test_stock import at_once
from tests.conftest import HouseUnderTest


def test_the_same_new_order_from_eight_sides_is_one_order(house: HouseUnderTest) -> None:
    site = a_site(house)

    def bring(session: Session, command: Command, *, now: Any) -> Any:
        orders = (an_order("1", ("TEA", 1)),)
        return import_orders(
            session, ImportOrders(by=command.by, warehouse_id=site.id, shop="web", orders=orders), now=now
        )

    reports = at_once(house, [bring] * 8, workers=8)
    assert sorted((report.created, report.unchanged) for report in reports) == [(0, 1)] * 7 + [(1, 0)]
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(SalesOrder)) == 1


def test_sweeps_at_once_promise_each_order_once(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 30, "A-01")
    take(site, *(an_order(str(n), ("TEA", 1)) for n in range(40)))

    def sweep(session: Session, command: Command, *, now: Any) -> Any:
        return reserve_open_orders(session, ReserveOpenOrders(by=command.by, warehouse_id=site.id), now=now)

    at_once(house, [sweep] * 6, workers=6)
    assert site.figures("TEA") == (30, 30)
    assert site.verify().sound
