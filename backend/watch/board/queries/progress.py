"""How far the waves are, and who is doing what where."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, case, func, or_, select
from sqlalchemy.orm import Session

from backend.floor.models import Whereabouts
from backend.master.layout.models import Location
from backend.master.people.models import User
from backend.outbound.picking.models import PickLine, PickTask
from backend.outbound.waves.models import Wave
from backend.watch.board.queries.flow import PersonPace
from backend.watch.board.rules import PACE_WINDOW, lines_per_hour

_LIVE = ("composed", "planning", "planned", "released")
_AT_WORK = ("open", "claimed", "suspended")
_MOST_WAVES = 60


@dataclass(frozen=True)
class TaskCount:
    """A pick task with its lines counted; short lines are done too."""

    id: int
    wave_id: int | None
    state: str
    picker_id: int | None
    lines: int
    lines_done: int
    lines_short: int


@dataclass(frozen=True)
class WaveRow:
    """A wave on the board."""

    id: int
    number: str
    state: str
    due_at: datetime | None
    lines: int
    lines_done: int
    lines_short: int
    tasks: int
    tasks_done: int


@dataclass(frozen=True)
class PickerRow:
    """A person on the board; `lines` are those of the task in hand."""

    user_id: int
    name: str
    task_id: int | None
    location_code: str | None
    lines_done: int
    lines: int
    lines_per_hour: int
    last_scan_at: datetime | None


def task_counts(session: Session, warehouse_id: int) -> list[TaskCount]:
    """Every task that is at work or belongs to a wave that is."""
    done = func.sum(case((PickLine.state.in_(("picked", "short", "stopped")), 1), else_=0)).cast(Integer)
    short = func.sum(case((PickLine.short_qty > 0, 1), else_=0)).cast(Integer)
    live = select(Wave.id).where(Wave.warehouse_id == warehouse_id, Wave.state == "released")
    rows = session.execute(
        select(
            PickTask.id, PickTask.wave_id, PickTask.state, PickTask.picker_id, func.count(PickLine.id), done, short
        )
        .outerjoin(PickLine, PickLine.task_id == PickTask.id)
        .where(PickTask.warehouse_id == warehouse_id)
        .where(or_(PickTask.state.in_(_AT_WORK), PickTask.wave_id.in_(live)))
        .group_by(PickTask.id, PickTask.wave_id, PickTask.state, PickTask.picker_id)
    )  # fmt: skip
    return [TaskCount(*row[:5], row[5] or 0, row[6] or 0) for row in rows]


def wave_rows(
    session: Session, warehouse_id: int, tasks: Sequence[TaskCount], *, since: datetime
) -> list[WaveRow]:
    """Waves that are not over, and those that were done since; the most urgent first."""
    live = or_(Wave.state.in_(_LIVE), (Wave.state == "done") & (Wave.closed_at >= since))
    rows = session.execute(
        select(Wave.id, Wave.number, Wave.state, Wave.due_at, Wave.lines)
        .where(Wave.warehouse_id == warehouse_id, live)
        .order_by(Wave.due_at.is_(None), Wave.due_at, Wave.id)
        .limit(_MOST_WAVES)
    ).all()
    mine: dict[int | None, list[TaskCount]] = defaultdict(list)
    for task in tasks:
        mine[task.wave_id].append(task)
    return [_wave(row, mine[row.id]) for row in rows]


def _wave(row: Any, tasks: list[TaskCount]) -> WaveRow:
    if not tasks:  # not released yet, or over: the wave's own count is all there is
        done = row.lines if row.state == "done" else 0
        return WaveRow(row.id, row.number, row.state, row.due_at, row.lines, done, 0, 0, 0)
    counted = [task for task in tasks if task.state != "cancelled"]
    return WaveRow(
        row.id,
        row.number,
        row.state,
        row.due_at,
        sum(task.lines for task in counted),
        sum(task.lines_done for task in counted),
        sum(task.lines_short for task in counted),
        len(counted),
        sum(task.state == "done" for task in counted),
    )


def picker_rows(
    session: Session,
    warehouse_id: int,
    tasks: Sequence[TaskCount],
    paces: Mapping[int, PersonPace],
    *,
    now: datetime,
) -> list[PickerRow]:
    """Everybody with a task in hand or seen within the hour, by name."""
    in_hand = {task.picker_id: task for task in tasks if task.state == "claimed" and task.picker_id}
    rows = session.execute(
        select(Whereabouts.user_id, User.name, Location.code, Whereabouts.last_scan_at)
        .join(User, User.id == Whereabouts.user_id)
        .outerjoin(Location, Location.id == Whereabouts.location_id)
        .where(Whereabouts.warehouse_id == warehouse_id)
        .where(or_(Whereabouts.seen_at >= now - PACE_WINDOW, Whereabouts.user_id.in_(list(in_hand))))
        .order_by(User.name, User.id)
    )
    found = []
    for user_id, name, code, last_scan_at in rows:
        task, pace = in_hand.get(user_id), paces.get(user_id)
        found.append(
            PickerRow(
                user_id,
                name,
                task.id if task else None,
                code,
                task.lines_done if task else 0,
                task.lines if task else 0,
                lines_per_hour(pace.lines, pace.first_at, now, PACE_WINDOW) if pace else 0,
                last_scan_at,
            )
        )
    return found
