"""The picker's turn: whose task it is, locked for this command by the rise of its version."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.outbound.picking.models import PickLine, PickTask
from backend.outbound.picking.queries import next_line_id, sheet_of
from backend.outbound.picking.rules import TaskView, check_picker, line_state


@dataclass(frozen=True, slots=True)
class Turn:
    """A task in the hands of its picker for one command."""

    task_id: int
    floor_task_id: int | None
    wave_id: int | None
    warehouse_id: int
    mode: str
    scan_each: bool
    state: str
    picker_id: int | None
    past_picker_ids: list[int]
    version: int


@dataclass(frozen=True)
class Answer:
    """What a picking command answers: how to feel about it, where to go next, and the task or what changed in it.

    `tone` is ok, warn or stop. `task` is left out when the device said that it knows the version before this command;
    `change` is enough for it then.
    """

    task: dict[str, Any] | None
    tone: str
    next_line_id: int | None
    change: dict[str, Any] | None = None


_TAKE_TURN = (
    update(PickTask)
    .where(PickTask.id == bindparam("b_id"))
    .values(version=PickTask.version + 1)
    .returning(
        PickTask.id, PickTask.floor_task_id, PickTask.wave_id, PickTask.warehouse_id, PickTask.mode,
        PickTask.scan_each, PickTask.state, PickTask.picker_id, PickTask.past_picker_ids, PickTask.version,
    )
    .execution_options(synchronize_session=False)
)  # fmt: skip


def lock_task(session: Session, task_id: int) -> Turn:
    """Raise the task's version, which locks it for this transaction, whoever asks.

    Raises:
        NotFound: `task_not_found`.
    """
    row = session.connection().execute(_TAKE_TURN, {"b_id": task_id}).first()
    if row is None:
        raise NotFound("task_not_found", task_id=task_id)
    return Turn(*tuple(row))


def take_turn(session: Session, task_id: int, by: Actor) -> Turn:
    """The same, for its picker only.

    Raises:
        NotFound: `task_not_found`.
        Forbidden: `outside_scope`.
        Refusal: those of `rules.check_picker`.
    """
    turn = lock_task(session, task_id)
    by.check_warehouse(turn.warehouse_id)
    view = TaskView(turn.task_id, turn.state, turn.picker_id)
    check_picker(view, by.user_id, was_picker=by.user_id in turn.past_picker_ids)
    return turn


def answer(session: Session, turn: Turn, *, tone: str = "ok") -> Answer:
    """The reply to a picking command: the whole task, and the line to go to."""
    return Answer(sheet_of(session, turn.task_id), tone, next_line_id(session, turn.task_id))


def brief_answer(
    session: Session, turn: Turn, following: int | None, *, change: dict[str, Any], knows_version: int | None
) -> Answer:
    """The reply to a scan: what changed, and the whole task only for a device that missed something before."""
    change = {"version": turn.version, **change}
    task = None if knows_version == turn.version - 1 else sheet_of(session, turn.task_id)
    return Answer(task, "ok", following, change)


_SET_LINE = (
    update(PickLine)
    .where(PickLine.id == bindparam("b_id"))
    .values(
        qty=bindparam("b_qty"), picked_qty=bindparam("b_picked"), short_qty=bindparam("b_short"), state=bindparam("b_state")
    )
    .execution_options(synchronize_session=False)
)  # fmt: skip


def set_line(
    session: Session, line_id: int, qty: int, picked: int, short: int, *, skipped: bool = False
) -> str:
    """Write a line's sums and the state that follows from them."""
    state = line_state(qty, picked, short, skipped=skipped)
    session.connection().execute(
        _SET_LINE,
        {"b_id": line_id, "b_qty": qty, "b_picked": picked, "b_short": short, "b_state": str(state)},
    )
    return str(state)
