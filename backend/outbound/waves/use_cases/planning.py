"""Asking for a plan, following it, stopping it, writing it down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert
from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.jobs import enqueue
from backend.core.outbox import emit
from backend.outbound.waves.events import WavePlanFailed, WavePlanned, WavePlanProgressed, WavePlanStarted
from backend.outbound.waves.models import Wave, WaveBatch, WaveBatchOrder, WaveOrder, WaveStrategy
from backend.outbound.waves.queries import WaveRow, wave_row
from backend.outbound.waves.rules import WaveState
from backend.outbound.waves.use_cases.releasing import release_now, row_of, wave_in

PLAN_JOB = "waves.plan"


@dataclass(frozen=True, kw_only=True)
class PlanWave(Command):
    """Compute batches and routes; `seconds` of thinking, the strategy's by default."""

    wave_id: int
    seconds: int | None = None
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class StopPlan(Command):
    """Stop thinking: take the best plan so far."""

    wave_id: int


@dataclass(frozen=True, kw_only=True)
class NotePlanProgress(Command):
    """A better plan or a better bound was found."""

    wave_id: int
    best_mm: int
    bound_mm: int | None
    seconds: int


@dataclass(frozen=True, kw_only=True)
class FailPlan(Command):
    """The optimiser gave up."""

    wave_id: int
    error: str


@dataclass(frozen=True)
class PlannedBatch:
    """Orders of a cart by slot (1, 2, …), location ids in walking order."""

    order_ids: tuple[int, ...]
    sequence: tuple[int, ...]
    route_mm: int


@dataclass(frozen=True, kw_only=True)
class RecordPlan(Command):
    """The optimiser's answer."""

    wave_id: int
    batches: tuple[PlannedBatch, ...]
    objective_mm: int
    bound_mm: int | None
    status: str
    elapsed_s: int


def plan_wave(session: Session, command: PlanWave, *, now: datetime) -> WaveRow:
    """Have the plan computed by a worker; a planned wave may be planned again, with more time or another seed.

    Raises:
        NotFound: `wave_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `wave_state` when the wave is being planned already, released or over.

    Transitions:
        → progress; a plan → release.
    """
    wave = wave_in(session, command.wave_id, (WaveState.COMPOSED, WaveState.PLANNED), WaveState.PLANNING)
    command.by.check_warehouse(wave.warehouse_id)
    strategy = session.get_one(WaveStrategy, wave.strategy_id)
    seconds = command.seconds or strategy.plan_seconds
    wave.plan_stop, wave.plan_best_mm, wave.plan_bound_mm, wave.plan_elapsed_s = False, None, None, 0
    wave.plan_status = None
    session.flush()
    payload = {"wave_id": wave.id, "seconds": seconds, "seed": command.seed}
    enqueue(session, PLAN_JOB, payload, now=now, key=f"{PLAN_JOB}:{wave.id}:{command.by.command_id}")
    started = WavePlanStarted(warehouse_id=wave.warehouse_id, wave_id=wave.id, seconds=seconds)
    emit(session, started, now=now)
    return wave_row(wave, strategy.name)


def stop_plan(session: Session, command: StopPlan, *, now: datetime) -> WaveRow:
    """Ask the optimiser for its best so far; the plan follows within a second or two.

    Raises:
        NotFound: `wave_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `wave_state` when nothing is being planned.
    """
    wave = wave_in(session, command.wave_id, (WaveState.PLANNING,), WaveState.PLANNING)
    command.by.check_warehouse(wave.warehouse_id)
    wave.plan_stop = True
    session.flush()
    return row_of(session, wave)


