"""What is in the pool, who holds it, who stands where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.floor.models import FloorTask, Whereabouts
from backend.floor.rules import Candidate, Spot, TaskState
from backend.master.layout.models import Location
from backend.master.people.models import User

_CHOICE = 60  # open tasks that are compared for "next best"; the pool is read in order of due time


@dataclass(frozen=True)
class PoolTask:
    """A floor task with the name of whoever holds it."""

    id: int
    kind: str
    warehouse_id: int
    ref_id: int
    state: str
    priority: int
    due_at: datetime | None
    zone_id: int | None
    claimed_by: int | None
    claimed_name: str | None
    claimed_at: datetime | None
    x_mm: int
    y_mm: int
    floor: int


@dataclass(frozen=True)
class Seen:
    """Where a person was last seen, and doing what."""

    user_id: int
    name: str
    device_id: int | None
    location_code: str | None
    x_mm: int | None
    y_mm: int | None
    floor: int | None
    floor_task_id: int | None
    seen_at: datetime
    last_scan_at: datetime | None


def here_of(session: Session, user_id: int | None, warehouse_id: int) -> Spot | None:
    """Where the person stands, as far as the last scan told."""
    row = session.execute(
        select(Location.x_mm, Location.y_mm, Location.floor)
        .join(Whereabouts, Whereabouts.location_id == Location.id)
        .where(Whereabouts.user_id == user_id, Location.warehouse_id == warehouse_id)
    ).first()
    return Spot(row.x_mm or 0, row.y_mm or 0, row.floor or 0) if row else None


def held_task(session: Session, user_id: int | None) -> tuple[int, str, int] | None:
    """(id, kind, ref_id) of the task the person is working on, if any."""
    row = session.execute(
        select(FloorTask.id, FloorTask.kind, FloorTask.ref_id).where(
            FloorTask.claimed_by == user_id, FloorTask.state == TaskState.CLAIMED
        )
    ).first()
    return (row.id, row.kind, row.ref_id) if row else None


def open_candidates(session: Session, warehouse_id: int, kinds: Sequence[str]) -> list[Candidate]:
    """The most urgent open tasks of these kinds."""
    rows = session.execute(
        select(
            FloorTask.id,
            FloorTask.due_at,
            FloorTask.priority,
            FloorTask.x_mm,
            FloorTask.y_mm,
            FloorTask.floor,
        )
        .where(
            FloorTask.warehouse_id == warehouse_id,
            FloorTask.state == TaskState.OPEN,
            FloorTask.kind.in_(kinds),
        )
        .order_by(FloorTask.due_at.is_(None), FloorTask.due_at, FloorTask.priority, FloorTask.id)
        .limit(_CHOICE)
    )
    return [Candidate(row.id, row.due_at, row.priority, Spot(row.x_mm, row.y_mm, row.floor)) for row in rows]


def pool(
    session: Session, *, by: Actor, now: datetime, warehouse_id: int, state: str = "open", limit: int = 200
) -> list[PoolTask]:
    """Tasks of a warehouse in one state, most urgent first."""
    by.check_warehouse(warehouse_id)
    rows = session.execute(
        select(FloorTask, User.name)
        .outerjoin(User, User.id == FloorTask.claimed_by)
        .where(FloorTask.warehouse_id == warehouse_id, FloorTask.state == state)
        .order_by(FloorTask.due_at.is_(None), FloorTask.due_at, FloorTask.priority, FloorTask.id)
        .limit(limit)
    )
    return [
        PoolTask(
            task.id, task.kind, task.warehouse_id, task.ref_id, task.state, task.priority, task.due_at,
            task.zone_id, task.claimed_by, name, task.claimed_at, task.x_mm, task.y_mm, task.floor,
        )
        for task, name in rows
    ]  # fmt: skip


def whereabouts(session: Session, *, by: Actor, now: datetime, warehouse_id: int) -> list[Seen]:
    """Everybody who was seen in the warehouse, last seen first."""
    by.check_warehouse(warehouse_id)
    rows = session.execute(
        select(Whereabouts, User.name, Location.code, Location.x_mm, Location.y_mm, Location.floor)
        .join(User, User.id == Whereabouts.user_id)
        .outerjoin(Location, Location.id == Whereabouts.location_id)
        .where(Whereabouts.warehouse_id == warehouse_id)
        .order_by(Whereabouts.seen_at.desc())
    )
    return [
        Seen(
            seen.user_id, name, seen.device_id, code, x, y, floor, seen.floor_task_id, seen.seen_at,
            seen.last_scan_at,
        )
        for seen, name, code, x, y, floor in rows
    ]  # fmt: skip
