"""What people decide about an order: approve, hold, release, cancel, put first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.orders.events import OrderApproved, OrderHeld, OrderHoldReleased
from backend.orders.models import OrderHold, SalesOrder
from backend.orders.queries.orders import active_holds
from backend.orders.rules import NOT_BEGUN, OVER, check_hold_reason, check_step
from backend.orders.use_cases.progress import cancel_now, orders_for_update, release_promises


@dataclass(frozen=True)
class Decided:
    """The order after the decision, and the reasons for which it still must stop."""

    order_id: int
    number: str
    state: str
    holds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApproveOrder(Command):
    """Let work on the order begin."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class HoldOrder(Command):
    """Stop the order at the next scan."""

    order_id: int
    reason: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseHold(Command):
    """The reason to stop is gone."""

    order_id: int
    reason: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelOrder(Command):
    """The customer does not want it any more."""

    order_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PrioritiseOrder(Command):
    """Larger comes first; 0 is usual."""

    order_id: int
    priority: int


def the_order(session: Session, order_id: int, by: Actor) -> SalesOrder:
    """The order, locked, if the caller may know of it.

    Raises:
        Refusal: order_not_found, outside_scope.
    """
    (order,) = orders_for_update(session, [order_id])
    if by.shops is not None and order.shop not in by.shops:
        raise NotFound("order_not_found", order_id=order_id)
    by.check_warehouse(order.warehouse_id)
    return order


def _decided(session: Session, order: SalesOrder) -> Decided:
    return Decided(order.id, order.number, order.state, active_holds(session, [order.id]).get(order.id, ()))


def approve_order(session: Session, command: ApproveOrder, *, now: datetime) -> Decided:
    """Approve a received order.

    Raises:
        Refusal: order_not_found, order_in_other_state, order_is_held.
    """
    order = the_order(session, command.order_id, command.by)
    if order.state == "approved":
        return _decided(session, order)
    check_step(order.number, order.state, "approved")
    holds = active_holds(session, [order.id]).get(order.id)
    if holds:
        raise Refusal("order_is_held", number=order.number, reasons=holds)
    order.state, order.state_at, order.approved_at, order.wait_reason = "approved", now, now, ""
    session.flush()
    emit(
        session,
        OrderApproved(warehouse_id=order.warehouse_id, order_id=order.id, number=order.number),
        now=now,
    )
    return _decided(session, order)


def hold_order(session: Session, command: HoldOrder, *, now: datetime) -> Decided:
    """Hold an order in any state but an ended one; the same reason twice is one hold.

    Raises:
        Refusal: order_not_found, hold_reason_unknown, order_is_over.
    """
    check_hold_reason(command.reason)
    order = the_order(session, command.order_id, command.by)
    if order.state in OVER:
        raise Refusal("order_is_over", number=order.number, state=order.state)
    detail = {"note": command.note} if command.note else {}
    place_hold(session, order, command.reason, by=command.by, now=now, detail=detail)
    return _decided(session, order)


def place_hold(
    session: Session,
    order: SalesOrder,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """Open a hold and tell it; False when the same reason holds it already. The caller has locked the order."""
    known = session.scalars(
        select(OrderHold).where(
            OrderHold.order_id == order.id, OrderHold.reason == reason, OrderHold.released_at.is_(None)
        )
    ).first()
    if known is not None:
        known.detail = known.detail | dict(detail or {})
        session.flush()
        return False
    hold = OrderHold(
        order_id=order.id,
        reason=reason,
        detail=dict(detail or {}),
        since_at=now,
        held_by=by.user_id,
        release_note="",
    )
    session.add(hold)
    session.flush()
    told = OrderHeld(
        warehouse_id=order.warehouse_id,
        order_id=order.id,
        number=order.number,
        reason=reason,
        state=order.state,
    )
    emit(session, told, now=now)
    return True


def release_hold(session: Session, command: ReleaseHold, *, now: datetime) -> Decided:
    """Close an open hold.

    Raises:
        Refusal: order_not_found, hold_not_open.
    """
    order = the_order(session, command.order_id, command.by)
    hold = session.scalars(
        select(OrderHold).where(
            OrderHold.order_id == order.id,
            OrderHold.reason == command.reason,
            OrderHold.released_at.is_(None),
        )
    ).first()
    if hold is None:
        raise Refusal("hold_not_open", number=order.number, reason=command.reason)
    hold.released_at, hold.released_by, hold.release_note = now, command.by.user_id, command.note
    session.flush()
    decided = _decided(session, order)
    told = OrderHoldReleased(
        warehouse_id=order.warehouse_id,
        order_id=order.id,
        number=order.number,
        reason=command.reason,
        still_held=bool(decided.holds),
    )
    emit(session, told, now=now)
    return decided


def cancel_order(session: Session, command: CancelOrder, *, now: datetime) -> Decided:
    """Cancel at once where no work has begun; else hold it, so that goods under way are put back first.

    Raises:
        Refusal: order_not_found, order_is_over when it has been shipped.
    """
    order = the_order(session, command.order_id, command.by)
    cancel(session, order, by=command.by, now=now, note=command.note)
    return _decided(session, order)


def cancel(session: Session, order: SalesOrder, *, by: Actor, now: datetime, note: str = "") -> None:
    """As `cancel_order`, for a locked order.

    Raises:
        Refusal: order_is_over.
    """
    if order.state == "shipped":
        raise Refusal("order_is_over", number=order.number, state=order.state)
    if order.state in NOT_BEGUN:
        release_promises(session, [order.id], now=now)
        cancel_now(session, order, by=by, now=now)
    elif order.state != "cancelled":
        place_hold(session, order, "cancelled", by=by, now=now, detail={"note": note} if note else {})


def prioritise_order(session: Session, command: PrioritiseOrder, *, now: datetime) -> Decided:
    """Change the order's place in the queue.

    Raises:
        Refusal: order_not_found, order_is_over.
    """
    order = the_order(session, command.order_id, command.by)
    if order.state in OVER:
        raise Refusal("order_is_over", number=order.number, state=order.state)
    order.priority = command.priority
    session.flush()
    return _decided(session, order)
