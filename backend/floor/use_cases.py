"""Handing out floor work. The rooms whose work it is call these inside their own verbs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, upsert
from backend.core.errors import Forbidden, NotFound, Refusal
from backend.core.events import Event
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.floor.events import (
    TaskCancelled,
    TaskClaimed,
    TaskFinished,
    TaskLost,
    TaskOpened,
    TaskPrioritised,
    TaskResumed,
    TaskSuspended,
    TaskTakenOver,
)
from backend.floor.models import FloorTask, Whereabouts
from backend.floor.queries import held_task, here_of, open_candidates
from backend.floor.rules import NewTask, TaskState, best_first, check_may, kinds_for

_ROUNDS = 5


def open_tasks(session: Session, tasks: Sequence[NewTask], *, now: datetime) -> list[int]:
    """Put work into the pool, many pieces in few statements; their ids in the order given."""
    rows = [
        {
            "kind": task.kind, "warehouse_id": task.warehouse_id, "ref_id": task.ref_id, "state": TaskState.OPEN,
            "priority": task.priority, "due_at": task.due_at, "zone_id": task.zone_id, "x_mm": task.x_mm,
            "y_mm": task.y_mm, "floor": task.floor, "opened_at": now,
        }
        for task in tasks
    ]  # fmt: skip
    ids = bulk_insert(session, FloorTask, rows)
    news: dict[tuple[int, str], list[int]] = defaultdict(list)
    for task, task_id in zip(tasks, ids, strict=True):
        news[task.warehouse_id, task.kind].append(task_id)
    for (warehouse_id, kind), opened in news.items():
        emit(session, TaskOpened(warehouse_id=warehouse_id, kind=kind, task_ids=tuple(opened)), now=now)
    return ids


def claim_next(
    session: Session, *, warehouse_id: int, kinds: Sequence[str] = (), by: Actor, now: datetime
) -> FloorTask | None:
    """Give the caller the next best task; the one already in hand comes first (after a crash, on a new device).

    Returns:
        The task, or None when there is no work of these kinds.

    Raises:
        Forbidden: `outside_scope`, `job_not_allowed`.
        Refusal: `already_on_task` when the task in hand is of another kind.
    """
    by.check_warehouse(warehouse_id)
    may = kinds_for(by.permissions, kinds)
    if not may:
        check_may(kinds[0] if kinds else "pick", by.permissions)
    _stand_in_line(session, warehouse_id, by, now)
    held = held_task(session, by.user_id)
    if held:
        if held[1] not in may:
            raise Refusal("already_on_task", task_id=held[2], kind=held[1])
        return session.get_one(FloorTask, held[0], populate_existing=True)
    here = here_of(session, by.user_id, warehouse_id)
    for _ in range(_ROUNDS):
        candidates = open_candidates(session, warehouse_id, may)
        if not candidates:
            return None
        for candidate in best_first(candidates, here):
            if _take(session, candidate.id, by, now):
                return _claimed(session, candidate.id, by, now)
    return None


def claim(session: Session, task_id: int, *, by: Actor, now: datetime) -> FloorTask:
    """Give the caller this task. Claiming the task one holds already is no error.

    Raises:
        NotFound: `floor_task_not_found`.
        Forbidden: `outside_scope`, `job_not_allowed`.
        Refusal: `task_taken` (somebody has it, or it is over), `already_on_task`.
    """
    task = _task(session, task_id)
    by.check_warehouse(task.warehouse_id)
    check_may(task.kind, by.permissions)
    _stand_in_line(session, task.warehouse_id, by, now)
    held = held_task(session, by.user_id)
    if held and held[0] == task_id:
        return task
    if held:
        raise Refusal("already_on_task", task_id=held[2], kind=held[1])
    if not _take(session, task_id, by, now):
        session.refresh(task)
        raise Refusal("task_taken", task_id=task.ref_id, state=task.state, user_id=task.claimed_by)
    return _claimed(session, task_id, by, now)


def take_over(session: Session, task_id: int, *, by: Actor, now: datetime) -> FloorTask:
    """Go on with a colleague's task: a suspended one, or with the right to supervise also one in hand.

    Raises:
        Refusal: `still_in_work` (ask the colleague to suspend it), `task_over`, `already_on_task`.
    """
    task = _task(session, task_id)
    by.check_warehouse(task.warehouse_id)
    check_may(task.kind, by.permissions)
    _stand_in_line(session, task.warehouse_id, by, now)
    held = held_task(session, by.user_id)
    if held and held[0] != task_id:
        raise Refusal("already_on_task", task_id=held[2], kind=held[1])
    if task.state == TaskState.CLAIMED and task.claimed_by != by.user_id and not by.may("supervise"):
        raise Refusal("still_in_work", task_id=task.ref_id, user_id=task.claimed_by)
    before = task.claimed_by
    taken = session.connection().execute(
        update(FloorTask)
        .where(
            FloorTask.id == task_id,
            FloorTask.state.in_([TaskState.CLAIMED, TaskState.SUSPENDED]),
            FloorTask.claimed_by == before,
        )
        .values(state=TaskState.CLAIMED, claimed_by=by.user_id, device_id=by.device_id, claimed_at=now)
    )
    session.refresh(task)
    if not taken.rowcount:
        raise Refusal("task_over", task_id=task.ref_id, state=task.state)
    if before == by.user_id:
        return task
    _tell(session, TaskTakenOver, task, now, user_id=by.user_id, from_user_id=before)
    if before is not None and by.user_id is not None:
        lost = TaskLost(
            user_id=before, kind=task.kind, task_id=task.id, ref_id=task.ref_id, to_user_id=by.user_id
        )
        emit(session, lost, now=now)
    return task


def suspend(session: Session, task_id: int, *, by: Actor, now: datetime) -> None:
    """Put the task aside; it stays with the caller until a colleague takes it over.

    Raises:
        Refusal: `task_not_in_hand`.
    """
    task = _move(session, task_id, TaskState.CLAIMED, TaskState.SUSPENDED, by)
    _tell(session, TaskSuspended, task, now, user_id=by.user_id)


def resume(session: Session, task_id: int, *, by: Actor, now: datetime) -> None:
    """Take up again what the caller has put aside.

    Raises:
        Refusal: `task_not_in_hand` (a colleague has it now), `already_on_task`.
    """
    task = _task(session, task_id)
    _stand_in_line(session, task.warehouse_id, by, now)
    held = held_task(session, by.user_id)
    if held and held[0] == task_id:
        return
    if held:
        raise Refusal("already_on_task", task_id=held[2], kind=held[1])
    task = _move(session, task_id, TaskState.SUSPENDED, TaskState.CLAIMED, by)
    _tell(session, TaskResumed, task, now, user_id=by.user_id)


def finish(session: Session, task_id: int, *, by: Actor, now: datetime) -> None:
    """The work is done.

    Raises:
        Refusal: `task_not_in_hand`.
    """
    task = _move(session, task_id, TaskState.CLAIMED, TaskState.DONE, by)
    task.closed_at = now
    _tell(session, TaskFinished, task, now, user_id=by.user_id)


def cancel(session: Session, task_ids: Sequence[int], *, now: datetime) -> list[int]:
    """Withdraw tasks that nobody has begun; the ids of those that were still open."""
    cancelled = session.execute(
        update(FloorTask)
        .where(FloorTask.id.in_(task_ids), FloorTask.state == TaskState.OPEN)
        .values(state=TaskState.CANCELLED, closed_at=now)
        .returning(FloorTask.id)
    )
    ids = sorted(cancelled.scalars())
    for task in session.scalars(
        select(FloorTask).where(FloorTask.id.in_(ids)).execution_options(populate_existing=True)
    ):
        _tell(session, TaskCancelled, task, now, user_id=task.claimed_by)
    return ids


def note_whereabouts(
    session: Session, *, warehouse_id: int, location_id: int | None, floor_task_id: int | None, by: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Remember where the caller was seen; a scan made off-line counts for when it was made."""
    if by.user_id is None:
        return
    at = by.at(now)
    put = {
        "warehouse_id": warehouse_id, "device_id": by.device_id, "location_id": location_id,
        "floor_task_id": floor_task_id, "seen_at": at, "last_scan_at": at,
    }  # fmt: skip
    upsert(session, Whereabouts, keys={"user_id": by.user_id}, put=put)


