"""What a picking verb must know before it acts, in as few statements as a scan can afford."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, select
from sqlalchemy.orm import Session, aliased

from backend.core.errors import NotFound
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location, Warehouse
from backend.orders.models import OrderHold, SalesOrder
from backend.outbound.picking.models import PickLine, PickSplit, PickTote
from backend.outbound.picking.rules import TO_DO, LineState, SplitView
from backend.stock.models import Allocation, Balance, Lot


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line with everything a scan is compared with."""

    id: int
    task_id: int
    seq: int
    state: str
    qty: int
    picked_qty: int
    short_qty: int
    location_id: int
    location_code: str
    check_code: str
    sku_id: int
    sku_code: str
    lot_policy: str
    serial_policy: str
    lot_id: int | None
    lot_code: str | None
    expiry_on: date | None
    timezone: str
    picked_location_id: int


@dataclass(frozen=True, slots=True)
class SplitFacts:
    """A split, and where its goods are booked."""

    view: SplitView
    order_line_id: int
    allocation_id: int
    reservation_id: int
    balance_id: int
    hu_id: int | None
    quality: str


@dataclass(frozen=True, slots=True)
class ToteFacts:
    """A slot of the cart, and whether its order may go on."""

    id: int
    slot_no: int
    order_id: int
    order_number: str
    order_state: str
    hu_id: int | None
    lpn: str | None
    holds: tuple[str, ...]


PICKED, _ANY_PICKED = aliased(Location), aliased(Location)
ON_CARTS = (
    select(_ANY_PICKED.id)
    .where(_ANY_PICKED.warehouse_id == Location.warehouse_id, _ANY_PICKED.kind == "picked")
    .limit(1)
    .scalar_subquery()
)
LINE_COLUMNS = (
    PickLine.id, PickLine.task_id, PickLine.seq, PickLine.state, PickLine.qty, PickLine.picked_qty,
    PickLine.short_qty, PickLine.location_id, Location.code.label("location_code"), Location.check_code,
    PickLine.sku_id, Sku.code.label("sku_code"), Sku.lot_policy, Sku.serial_policy, PickLine.lot_id,
    Lot.code.label("lot_code"), Lot.expiry_on, Warehouse.timezone,
)  # fmt: skip
_LINE = (
    select(*LINE_COLUMNS, ON_CARTS.label("picked_location_id"))
    .join(Location, Location.id == PickLine.location_id)
    .join(Warehouse, Warehouse.id == Location.warehouse_id)
    .join(Sku, Sku.id == PickLine.sku_id)
    .outerjoin(Lot, Lot.id == PickLine.lot_id)
    .where(PickLine.id == bindparam("line_id"), PickLine.task_id == bindparam("task_id"))
)


def line_facts(session: Session, task_id: int, line_id: int) -> LineFacts:
    """A line of a task.

    Raises:
        NotFound: `line_not_found`.
    """
    row = session.connection().execute(_LINE, {"line_id": line_id, "task_id": task_id}).first()
    if row is None:
        raise NotFound("line_not_found", task_id=task_id, line_id=line_id)
    return LineFacts(*tuple(row))


SPLIT_COLUMNS = (
    PickSplit.id.label("split_id"), PickSplit.slot_no, PickSplit.order_id, PickSplit.qty, PickSplit.picked_qty,
    PickSplit.short_qty, PickSplit.stopped, PickSplit.order_line_id, PickSplit.allocation_id,
    Allocation.reservation_id, Allocation.balance_id, Balance.hu_id, Balance.quality,
)  # fmt: skip
_SPLITS = (
    select(*SPLIT_COLUMNS)
    .join(Allocation, Allocation.id == PickSplit.allocation_id)
    .join(Balance, Balance.id == Allocation.balance_id)
    .where(PickSplit.line_id == bindparam("line_id"))
    .order_by(PickSplit.slot_no, PickSplit.id)
)


def splits_of(session: Session, line_id: int) -> list[SplitFacts]:
    """The splits of a line, by slot."""
    rows = session.connection().execute(_SPLITS, {"line_id": line_id})
    return [split_of(tuple(row)) for row in rows]


def split_of(row: tuple[Any, ...]) -> SplitFacts:
    """A row of `SPLIT_COLUMNS`."""
    return SplitFacts(SplitView(*row[:7]), *row[7:])


TOTE_COLUMNS = (
    PickTote.id.label("tote_id"), PickTote.slot_no, PickTote.order_id, SalesOrder.number, SalesOrder.state,
    PickTote.hu_id, PickTote.lpn, OrderHold.reason,
)  # fmt: skip
_TOTE = (
    select(*TOTE_COLUMNS)
    .join(SalesOrder, SalesOrder.id == PickTote.order_id)
    .outerjoin(OrderHold, (OrderHold.order_id == SalesOrder.id) & OrderHold.released_at.is_(None))
    .where(PickTote.task_id == bindparam("task_id"), PickTote.slot_no == bindparam("slot_no"))
)


def tote_facts(session: Session, task_id: int, slot_no: int) -> ToteFacts:
    """A slot of a task's cart with its order's holds.

    Raises:
        NotFound: `slot_not_found`.
    """
    rows = session.connection().execute(_TOTE, {"task_id": task_id, "slot_no": slot_no}).all()
    if not rows:
        raise NotFound("slot_not_found", task_id=task_id, slot_no=slot_no)
    return tote_of(tuple(rows[0])[:7], {row.reason for row in rows})


def tote_of(row: tuple[Any, ...], reasons: set[str | None]) -> ToteFacts:
    """A row of `TOTE_COLUMNS` without its hold, and the reasons of all the holds."""
    holds = tuple(sorted(reason for reason in reasons if reason is not None))
    facts: list[Any] = [*row, holds]
    return ToteFacts(*facts)


def order_to_do(line: Any) -> tuple[Any, Any]:
    """Order of lines to do: open ones along the route, then skipped ones."""
    return case((line.state == LineState.SKIPPED, 1), else_=0), line.seq


_NEXT_LINE = (
    select(PickLine.id)
    .where(PickLine.task_id == bindparam("task_id"), PickLine.state.in_(TO_DO))
    .order_by(*order_to_do(PickLine))
    .limit(1)
)


def next_line_id(session: Session, task_id: int) -> int | None:
    """The line to go to: open ones in order of the route, then skipped ones."""
    return session.connection().execute(_NEXT_LINE, {"task_id": task_id}).scalar()
