"""Small corrections on the way: leaving a line for later, and writing down scans that were refused."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.outbound.picking.events import LineSkipped, MisScanned
from backend.outbound.picking.models import MisScan, PickLine, PickTask
from backend.outbound.picking.queries import line_facts
from backend.outbound.picking.rules import TO_DO, LineState
from backend.outbound.picking.use_cases.turn import Answer, answer, take_turn

_LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class SkipLine(Command):
    """Leave this line for the end."""

    task_id: int
    line_id: int


@dataclass(frozen=True, kw_only=True)
class RecordMisScan(Command):
    """The handheld refused this scan at this step."""

    task_id: int
    step: str
    scanned: str
    expected: str
    line_id: int | None = None


def skip_line(session: Session, command: SkipLine, *, now: datetime) -> Answer:
    """The line comes last, after all others.

    Raises:
        NotFound: `task_not_found`, `line_not_found`.
        Refusal: those of `rules.check_picker`; `line_already_done`.

    Transitions:
        → the next open line; only skipped ones left → the first of them.
    """
    turn = take_turn(session, command.task_id, command.by)
    line = line_facts(session, command.task_id, command.line_id)
    if line.state not in TO_DO:
        raise Refusal("line_already_done", line_id=line.id, state=line.state, put_back_to=line.location_code)
    last = session.scalar(select(func.max(PickLine.seq)).where(PickLine.task_id == turn.task_id)) or 0
    session.execute(
        update(PickLine)
        .where(PickLine.id == line.id)
        .values(state=LineState.SKIPPED, seq=last + 1)
        .execution_options(synchronize_session=False)
    )
    skipped = LineSkipped(
        warehouse_id=turn.warehouse_id, task_id=turn.task_id, line_id=line.id, user_id=command.by.user_id or 0
    )
    emit(session, skipped, now=now)
    return answer(session, turn)


def record_mis_scan(session: Session, command: RecordMisScan, *, now: datetime) -> Answer:
    """Write down an error that was caught. Never refuses: a handheld does not wait for the answer.

    A task that does not exist, or is not the caller's warehouse's, leaves no trace.
    """
    by = command.by
    warehouse_id = session.scalar(select(PickTask.warehouse_id).where(PickTask.id == command.task_id))
    if warehouse_id is None or (by.warehouses is not None and warehouse_id not in by.warehouses):
        return Answer(None, "warn", None)
    session.execute(
        insert(MisScan).values(
            warehouse_id=warehouse_id, task_id=command.task_id, line_id=command.line_id, step=command.step,
            scanned=command.scanned[:_LONGEST], expected=command.expected[:_LONGEST], user_id=by.user_id, at=by.at(now),
        )
    )  # fmt: skip
    told = MisScanned(
        warehouse_id=warehouse_id, task_id=command.task_id, line_id=command.line_id, step=command.step,
        scanned=command.scanned[:_LONGEST], expected=command.expected[:_LONGEST], user_id=by.user_id,
    )  # fmt: skip
    emit(session, told, now=now)
    return Answer(None, "warn", command.line_id)
