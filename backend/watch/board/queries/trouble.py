"""What a person should look at, newest first."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.jobs import Job
from backend.floor.models import Whereabouts
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location
from backend.master.people.models import User
from backend.orders.models import OrderHold, SalesOrder
from backend.outbound.picking.models import MisScan, PickTask, PutBackTask, ShortPick
from backend.watch.board.rules import IN_WORK_STATES, SILENT_AFTER

_MOST = 20  # of one kind: a wall shows the newest, the lists behind it show all
_RECENT = timedelta(hours=2)
Fact = str | int | None


@dataclass(frozen=True)
class ExceptionRow:
    """Something is not as planned. `id` stays the same while it lasts; `code` is translated by the screen."""

    id: str
    code: str
    at: datetime
    facts: dict[str, Fact] = field(default_factory=dict)


def exceptions(session: Session, warehouse_id: int, *, now: datetime, broken: bool) -> list[ExceptionRow]:
    """Short picks and wrong scans of the last two hours, and everything that is stuck now."""
    found = [ExceptionRow("truth", "truth_broken", now)] if broken else []
    found += _short_picks(session, warehouse_id, now - _RECENT)
    found += _mis_scans(session, warehouse_id, now - _RECENT)
    found += _held_orders(session, warehouse_id)
    found += _put_backs(session, warehouse_id)
    found += _stuck_tasks(session, warehouse_id, now)
    found += _dead_jobs(session)
    return sorted(found, key=lambda each: (each.at, each.id), reverse=True)


def _short_picks(session: Session, warehouse_id: int, since: datetime) -> list[ExceptionRow]:
    rows = session.execute(
        select(ShortPick, Location.code, Sku.code, User.name)
        .join(Location, Location.id == ShortPick.location_id)
        .join(Sku, Sku.id == ShortPick.sku_id)
        .join(User, User.id == ShortPick.user_id)
        .where(Location.warehouse_id == warehouse_id, ShortPick.at >= since)
        .order_by(ShortPick.at.desc())
        .limit(_MOST)
    )
    return [
        ExceptionRow(
            f"short:{short.id}",
            "short_pick",
            short.at,
            {
                "location": place,
                "sku": sku,
                "qty": short.qty,
                "replaced": short.replaced_qty,
                "reason": short.reason,
                "picker": name,
                "task_id": short.task_id,
            },
        )
        for short, place, sku, name in rows
    ]


def _mis_scans(session: Session, warehouse_id: int, since: datetime) -> list[ExceptionRow]:
    rows = session.execute(
        select(MisScan, User.name)
        .outerjoin(User, User.id == MisScan.user_id)
        .where(MisScan.warehouse_id == warehouse_id, MisScan.at >= since)
        .order_by(MisScan.at.desc())
        .limit(_MOST)
    )
    return [
        ExceptionRow(
            f"scan:{scan.id}",
            "mis_scan",
            scan.at,
            {
                "step": scan.step,
                "scanned": scan.scanned,
                "expected": scan.expected,
                "picker": name,
                "task_id": scan.task_id,
            },
        )
        for scan, name in rows
    ]


def _held_orders(session: Session, warehouse_id: int) -> list[ExceptionRow]:
    rows = session.execute(
        select(OrderHold.id, OrderHold.reason, OrderHold.since_at, SalesOrder.id, SalesOrder.number)
        .join(SalesOrder, SalesOrder.id == OrderHold.order_id)
        .where(SalesOrder.warehouse_id == warehouse_id, SalesOrder.state.in_(IN_WORK_STATES))
        .where(OrderHold.released_at.is_(None))
        .order_by(OrderHold.since_at.desc())
        .limit(_MOST)
    )
    return [
        ExceptionRow(
            f"hold:{hold_id}",
            "order_held",
            since_at,
            {"order": number, "order_id": order_id, "reason": reason},
        )
        for hold_id, reason, since_at, order_id, number in rows
    ]


def _put_backs(session: Session, warehouse_id: int) -> list[ExceptionRow]:
    rows = session.execute(
        select(PutBackTask, SalesOrder.number, Sku.code, Location.code)
        .join(SalesOrder, SalesOrder.id == PutBackTask.order_id)
        .join(Sku, Sku.id == PutBackTask.sku_id)
        .join(Location, Location.id == PutBackTask.location_id)
        .where(Location.warehouse_id == warehouse_id, PutBackTask.state == "open")
        .order_by(PutBackTask.created_at.desc())
        .limit(_MOST)
    )
    return [
        ExceptionRow(
            f"put_back:{task.id}",
            "put_back",
            task.created_at,
            {
                "order": number,
                "sku": sku,
                "qty": task.qty - task.done_qty,
                "location": place,
                "task_id": task.task_id,
            },
        )
        for task, number, sku, place in rows
    ]


def _stuck_tasks(session: Session, warehouse_id: int, now: datetime) -> list[ExceptionRow]:
    """Tasks put aside, and tasks in hand of somebody who has not scanned for a while."""
    rows = session.execute(
        select(
            PickTask.id,
            PickTask.state,
            PickTask.started_at,
            PickTask.created_at,
            User.name,
            Whereabouts.seen_at,
        )
        .join(User, User.id == PickTask.picker_id)
        .outerjoin(Whereabouts, Whereabouts.user_id == PickTask.picker_id)
        .where(PickTask.warehouse_id == warehouse_id, PickTask.state.in_(("suspended", "claimed")))
        .order_by(PickTask.id)
    )
    found = []
    for row in rows:
        task_id, state, name = row.id, row.state, row.name
        since = max(at for at in (row.seen_at, row.started_at, row.created_at) if at is not None)
        facts: dict[str, Fact] = {"task_id": task_id, "picker": name}
        if state == "suspended":
            found.append(ExceptionRow(f"suspended:{task_id}", "task_suspended", since, facts))
        elif now - since > SILENT_AFTER:
            facts["minutes"] = int((now - since).total_seconds() // 60)
            found.append(ExceptionRow(f"silent:{task_id}", "picker_silent", since, facts))
    return sorted(found, key=lambda each: each.at, reverse=True)[:_MOST]


def _dead_jobs(session: Session) -> list[ExceptionRow]:
    rows = session.execute(
        select(Job.id, Job.kind, Job.last_error, Job.ended_at, Job.run_at)
        .where(Job.state == "dead")
        .order_by(Job.run_at.desc())
        .limit(_MOST)
    )
    return [
        ExceptionRow(
            f"job:{job_id}", "job_dead", ended_at or run_at, {"kind": kind, "error": (error or "")[:200], "job_id": job_id}
        )
        for job_id, kind, error, ended_at, run_at in rows
    ]  # fmt: skip