@dataclass(frozen=True, kw_only=True)
class Prioritise(Command):
    """Move a task up or down the pool; smaller numbers go first."""

    task_id: int
    priority: int


def prioritise(session: Session, command: Prioritise, *, now: datetime) -> None:
    """Change what a task is worth.

    Raises:
        NotFound: `floor_task_not_found`.
        Refusal: `task_over`.
    """
    task = _task(session, command.task_id)
    command.by.check_warehouse(task.warehouse_id)
    if task.state in (TaskState.DONE, TaskState.CANCELLED):
        raise Refusal("task_over", task_id=task.ref_id, state=task.state)
    task.priority = command.priority
    session.flush()
    _tell(session, TaskPrioritised, task, now, priority=command.priority)


def _task(session: Session, task_id: int) -> FloorTask:
    task = session.get(FloorTask, task_id, populate_existing=True)
    if task is None:
        raise NotFound("floor_task_not_found", task_id=task_id)
    return task


def _stand_in_line(session: Session, warehouse_id: int, by: Actor, now: datetime) -> None:
    """Write the caller's own row first: two devices of one person cannot both get a task."""
    if by.user_id is None:
        raise Forbidden("person_needed")
    put = {"warehouse_id": warehouse_id, "device_id": by.device_id, "seen_at": now}
    upsert(session, Whereabouts, keys={"user_id": by.user_id}, put=put)


def _take(session: Session, task_id: int, by: Actor, now: datetime) -> bool:
    taken = session.connection().execute(
        update(FloorTask)
        .where(FloorTask.id == task_id, FloorTask.state == TaskState.OPEN)
        .values(state=TaskState.CLAIMED, claimed_by=by.user_id, device_id=by.device_id, claimed_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)


def _claimed(session: Session, task_id: int, by: Actor, now: datetime) -> FloorTask:
    task = _task(session, task_id)
    _tell(session, TaskClaimed, task, now, user_id=by.user_id)
    return task


def _move(session: Session, task_id: int, before: TaskState, after: TaskState, by: Actor) -> FloorTask:
    moved = session.connection().execute(
        update(FloorTask)
        .where(FloorTask.id == task_id, FloorTask.state == before, FloorTask.claimed_by == by.user_id)
        .values(state=after)
        .execution_options(synchronize_session=False)
    )
    task = _task(session, task_id)
    if not moved.rowcount:
        raise Refusal("task_not_in_hand", task_id=task.ref_id, state=task.state, user_id=task.claimed_by)
    return task


def _tell(session: Session, kind: type[Event], task: FloorTask, now: datetime, **facts: int | None) -> None:
    body = {"warehouse_id": task.warehouse_id, "kind": task.kind, "task_id": task.id, "ref_id": task.ref_id}
    emit(session, kind(**body, **facts), now=now)
