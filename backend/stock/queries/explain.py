"""The way to every number: from a balance to each move, scan, person, device and document."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, aliased

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.catalog.models import Sku
from backend.master.devices.models import Device
from backend.master.layout.models import Location
from backend.master.people.models import User
from backend.stock.models import Allocation, Availability, Balance, Lot, Reservation, StockMove, StockSeal
from backend.stock.queries.figures import BalanceRow, StockFigure, balance_select


@dataclass(frozen=True, slots=True)
class ExplainedMove:
    """One ledger line as a person reads it. `change` is signed for the balance asked about, `after` what it left there."""

    id: int
    reason: str
    change: int
    after: int
    qty: int
    sku_code: str
    from_code: str
    to_code: str
    lot_code: str | None
    serial: str | None
    quality: str
    to_quality: str
    doc_kind: str
    doc_id: int
    note: str
    user_id: int | None
    user_name: str | None
    device_id: int | None
    device_name: str | None
    command_id: str
    corrects_id: int | None
    event_at: datetime
    recorded_at: datetime
    seal_seq: int | None


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """Who holds goods: a reservation, and where its goods are held."""

    reservation_id: int
    doc_kind: str
    doc_id: int
    open_qty: int
    allocated_qty: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ExplainedBalance:
    """A balance, who holds how much of it, and (paged apart) how it came about."""

    balance: BalanceRow
    promises: tuple[PromiseRow, ...]


@dataclass(frozen=True, slots=True)
class ExplainedAvailability:
    """ATP of a SKU: what is sellable where, and what is promised to whom."""

    figure: StockFigure
    balances: tuple[BalanceRow, ...]
    promises: tuple[PromiseRow, ...]


def explain_balance(
    session: Session, balance_id: int, *, by: Actor | None = None, now: datetime | None = None
) -> ExplainedBalance:
    """The balance and the open allocations on it.

    Raises:
        NotFound: balance_not_found.
    """
    row = session.execute(balance_select().where(Balance.id == balance_id)).one_or_none()
    if row is None:
        raise NotFound("balance_not_found", balance_id=balance_id)
    if by is not None:
        by.check_warehouse(row.warehouse_id)
    held = func.sum(Allocation.qty - Allocation.picked_qty)
    promises = session.execute(
        select(
            Reservation.id,
            Reservation.doc_kind,
            Reservation.doc_id,
            Reservation.qty - Reservation.taken_qty,
            held,
            Reservation.created_at,
        )
        .join(Allocation, Allocation.reservation_id == Reservation.id)
        .where(Allocation.balance_id == balance_id, Allocation.state == "open")
        .group_by(Reservation.id)
        .order_by(Reservation.id)
    )
    return ExplainedBalance(BalanceRow(*row), tuple(_promise(each) for each in promises))


def _promise(row: Any) -> PromiseRow:
    return PromiseRow(row[0], row[1], row[2], row[3], int(row[4] or 0), row[5])


def explain_moves(
    session: Session,
    *,
    balance_id: int,
    by: Actor | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Every move into and out of a balance, newest first, with what lay there after it.

    Raises:
        NotFound: balance_not_found.
    """
    explain_balance(session, balance_id, by=by)
    change = _change(balance_id)
    mine = or_(StockMove.from_balance_id == balance_id, StockMove.to_balance_id == balance_id)
    after = func.sum(change).over(order_by=StockMove.id)
    running = select(StockMove.id, change.label("change"), after.label("after")).where(mine).subquery()
    wanted = moves_select(running.c.change, running.c.after).join(running, running.c.id == StockMove.id)
    return paginate(
        session, wanted, cursor=cursor, limit=limit, key=StockMove.id, descending=True, row=_explained
    )


def _change(balance_id: int) -> Any:
    return case((StockMove.to_balance_id == balance_id, StockMove.qty), else_=0) - case(
        (StockMove.from_balance_id == balance_id, StockMove.qty), else_=0
    )


