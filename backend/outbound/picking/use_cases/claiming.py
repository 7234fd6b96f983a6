"""Getting a task, putting it aside, going on with it, taking over a colleague's cart."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.floor import use_cases as floor
from backend.orders.use_cases import mark_picking
from backend.outbound.picking.events import PickStarted
from backend.outbound.picking.models import PickTask, PickTote
from backend.outbound.picking.queries import sheet_of
from backend.outbound.picking.rules import TaskState
from backend.outbound.picking.use_cases.turn import Answer, Turn, answer, lock_task, take_turn


@dataclass(frozen=True, kw_only=True)
class ClaimNextTask(Command):
    """Give me work."""

    warehouse_id: int


@dataclass(frozen=True, kw_only=True)
class ClaimTask(Command):
    """Give me this task."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class SuspendTask(Command):
    """Put the task aside."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class ResumeTask(Command):
    """Go on with what I put aside."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class TakeOverTask(Command):
    """Go on with a colleague's cart."""

    task_id: int


@dataclass(frozen=True)
class Claimed:
    """The task, or none when there is no work."""

    task: dict[str, Any] | None


def claim_next_task(session: Session, command: ClaimNextTask, *, now: datetime) -> Claimed:
    """The next best task for the caller; the one in hand comes back after a crash or on another device.

    Raises:
        Forbidden: `outside_scope`, `job_not_allowed`, `person_needed`.
        Refusal: `already_on_task`.

    Transitions:
        a task → bind totes; none → waiting for work.
    """
    by = command.by
    held = floor.claim_next(session, warehouse_id=command.warehouse_id, kinds=("pick",), by=by, now=now)
    if held is None:
        return Claimed(None)
    _hand_over(session, held.ref_id, by, now)
    return Claimed(sheet_of(session, held.ref_id))


def claim_task(session: Session, command: ClaimTask, *, now: datetime) -> Claimed:
    """This task for the caller, and for nobody else.

    Raises:
        NotFound: `task_not_found`.
        Forbidden: `outside_scope`, `job_not_allowed`, `person_needed`.
        Refusal: `task_taken`, `already_on_task`.

    Transitions:
        → bind totes.
    """
    floor.claim(session, _floor_id(session, command.task_id), by=command.by, now=now)
    _hand_over(session, command.task_id, command.by, now)
    return Claimed(sheet_of(session, command.task_id))


def suspend_task(session: Session, command: SuspendTask, *, now: datetime) -> Answer:
    """Put the cart aside; goods stay in their totes, the task stays the caller's until somebody takes it over.

    Raises:
        NotFound: `task_not_found`.
        Refusal: those of `rules.check_picker`.

    Transitions:
        → the list of tasks.
    """
    turn = take_turn(session, command.task_id, command.by)
    floor.suspend(session, _floor_id(session, command.task_id), by=command.by, now=now)
    _set_state(session, command.task_id, TaskState.SUSPENDED)
    return answer(session, turn)


def resume_task(session: Session, command: ResumeTask, *, now: datetime) -> Answer:
    """Go on. Resuming a task that is in hand already is no error.

    Raises:
        NotFound: `task_not_found`.
        Refusal: `task_not_in_hand` (a colleague has it), `already_on_task`.

    Transitions:
        → the line where the caller stopped.
    """
    turn = lock_task(session, command.task_id)
    command.by.check_warehouse(turn.warehouse_id)
    floor.resume(session, _floor_id(session, command.task_id), by=command.by, now=now)
    _set_state(session, command.task_id, TaskState.CLAIMED)
    return answer(session, turn)


def take_over_task(session: Session, command: TakeOverTask, *, now: datetime) -> Answer:
    """Go on with a colleague's cart: suspended, or with the right to supervise also one in hand.

    Raises:
        NotFound: `task_not_found`.
        Forbidden: `outside_scope`, `job_not_allowed`, `person_needed`.
        Refusal: `still_in_work`, `task_over`, `already_on_task`.

    Transitions:
        → the line where the colleague stopped.
    """
    turn = lock_task(session, command.task_id)
    floor.take_over(session, _floor_id(session, command.task_id), by=command.by, now=now)
    past = list(turn.past_picker_ids)
    if turn.picker_id is not None and turn.picker_id != command.by.user_id:
        past = [each for each in past if each != turn.picker_id] + [turn.picker_id]
    session.execute(
        update(PickTask)
        .where(PickTask.id == command.task_id)
        .values(state=TaskState.CLAIMED, picker_id=command.by.user_id, past_picker_ids=past)
        .execution_options(synchronize_session=False)
    )
    return answer(session, turn)


def _floor_id(session: Session, task_id: int) -> int:
    floor_task_id = session.scalar(select(PickTask.floor_task_id).where(PickTask.id == task_id))
    if floor_task_id is None:
        raise NotFound("task_not_found", task_id=task_id)
    return floor_task_id


def _hand_over(session: Session, task_id: int, by: Actor, now: datetime) -> None:
    """Write the claim into the task. The first claim of all marks its orders as being picked."""
    turn = lock_task(session, task_id)
    if turn.state != TaskState.OPEN:
        return
    session.execute(
        update(PickTask)
        .where(PickTask.id == task_id)
        .values(state=TaskState.CLAIMED, picker_id=by.user_id, started_at=by.at(now))
        .execution_options(synchronize_session=False)
    )
    _begin_orders(session, turn, now)
    started = PickStarted(
        warehouse_id=turn.warehouse_id, task_id=task_id, wave_id=turn.wave_id, user_id=by.user_id or 0
    )
    emit(session, started, now=now)


def _begin_orders(session: Session, turn: Turn, now: datetime) -> None:
    order_ids = session.scalars(
        select(PickTote.order_id).where(PickTote.task_id == turn.task_id, PickTote.stopped.is_(None))
    ).all()
    mark_picking(session, order_ids, now=now)


def _set_state(session: Session, task_id: int, state: TaskState) -> None:
    session.execute(
        update(PickTask)
        .where(PickTask.id == task_id)
        .values(state=state)
        .execution_options(synchronize_session=False)
    )