def note_plan_progress(session: Session, command: NotePlanProgress, *, now: datetime) -> None:
    """Write how far the optimiser is, and tell it. A wave that is no longer planned is left alone."""
    noted = session.execute(
        update(Wave)
        .where(Wave.id == command.wave_id, Wave.state == WaveState.PLANNING)
        .values(plan_best_mm=command.best_mm, plan_bound_mm=command.bound_mm, plan_elapsed_s=command.seconds)
        .returning(Wave.warehouse_id)
    ).scalar_one_or_none()
    if noted is None:
        return
    progress = WavePlanProgressed(
        warehouse_id=noted,
        wave_id=command.wave_id,
        best_mm=command.best_mm,
        bound_mm=command.bound_mm,
        seconds=command.seconds,
    )
    emit(session, progress, now=now)


def fail_plan(session: Session, command: FailPlan, *, now: datetime) -> None:
    """The wave is composed again, so that a person can plan it anew or cancel it; nobody waits for ever."""
    failed = session.execute(
        update(Wave)
        .where(Wave.id == command.wave_id, Wave.state == WaveState.PLANNING)
        .values(state=WaveState.COMPOSED, plan_status="failed")
        .returning(Wave.warehouse_id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if failed is not None:
        emit(
            session,
            WavePlanFailed(warehouse_id=failed, wave_id=command.wave_id, error=command.error),
            now=now,
        )


def record_plan(session: Session, command: RecordPlan, *, now: datetime) -> WaveRow | None:
    """Write batches, seats and routes; an earlier plan of the wave is replaced.

    A plan that nobody waits for any more is dropped, and so is one that does not cover the wave's orders.

    Raises:
        Refusal: `plan_incomplete` when an order of the wave is in no batch or in two.
    """
    wave = session.get(Wave, command.wave_id, populate_existing=True)
    if wave is None or wave.state != WaveState.PLANNING:
        return None
    groups = _groups(session, wave.id)
    seated = [order_id for batch in command.batches for order_id in batch.order_ids]
    if sorted(seated) != sorted(groups):
        raise Refusal("plan_incomplete", wave_id=wave.id, orders=len(groups), seated=len(seated))
    _replace_batches(session, wave.id, command.batches, groups)
    wave.state, wave.planned_at = WaveState.PLANNED, now
    wave.plan_best_mm, wave.plan_bound_mm = command.objective_mm, command.bound_mm
    wave.plan_status, wave.plan_elapsed_s = command.status, command.elapsed_s
    session.flush()
    planned = WavePlanned(
        warehouse_id=wave.warehouse_id, wave_id=wave.id, batches=len(command.batches),
        route_mm=command.objective_mm, bound_mm=command.bound_mm, status=command.status,
    )  # fmt: skip
    emit(session, planned, now=now)
    if wave.auto_release:
        release_now(session, wave, by=command.by, now=now)
    return row_of(session, wave)


def _groups(session: Session, wave_id: int) -> dict[int, str]:
    rows = session.execute(
        select(WaveOrder.order_id, WaveOrder.group_key).where(
            WaveOrder.wave_id == wave_id, WaveOrder.state == "in"
        )
    )
    return {row.order_id: row.group_key for row in rows}


def _replace_batches(
    session: Session, wave_id: int, batches: Sequence[PlannedBatch], groups: dict[int, str]
) -> None:
    old = select(WaveBatch.id).where(WaveBatch.wave_id == wave_id)
    session.execute(delete(WaveBatchOrder).where(WaveBatchOrder.batch_id.in_(old)))
    session.execute(delete(WaveBatch).where(WaveBatch.wave_id == wave_id))
    rows = [
        {
            "wave_id": wave_id, "no": no, "group_key": groups[batch.order_ids[0]], "route_mm": batch.route_mm,
            "bound_mm": None, "sequence": list(batch.sequence),
        }
        for no, batch in enumerate(batches, 1)
    ]  # fmt: skip
    ids = bulk_insert(session, WaveBatch, rows)
    seats = [
        {"batch_id": batch_id, "order_id": order_id, "slot_no": slot_no}
        for batch_id, batch in zip(ids, batches, strict=True)
        for slot_no, order_id in enumerate(batch.order_ids, 1)
    ]
    bulk_insert(session, WaveBatchOrder, seats)
