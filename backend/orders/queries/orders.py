"""Orders, their lines, holds and marks."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.catalog.models import Sku
from backend.orders.models import OrderHold, OrderMark, SalesOrder, SalesOrderLine
from backend.stock.queries.figures import chunks


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as lists show it."""

    id: int
    number: str
    shop: str
    external_no: str
    warehouse_id: int
    state: str
    priority: int
    carrier: str
    zone_tag: str | None
    placed_at: datetime
    promise_at: datetime | None
    cut_off_at: datetime | None
    tags: list[str]
    customer_ref: str
    country: str
    line_count: int
    units: int
    weight_g: int
    volume_mm3: int
    wait_reason: str
    imported_at: datetime
    approved_at: datetime | None
    state_at: datetime
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of an order."""

    id: int
    order_id: int
    line_no: int
    sku_id: int
    sku_code: str
    sku_name: str
    qty: int
    reserved_qty: int
    picked_qty: int
    short_qty: int
    source_code: str
    bundle_sku_id: int | None
    price_minor: int
    currency: str

    @property
    def wanted_qty(self) -> int:
        """Pieces that are neither promised nor given up."""
        return self.qty - self.reserved_qty - self.short_qty


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A reason to stop, open or released."""

    id: int
    reason: str
    detail: dict[str, Any]
    since_at: datetime
    held_by: int | None
    released_at: datetime | None
    released_by: int | None
    release_note: str


@dataclass(frozen=True, slots=True)
class MarkRow:
    """Progress made."""

    mark: str
    at: datetime
    by: int | None


@dataclass(frozen=True, slots=True)
class OrderSheet:
    """Everything about one order."""

    order: OrderRow
    ship_to: dict[str, Any]
    note: str
    lines: tuple[LineRow, ...]
    holds: tuple[HoldRow, ...]
    marks: tuple[MarkRow, ...]


_COLUMNS = (
    SalesOrder.id,
    SalesOrder.number,
    SalesOrder.shop,
    SalesOrder.external_no,
    SalesOrder.warehouse_id,
    SalesOrder.state,
    SalesOrder.priority,
    SalesOrder.carrier,
    SalesOrder.zone_tag,
    SalesOrder.placed_at,
    SalesOrder.promise_at,
    SalesOrder.cut_off_at,
    SalesOrder.tags,
    SalesOrder.customer_ref,
    SalesOrder.country,
    SalesOrder.line_count,
    SalesOrder.units,
    SalesOrder.weight_g,
    SalesOrder.volume_mm3,
    SalesOrder.wait_reason,
    SalesOrder.imported_at,
    SalesOrder.approved_at,
    SalesOrder.state_at,
)


def _row(found: Any) -> OrderRow:
    return OrderRow(*found[: len(_COLUMNS)])


def open_orders(
    session: Session, warehouse_id: int, *, states: Collection[str] = ("reserved",), limit: int | None = None
) -> list[OrderRow]:
    """Orders in these states with their open holds, the most urgent first: priority, promise, age."""
    wanted = (
        select(*_COLUMNS)
        .where(SalesOrder.warehouse_id == warehouse_id, SalesOrder.state.in_(sorted(states)))
        .order_by(SalesOrder.priority.desc(), SalesOrder.promise_at, SalesOrder.id)
    )
    return _with_holds(session, [_row(each) for each in session.execute(wanted.limit(limit))])


def orders_by_id(session: Session, order_ids: Iterable[int]) -> dict[int, OrderRow]:
    """These orders with their open holds; unknown ids are absent."""
    rows = [
        _row(each)
        for part in chunks(order_ids)
        for each in session.execute(select(*_COLUMNS).where(SalesOrder.id.in_(part)))
    ]
    return {row.id: row for row in _with_holds(session, rows)}


def _with_holds(session: Session, rows: list[OrderRow]) -> list[OrderRow]:
    holds = active_holds(session, [row.id for row in rows])
    return [_held(row, holds[row.id]) if row.id in holds else row for row in rows]


def _held(row: OrderRow, holds: tuple[str, ...]) -> OrderRow:
    return replace(row, holds=holds)


