"""Inner verbs for the rooms above: how far orders and their lines are. Called inside their use cases."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.db import insert_once, locked
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.orders.events import OrderCancelled, OrdersMoved
from backend.orders.models import OrderHold, SalesOrder, SalesOrderLine
from backend.orders.models import OrderMark as Mark
from backend.orders.rules import MARKS, UNDER_WAY, check_step
from backend.stock.queries.figures import chunks, reservations_of
from backend.stock.use_cases import release_reservations

LINE = "order_line"  # doc_kind of reservations and moves of an order line
_EVENT_ORDERS = 50


def orders_for_update(session: Session, order_ids: Iterable[int]) -> list[SalesOrder]:
    """These orders, locked in the order of their ids, as they are now.

    Raises:
        NotFound: order_not_found.
    """
    wanted = sorted(set(order_ids))
    found: list[SalesOrder] = []
    for part in chunks(wanted):
        mine = select(SalesOrder).where(SalesOrder.id.in_(part)).order_by(SalesOrder.id)
        found += session.scalars(locked(mine).execution_options(populate_existing=True))
    if len(found) < len(wanted):
        raise NotFound("order_not_found", order_id=min(set(wanted) - {order.id for order in found}))
    return found


def lock_orders(session: Session, order_ids: Iterable[int]) -> list[Any]:
    """Id, number, state and warehouse of these orders, locked in the order of their ids.

    Raises:
        NotFound: order_not_found.
    """
    wanted = set(order_ids)
    columns = select(SalesOrder.id, SalesOrder.number, SalesOrder.state, SalesOrder.warehouse_id)
    found = [
        row
        for part in chunks(wanted)
        for row in session.execute(locked(columns.where(SalesOrder.id.in_(part)).order_by(SalesOrder.id)))
    ]
    if len(found) < len(wanted):
        raise NotFound("order_not_found", order_id=min(wanted - {row.id for row in found}))
    return found


def set_order_state(
    session: Session, order_ids: Iterable[int], state: str, *, now: datetime, wait_reason: str = ""
) -> None:
    """Bring orders into a state; those that are in it already only get the new `wait_reason`.

    Raises:
        Refusal: order_in_other_state, order_not_found.
    """
    moved: dict[int, list[int]] = {}
    stay: list[int] = []
    for each in lock_orders(session, order_ids):
        if each.state == state:
            stay.append(each.id)
            continue
        check_step(each.number, each.state, state)
        moved.setdefault(each.warehouse_id, []).append(each.id)
    change = {"wait_reason": wait_reason, "state": state, "state_at": now}
    _write_heads(session, stay, {"wait_reason": wait_reason})
    _write_heads(session, [each for ids in moved.values() for each in ids], change)
    for warehouse_id, ids in sorted(moved.items()):
        told = OrdersMoved(
            warehouse_id=warehouse_id, state=state, count=len(ids), order_ids=tuple(ids[:_EVENT_ORDERS])
        )
        emit(session, told, now=now)


def _write_heads(session: Session, order_ids: Iterable[int], change: dict[str, Any]) -> None:
    for part in chunks(order_ids):
        session.execute(update(SalesOrder).where(SalesOrder.id.in_(part)).values(change))


def mark_reserved(session: Session, order_ids: Iterable[int], *, now: datetime) -> None:
    """Every line is promised in full; also back from a wave that was cancelled."""
    set_order_state(session, order_ids, "reserved", now=now)


def mark_backordered(session: Session, order_ids: Iterable[int], *, now: datetime, reason: str) -> None:
    """Something is missing; `reason` is the code that people see."""
    set_order_state(session, order_ids, "backordered", now=now, wait_reason=reason)


def mark_in_wave(session: Session, order_ids: Iterable[int], *, now: datetime) -> None:
    """A wave has taken the orders."""
    set_order_state(session, order_ids, "in_wave", now=now)


def mark_picking(session: Session, order_ids: Iterable[int], *, now: datetime) -> None:
    """A picker has begun."""
    set_order_state(session, order_ids, "picking", now=now)


def mark_picked(session: Session, order_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """All that can be picked is picked."""
    ids = list(order_ids)
    set_order_state(session, ids, "picked", now=now)
    for order_id in ids:
        set_mark(session, order_id, "picked", by=by, now=now)


def mark_packed(session: Session, order_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """The parcel is closed."""
    ids = list(order_ids)
    set_order_state(session, ids, "packed", now=now)
    for order_id in ids:
        set_mark(session, order_id, "packed", by=by, now=now)


def mark_shipped(session: Session, order_ids: Iterable[int], *, now: datetime) -> None:
    """The goods have left the house."""
    set_order_state(session, order_ids, "shipped", now=now)


def set_mark(session: Session, order_id: int, mark: str, *, by: Actor, now: datetime) -> bool:
    """Note progress; False when it was noted before (the first word counts)."""
    if mark not in MARKS:
        raise ValueError(f"{mark} is no mark")
    return insert_once(session, Mark, order_id=order_id, mark=mark, at=by.at(now), by_user_id=by.user_id)


def record_lines_reserved(session: Session, changes: Mapping[int, int]) -> None:
    """Add pieces to what lines have been promised (negative: the promise was lost)."""
    by_qty: dict[int, list[int]] = {}
    for line_id, qty in changes.items():
        if qty:
            by_qty.setdefault(qty, []).append(line_id)
    for qty, line_ids in sorted(by_qty.items()):  # few different quantities: few statements
        for part in chunks(line_ids):
            session.execute(
                update(SalesOrderLine)
                .where(SalesOrderLine.id.in_(part))
                .values(reserved_qty=SalesOrderLine.reserved_qty + qty)
            )


def record_line_picked(session: Session, line_id: int, qty: int) -> None:
    """Add picked pieces to a line (negative: a pick was undone).

    Raises:
        Refusal: line_picked_already when more would be picked than was ordered.
    """
    line = _line(session, line_id)
    if not 0 <= line.picked_qty + qty <= line.qty:
        raise Refusal("line_picked_already", line_id=line_id, qty=line.qty, picked=line.picked_qty)
    line.picked_qty += qty
    session.flush()


def record_line_short(session: Session, line_id: int, qty: int) -> None:
    """Give up pieces of a line, which lose their promise (negative: they were found after all).

    The caller releases or shrinks the reservation; this only keeps the order's own figures.
    """
    line = _line(session, line_id)
    line.short_qty = max(0, min(line.qty, line.short_qty + qty))
    line.reserved_qty = min(line.reserved_qty, line.qty - line.short_qty)
    session.flush()


def _line(session: Session, line_id: int) -> SalesOrderLine:
    wanted = select(SalesOrderLine).where(SalesOrderLine.id == line_id)
    line = session.scalars(locked(wanted).execution_options(populate_existing=True)).one_or_none()
    if line is None:
        raise NotFound("order_line_not_found", line_id=line_id)
    return line


def note_tried(session: Session, order_ids: Iterable[int], *, now: datetime) -> None:
    """Remember when orders last asked for stock, so that a sweep passes each of them once."""
    for part in chunks(order_ids):
        session.execute(update(SalesOrder).where(SalesOrder.id.in_(part)).values(reserve_tried_at=now))


def release_promises(session: Session, order_ids: Iterable[int], *, now: datetime) -> int:
    """Give back all stock that is promised to these orders; the pieces that became free."""
    lines = {
        line_id
        for part in chunks(order_ids)
        for line_id in session.scalars(select(SalesOrderLine.id).where(SalesOrderLine.order_id.in_(part)))
    }
    held = reservations_of(session, LINE, lines)
    freed = release_reservations(session, [row.id for rows in held.values() for row in rows], now=now)
    for part in chunks(held):
        session.execute(update(SalesOrderLine).where(SalesOrderLine.id.in_(part)).values(reserved_qty=0))
    return freed


def conclude_cancellation(session: Session, order_ids: Iterable[int], *, by: Actor, now: datetime) -> None:
    """End orders whose cancellation was asked for while work went on, now that no goods of them are under way.

    Raises:
        Refusal: order_in_other_state.
    """
    ids = sorted(set(order_ids))
    release_promises(session, ids, now=now)
    for order in orders_for_update(session, ids):
        cancel_now(session, order, by=by, now=now)


def cancel_now(session: Session, order: SalesOrder, *, by: Actor, now: datetime) -> None:
    """Set the order to cancelled, close its holds and tell it. Promises have been released before."""
    if order.state == "cancelled":
        return
    check_step(order.number, order.state, "cancelled")
    was = order.state
    order.state, order.state_at, order.wait_reason = "cancelled", now, ""
    session.flush()
    session.execute(
        update(OrderHold)
        .where(OrderHold.order_id == order.id, OrderHold.released_at.is_(None))
        .values(released_at=now, released_by=by.user_id, release_note="")
    )
    told = OrderCancelled(
        warehouse_id=order.warehouse_id,
        order_id=order.id,
        number=order.number,
        was=was,
        put_back=was in UNDER_WAY,
    )
    emit(session, told, now=now)
