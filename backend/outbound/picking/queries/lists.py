"""Lists of pick tasks."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, func, select
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.people.models import User
from backend.outbound.picking.models import PickLine, PickTask, PickTote
from backend.outbound.picking.rules import TO_DO
from backend.outbound.waves.models import Wave


@dataclass(frozen=True)
class TaskRow:
    """A task as a list shows it."""

    id: int
    warehouse_id: int
    state: str
    mode: str
    wave_id: int | None
    wave_number: str | None
    picker_id: int | None
    picker_name: str | None
    due_at: datetime | None
    route_mm: int
    orders: int
    lines: int
    lines_open: int
    units: int
    units_picked: int
    started_at: datetime | None
    finished_at: datetime | None


_LINES = (
    select(
        PickLine.task_id,
        func.count().label("lines"),
        func.sum(case((PickLine.state.in_(TO_DO), 1), else_=0)).cast(Integer).label("lines_open"),
        func.sum(PickLine.qty).cast(Integer).label("units"),
        func.sum(PickLine.picked_qty).cast(Integer).label("units_picked"),
    )
    .group_by(PickLine.task_id)
    .subquery()
)
_ORDERS = select(PickTote.task_id, func.count().label("orders")).group_by(PickTote.task_id).subquery()


def pick_tasks(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    warehouse_id: int | None = None,
    state: str | None = None,
    wave_id: int | None = None,
    mine: bool = False,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Tasks of the warehouses that the caller may see, by id."""
    wanted = (
        select(
            PickTask,
            Wave.number,
            User.name,
            _ORDERS.c.orders,
            _LINES.c.lines,
            _LINES.c.lines_open,
            _LINES.c.units,
            _LINES.c.units_picked,
        )
        .outerjoin(Wave, Wave.id == PickTask.wave_id)
        .outerjoin(User, User.id == PickTask.picker_id)
        .outerjoin(_ORDERS, _ORDERS.c.task_id == PickTask.id)
        .outerjoin(_LINES, _LINES.c.task_id == PickTask.id)
    )
    if warehouse_id is not None:
        by.check_warehouse(warehouse_id)
        wanted = wanted.where(PickTask.warehouse_id == warehouse_id)
    elif by.warehouses is not None:
        wanted = wanted.where(PickTask.warehouse_id.in_(by.warehouses))
    if state:
        wanted = wanted.where(PickTask.state == state)
    if wave_id is not None:
        wanted = wanted.where(PickTask.wave_id == wave_id)
    if mine:
        wanted = wanted.where(PickTask.picker_id == by.user_id)
    return paginate(session, wanted, cursor=cursor, limit=limit, key=PickTask.id, row=_row)


def _row(
    found: tuple[
        PickTask, str | None, str | None, int | None, int | None, int | None, int | None, int | None
    ],
) -> TaskRow:
    task, number, name, orders, lines, lines_open, units, picked = found[:8]
    return TaskRow(
        task.id, task.warehouse_id, task.state, task.mode, task.wave_id, number, task.picker_id, name, task.due_at,
        task.route_mm, orders or 0, lines or 0, lines_open or 0, units or 0, picked or 0, task.started_at,
        task.finished_at,
    )  # fmt: skip