def active_holds(session: Session, order_ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The reasons for which these orders must stop now; orders without any are absent."""
    found: dict[int, set[str]] = {}
    for part in chunks(order_ids):
        rows = session.execute(
            select(OrderHold.order_id, OrderHold.reason).where(
                OrderHold.order_id.in_(part), OrderHold.released_at.is_(None)
            )
        )
        for order_id, reason in rows:
            found.setdefault(order_id, set()).add(reason)
    return {order_id: tuple(sorted(reasons)) for order_id, reasons in found.items()}


def line_select() -> Select[*tuple[Any, ...]]:
    """Lines with what a person calls the goods; rows fit `LineRow`."""
    return select(
        SalesOrderLine.id,
        SalesOrderLine.order_id,
        SalesOrderLine.line_no,
        SalesOrderLine.sku_id,
        Sku.code,
        Sku.name,
        SalesOrderLine.qty,
        SalesOrderLine.reserved_qty,
        SalesOrderLine.picked_qty,
        SalesOrderLine.short_qty,
        SalesOrderLine.source_code,
        SalesOrderLine.bundle_sku_id,
        SalesOrderLine.price_minor,
        SalesOrderLine.currency,
    ).join(Sku, Sku.id == SalesOrderLine.sku_id)


def lines_of(session: Session, order_ids: Iterable[int]) -> dict[int, list[LineRow]]:
    """The lines of these orders in their order; orders without lines are absent."""
    found: dict[int, list[LineRow]] = {}
    for part in chunks(order_ids):
        wanted = line_select().where(SalesOrderLine.order_id.in_(part))
        for each in session.execute(wanted.order_by(SalesOrderLine.order_id, SalesOrderLine.line_no)):
            row = LineRow(*each)
            found.setdefault(row.order_id, []).append(row)
    return found


def lines_by_id(session: Session, line_ids: Iterable[int]) -> dict[int, LineRow]:
    """These lines; unknown ids are absent."""
    return {
        each[0]: LineRow(*each)
        for part in chunks(line_ids)
        for each in session.execute(line_select().where(SalesOrderLine.id.in_(part)))
    }


def order_sheet(session: Session, order_id: int, *, by: Actor, now: datetime | None = None) -> OrderSheet:
    """One order with its lines, holds and marks.

    Raises:
        NotFound: order_not_found.
    """
    order = session.get(SalesOrder, order_id)
    if order is None or (by.shops is not None and order.shop not in by.shops):
        raise NotFound("order_not_found", order_id=order_id)
    by.check_warehouse(order.warehouse_id)
    holds = session.scalars(select(OrderHold).where(OrderHold.order_id == order_id).order_by(OrderHold.id))
    marks = session.scalars(select(OrderMark).where(OrderMark.order_id == order_id).order_by(OrderMark.at))
    return OrderSheet(
        orders_by_id(session, [order_id])[order_id],
        order.ship_to,
        order.note,
        tuple(lines_of(session, [order_id]).get(order_id, ())),
        tuple(HoldRow(*(getattr(hold, name) for name in HoldRow.__slots__)) for hold in holds),
        tuple(MarkRow(mark.mark, mark.at, mark.by) for mark in marks),
    )


def order_page(
    session: Session,
    *,
    by: Actor,
    now: datetime | None = None,
    warehouse_id: int | None = None,
    state: str | None = None,
    shop: str | None = None,
    text: str | None = None,
    held: bool | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Orders, newest first; `text` narrows to numbers that contain it, `held` to those with or without an open hold."""
    wanted = select(*_COLUMNS)
    if warehouse_id is not None:
        by.check_warehouse(warehouse_id)
        wanted = wanted.where(SalesOrder.warehouse_id == warehouse_id)
    elif by.warehouses is not None:
        wanted = wanted.where(SalesOrder.warehouse_id.in_(sorted(by.warehouses)))
    if by.shops is not None:
        wanted = wanted.where(SalesOrder.shop.in_(sorted(by.shops)))
    for column, value in ((SalesOrder.state, state), (SalesOrder.shop, shop)):
        if value is not None:
            wanted = wanted.where(column == value)
    if text:
        wanted = wanted.where(SalesOrder.number.contains(text, autoescape=True))
    if held is not None:
        open_hold = (
            select(OrderHold.id)
            .where(OrderHold.order_id == SalesOrder.id, OrderHold.released_at.is_(None))
            .exists()
        )
        wanted = wanted.where(open_hold if held else ~open_hold)
    page = paginate(session, wanted, cursor=cursor, limit=limit, key=SalesOrder.id, descending=True, row=_row)
    return Page(_with_holds(session, page.rows), page.next_cursor)


def order_counts(session: Session, warehouse_id: int) -> dict[str, int]:
    """How many orders are in each state."""
    rows = session.execute(
        select(SalesOrder.state, func.count())
        .where(SalesOrder.warehouse_id == warehouse_id)
        .group_by(SalesOrder.state)
    )
    return dict(rows.all())
