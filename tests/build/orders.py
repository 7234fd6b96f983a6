"""Builders for orders."""

from typing import Any

from sqlalchemy import select

from backend.orders.models import SalesOrder, SalesOrderLine
from backend.orders.rules import OrderIn, WantedLine
from backend.orders.use_cases import ImportOrders, ImportReport, import_orders
from backend.outbound.allocation.use_cases import ReserveOpenOrders, Swept, reserve_open_orders
from tests.build.stock import Site


def an_order(number: str = "1001", /, *goods: tuple[str, int], **more: Any) -> OrderIn:
    """An order as it comes in; `goods` are (code, pieces)."""
    lines = tuple(WantedLine(code, qty, row_no=row) for row, (code, qty) in enumerate(goods, start=1))
    return OrderIn(number, lines, **more)


def take(site: Site, *orders: OrderIn, shop: str = "web", **more: Any) -> ImportReport:
    """Import orders into the site's warehouse."""
    report: ImportReport = site.house.run(
        import_orders, ImportOrders, warehouse_id=site.id, shop=shop, orders=orders, **more
    )
    return report


def promise(site: Site, **more: Any) -> Swept:
    """Promise goods to the orders that wait."""
    swept: Swept = site.house.run(reserve_open_orders, ReserveOpenOrders, warehouse_id=site.id, **more)
    return swept


def order(site: Site, external_no: str, shop: str = "web") -> SalesOrder:
    """The order of that number."""
    with site.house.read() as session:
        wanted = select(SalesOrder).where(SalesOrder.shop == shop, SalesOrder.external_no == external_no)
        return session.scalars(wanted).one()


def lines(site: Site, external_no: str) -> list[SalesOrderLine]:
    """The lines of the order of that number."""
    with site.house.read() as session:
        wanted = select(SalesOrderLine).where(SalesOrderLine.order_id == order(site, external_no).id)
        return list(session.scalars(wanted.order_by(SalesOrderLine.line_no)))