def moves_select(change: Any, after: Any) -> Any:
    """Ledger lines with the names a person knows them by; rows fit `ExplainedMove`."""
    origin, target = aliased(Location), aliased(Location)
    return (
        select(
            StockMove.id,
            StockMove.reason,
            change,
            after,
            StockMove.qty,
            Sku.code,
            origin.code.label("from_code"),
            target.code.label("to_code"),
            Lot.code.label("lot_code"),
            StockMove.serial,
            StockMove.quality,
            StockMove.to_quality,
            StockMove.doc_kind,
            StockMove.doc_id,
            StockMove.note,
            StockMove.user_id,
            User.name.label("user_name"),
            StockMove.device_id,
            Device.name.label("device_name"),
            StockMove.command_id,
            StockMove.corrects_id,
            StockMove.event_at,
            StockMove.recorded_at,
            StockSeal.seq.label("seal_seq"),
        )
        .join(Sku, Sku.id == StockMove.sku_id)
        .join(origin, origin.id == StockMove.from_location_id)
        .join(target, target.id == StockMove.to_location_id)
        .outerjoin(Lot, Lot.id == StockMove.lot_id)
        .outerjoin(User, User.id == StockMove.user_id)
        .outerjoin(Device, Device.id == StockMove.device_id)
        .outerjoin(StockSeal, StockSeal.move_id == StockMove.id)
    )


def _explained(row: Any) -> ExplainedMove:
    values = list(row[:24])
    values[2], values[3] = int(values[2]), int(values[3])
    return ExplainedMove(*values)


def list_moves(
    session: Session,
    *,
    warehouse_id: int,
    sku_id: int | None = None,
    doc_kind: str | None = None,
    doc_id: int | None = None,
    command_id: str | None = None,
    by: Actor | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The ledger, newest first; `change` and `after` are 0 here, since no balance is asked about."""
    if by is not None:
        by.check_warehouse(warehouse_id)
    zero = func.coalesce(0, 0)
    wanted = moves_select(zero.label("change"), zero.label("after")).where(
        StockMove.warehouse_id == warehouse_id
    )
    for column, value in (
        (StockMove.sku_id, sku_id),
        (StockMove.doc_kind, doc_kind),
        (StockMove.doc_id, doc_id),
        (StockMove.command_id, command_id),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return paginate(
        session, wanted, cursor=cursor, limit=limit, key=StockMove.id, descending=True, row=_explained
    )


def explain_availability(
    session: Session, *, warehouse_id: int, sku_id: int, by: Actor | None = None, now: datetime | None = None
) -> ExplainedAvailability:
    """ATP taken apart: the sellable balances it is the sum of, less the reservations.

    Raises:
        NotFound: sku_not_in_stock.
    """
    if by is not None:
        by.check_warehouse(warehouse_id)
    row = session.execute(
        select(Sku.code, Sku.name, Availability.sellable, Availability.reserved)
        .join(Availability, Availability.sku_id == Sku.id)
        .where(Availability.warehouse_id == warehouse_id, Sku.id == sku_id)
    ).one_or_none()
    if row is None:
        raise NotFound("sku_not_in_stock", sku_id=sku_id)
    balances = session.execute(
        balance_select()
        .where(Balance.warehouse_id == warehouse_id, Balance.sku_id == sku_id, Balance.on_hand > 0)
        .order_by(Balance.id)
    )
    held = (
        select(func.coalesce(func.sum(Allocation.qty - Allocation.picked_qty), 0))
        .where(Allocation.reservation_id == Reservation.id, Allocation.state == "open")
        .scalar_subquery()
    )
    promises = session.execute(
        select(
            Reservation.id,
            Reservation.doc_kind,
            Reservation.doc_id,
            Reservation.qty - Reservation.taken_qty,
            held,
            Reservation.created_at,
        )
        .where(
            Reservation.warehouse_id == warehouse_id,
            Reservation.sku_id == sku_id,
            Reservation.state == "active",
        )
        .order_by(Reservation.id)
    )
    return ExplainedAvailability(
        StockFigure(warehouse_id, sku_id, row.code, row.name, row.sellable, row.reserved),
        tuple(BalanceRow(*each) for each in balances),
        tuple(_promise(each) for each in promises),
    )
