"""From a released wave to tasks on the floor, in few statements however large the wave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from backend.algorithms.routing import solve
from backend.algorithms.routing.layout import Layout, Stop
from backend.core.db import bulk_insert
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.floor.rules import NewTask
from backend.floor.use_cases import cancel, open_tasks
from backend.master.layout.queries import places, stops_of, travel_graph
from backend.master.layout.rules.places import Place
from backend.outbound.picking.events import TasksReleased
from backend.outbound.picking.models import PickLine, PickSplit, PickTask, PickTote
from backend.outbound.picking.rules import MODES, Draft, LineState, SlotPlan, TaskState, draft_of
from backend.outbound.waves.models import Wave
from backend.outbound.waves.queries import BatchPlan, batches_of, wave_allocations


@dataclass(frozen=True, kw_only=True)
class CreateTasks(Command):
    """Write the tasks of a released wave."""

    wave_id: int


@dataclass(frozen=True, kw_only=True)
class CancelTasks(Command):
    """Withdraw the tasks of a cancelled wave."""

    wave_id: int


@dataclass(frozen=True)
class Created:
    """How much was written."""

    tasks: int
    lines: int


@dataclass(frozen=True)
class _Hall:
    """Where everything is."""

    layout: Layout
    stops: Mapping[int, Stop]
    places: Mapping[int, Place]


def create_tasks(session: Session, command: CreateTasks, *, now: datetime) -> Created:
    """One task per batch of the plan: its totes, its lines in walking order, its splits. Once only per wave."""
    wave = session.get(Wave, command.wave_id)
    if wave is None or wave.state != "released" or _written(session, wave.id):
        return Created(0, 0)
    allocated = wave_allocations(session, wave.id)
    drafts = [_draft(wave.mode, batch, allocated) for batch in batches_of(session, wave.id)]
    drafts = [each for each in drafts if each[1].lines]
    hall = _hall(session, wave.warehouse_id, [draft for _, draft in drafts])
    task_ids = bulk_insert(
        session, PickTask, [_task_row(wave, batch, draft, hall, now) for batch, draft in drafts]
    )
    lines = _write_lines(session, [draft for _, draft in drafts], task_ids)
    _write_totes(session, [draft for _, draft in drafts], task_ids)
    _open_floor(session, wave, [draft for _, draft in drafts], task_ids, hall=hall, now=now)
    told = TasksReleased(warehouse_id=wave.warehouse_id, wave_id=wave.id, tasks=len(task_ids), lines=lines)
    emit(session, told, now=now)
    return Created(len(task_ids), lines)


def cancel_tasks(session: Session, command: CancelTasks, *, now: datetime) -> int:
    """Tasks that nobody has claimed are withdrawn; how many those were."""
    rows = session.execute(
        select(PickTask.id, PickTask.floor_task_id).where(
            PickTask.wave_id == command.wave_id, PickTask.state == TaskState.OPEN
        )
    ).all()
    withdrawn = set(cancel(session, [row.floor_task_id for row in rows], now=now))
    ids = [row.id for row in rows if row.floor_task_id in withdrawn]
    session.execute(
        update(PickTask)
        .where(PickTask.id.in_(ids))
        .values(state=TaskState.CANCELLED, version=PickTask.version + 1, finished_at=now)
        .execution_options(synchronize_session=False)
    )
    return len(ids)


def _written(session: Session, wave_id: int) -> bool:
    return session.scalar(select(PickTask.id).where(PickTask.wave_id == wave_id).limit(1)) is not None


def _draft(mode: str, batch: BatchPlan, allocated: Mapping[int, Sequence[Any]]) -> tuple[BatchPlan, Draft]:
    slots: tuple[SlotPlan, ...] = MODES[mode].lay_out(batch.orders)
    goods = {slot.order_id: allocated.get(slot.order_id, ()) for slot in slots}
    return batch, draft_of(slots, goods, batch.sequence)


def _hall(session: Session, warehouse_id: int, drafts: Sequence[Draft]) -> _Hall:
    ids = {line.location_id for draft in drafts for line in draft.lines}
    return _Hall(
        travel_graph(session, warehouse_id), stops_of(session, warehouse_id, ids), places(session, ids)
    )


def _task_row(wave: Wave, batch: BatchPlan, draft: Draft, hall: _Hall, now: datetime) -> dict[str, Any]:
    walk = [hall.layout.start, *(hall.stops[line.location_id] for line in draft.lines), hall.layout.end]
    return {
        "floor_task_id": None,
        "wave_id": wave.id,
        "batch_id": batch.id,
        "warehouse_id": wave.warehouse_id,
        "mode": wave.mode,
        "scan_each": wave.scan_each,
        "state": TaskState.OPEN,
        "picker_id": None,
        "past_picker_ids": [],
        "due_at": wave.due_at,
        "route_mm": batch.route_mm,
        "route": [list(point) for point in solve.draw_path(hall.layout, walk)],
        "version": 1,
        "created_at": now,
    }


def _write_lines(session: Session, drafts: Sequence[Draft], task_ids: Sequence[int]) -> int:
    owned = [
        (task_id, seq, line)
        for task_id, draft in zip(task_ids, drafts, strict=True)
        for seq, line in enumerate(draft.lines, 1)
    ]
    line_ids = bulk_insert(
        session,
        PickLine,
        [
            {
                "task_id": task_id, "seq": seq, "location_id": line.location_id, "sku_id": line.sku_id,
                "lot_id": line.lot_id, "qty": line.qty, "picked_qty": 0, "short_qty": 0, "state": LineState.OPEN,
            }
            for task_id, seq, line in owned
        ],
    )  # fmt: skip
    splits = [
        {
            "line_id": line_id, "slot_no": split.slot_no, "order_id": split.order_id,
            "order_line_id": split.order_line_id, "allocation_id": split.allocation_id, "qty": split.qty,
            "picked_qty": 0, "short_qty": 0, "stopped": False,
        }
        for line_id, (_, _, line) in zip(line_ids, owned, strict=True)
        for split in line.splits
    ]  # fmt: skip
    bulk_insert(session, PickSplit, splits)
    return len(line_ids)


def _write_totes(session: Session, drafts: Sequence[Draft], task_ids: Sequence[int]) -> None:
    rows = [
        {"task_id": task_id, "slot_no": slot.slot_no, "order_id": slot.order_id}
        for task_id, draft in zip(task_ids, drafts, strict=True)
        for slot in draft.slots
    ]
    bulk_insert(session, PickTote, rows)


_LINK = (
    update(PickTask)
    .where(PickTask.id == bindparam("b_id"))
    .values(floor_task_id=bindparam("b_floor"))
    .execution_options(synchronize_session=False)
)


def _open_floor(
    session: Session,
    wave: Wave,
    drafts: Sequence[Draft],
    task_ids: Sequence[int],
    *,
    hall: _Hall,
    now: datetime,
) -> None:
    tasks = []
    for task_id, draft in zip(task_ids, drafts, strict=True):
        first = hall.places[draft.lines[0].location_id]
        tasks.append(
            NewTask(
                kind="pick", warehouse_id=wave.warehouse_id, ref_id=task_id, priority=wave.priority,
                due_at=wave.due_at, zone_id=first.zone_id, x_mm=first.x_mm, y_mm=first.y_mm, floor=first.floor,
            )
        )  # fmt: skip
    floor_ids = open_tasks(session, tasks, now=now)
    links = [
        {"b_id": task_id, "b_floor": floor_id} for task_id, floor_id in zip(task_ids, floor_ids, strict=True)
    ]
    if links:
        session.connection().execute(_LINK, links)
