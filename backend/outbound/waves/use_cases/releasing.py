"""Giving a wave to the floor, taking it back, closing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.orders.models import SalesOrder
from backend.orders.queries import active_holds
from backend.orders.use_cases import conclude_cancellation
from backend.outbound.allocation.use_cases import deallocate_orders
from backend.outbound.waves.events import WaveCancelled, WaveDone, WaveReleased
from backend.outbound.waves.models import Wave, WaveBatch, WaveOrder, WaveStrategy
from backend.outbound.waves.queries import WaveRow, wave_row
from backend.outbound.waves.rules import WaveState


@dataclass(frozen=True, kw_only=True)
class ReleaseWave(Command):
    """Give the planned wave to the floor."""

    wave_id: int


@dataclass(frozen=True, kw_only=True)
class CancelWave(Command):
    """Take the wave back before anybody has begun."""

    wave_id: int


def wave_in(session: Session, wave_id: int, before: Sequence[WaveState], after: WaveState) -> Wave:
    """The wave, moved from one of these states to another by one conditional UPDATE.

    Raises:
        NotFound: `wave_not_found`.
        Refusal: `wave_state`.
    """
    moved = session.connection().execute(
        update(Wave)
        .where(Wave.id == wave_id, Wave.state.in_(before))
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    wave = session.get(Wave, wave_id, populate_existing=True)
    if wave is None:
        raise NotFound("wave_not_found", wave_id=wave_id)
    if not moved.rowcount:
        raise Refusal("wave_state", wave_id=wave_id, state=wave.state, needs=[str(each) for each in before])
    return wave


def row_of(session: Session, wave: Wave) -> WaveRow:
    """The wave as a list shows it."""
    return wave_row(wave, session.get_one(WaveStrategy, wave.strategy_id).name)


def release_wave(session: Session, command: ReleaseWave, *, now: datetime) -> WaveRow:
    """The picking room writes the tasks when it hears of it.

    Raises:
        NotFound: `wave_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `wave_state` (not planned yet, or released already).

    Transitions:
        → the floor.
    """
    wave = wave_in(session, command.wave_id, (WaveState.PLANNED,), WaveState.PLANNED)
    command.by.check_warehouse(wave.warehouse_id)
    release_now(session, wave, by=command.by, now=now)
    return row_of(session, wave)


def release_now(session: Session, wave: Wave, *, by: Actor, now: datetime) -> None:
    """Move a planned wave to the floor and tell it; orders that were held meanwhile stay behind."""
    _leave_held_behind(session, wave, by=by, now=now)
    batches = (
        session.scalar(select(func.count()).select_from(WaveBatch).where(WaveBatch.wave_id == wave.id)) or 0
    )
    wave.state, wave.released_at = WaveState.RELEASED, now
    session.flush()
    told = WaveReleased(
        warehouse_id=wave.warehouse_id,
        wave_id=wave.id,
        number=wave.number,
        batches=batches,
        orders=wave.orders,
    )
    emit(session, told, now=now)


def _leave_held_behind(session: Session, wave: Wave, *, by: Actor, now: datetime) -> None:
    order_ids = list(session.scalars(_orders_of(wave.id, SalesOrder.id)))
    held = active_holds(session, order_ids)
    if not held:
        return
    deallocate_orders(session, held, now=now)
    for order_id, reasons in held.items():
        session.execute(
            update(WaveOrder)
            .where(WaveOrder.wave_id == wave.id, WaveOrder.order_id == order_id)
            .values(state="returned", code="hold", facts={"reasons": list(reasons)})
        )
    conclude_cancellation(session, [each for each, why in held.items() if "cancelled" in why], by=by, now=now)
    wave.orders -= len(held)


def cancel_wave(session: Session, command: CancelWave, *, now: datetime) -> WaveRow:
    """Orders go back to the pool, their goods are no longer held at bins (but still promised).

    Raises:
        NotFound: `wave_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `wave_state`; `wave_in_work` when picking has begun.
    """
    living = (WaveState.COMPOSED, WaveState.PLANNING, WaveState.PLANNED, WaveState.RELEASED)
    wave = wave_in(session, command.wave_id, living, WaveState.CANCELLED)
    command.by.check_warehouse(wave.warehouse_id)
    begun = session.scalar(
        _orders_of(wave.id, func.count()).where(
            SalesOrder.state.in_(("picking", "picked", "packed", "shipped"))
        )
    )
    if begun:
        raise Refusal("wave_in_work", wave_id=wave.id, number=wave.number, orders_begun=begun)
    order_ids = list(session.scalars(_orders_of(wave.id, SalesOrder.id).where(SalesOrder.state == "in_wave")))
    deallocate_orders(session, order_ids, now=now)
    session.execute(
        update(WaveOrder)
        .where(WaveOrder.wave_id == wave.id, WaveOrder.state == "in")
        .values(state="returned")
    )
    wave.closed_at = now
    session.flush()
    emit(
        session,
        WaveCancelled(warehouse_id=wave.warehouse_id, wave_id=wave.id, orders=len(order_ids)),
        now=now,
    )
    return row_of(session, wave)


def finish_wave(session: Session, wave_id: int, *, now: datetime) -> None:
    """Close a released wave whose tasks are all over; any other wave is left alone."""
    closed = session.execute(
        update(Wave)
        .where(Wave.id == wave_id, Wave.state == WaveState.RELEASED)
        .values(state=WaveState.DONE, closed_at=now)
        .returning(Wave.warehouse_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if closed is not None:
        emit(session, WaveDone(warehouse_id=closed, wave_id=wave_id), now=now)


def _orders_of(wave_id: int, what: Any) -> Select[Any]:
    return (
        select(what)
        .select_from(SalesOrder)
        .join(WaveOrder, WaveOrder.order_id == SalesOrder.id)
        .where(WaveOrder.wave_id == wave_id, WaveOrder.state == "in")
    )
