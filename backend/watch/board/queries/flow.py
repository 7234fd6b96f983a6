"""Lines per hour, and what the carriers will collect."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, Integer, case, distinct, func, select, type_coerce
from sqlalchemy.orm import Session

from backend.orders.models import SalesOrder, SalesOrderLine
from backend.outbound.picking.models import Pick
from backend.watch.board.rules import (
    OPEN_STATES,
    PACE_WINDOW,
    PICKED_STATES,
    RATE_WINDOW,
    Load,
    Risk,
    lines_per_hour,
    outlooks,
)

_HOUR_US = 3_600_000_000
_PAST, _AHEAD = timedelta(hours=12), timedelta(hours=36)


@dataclass(frozen=True)
class PersonPace:
    """Lines of one person in the last hour, and when the first of them was picked."""

    lines: int
    first_at: datetime


@dataclass(frozen=True)
class HourRow:
    """Lines picked in the hour that begins at `hour`."""

    hour: datetime
    lines: int


@dataclass(frozen=True)
class Rates:
    """How fast the floor is."""

    lines_per_hour: int
    lines_today: int
    by_hour: list[HourRow]


@dataclass(frozen=True)
class CutOffRow:
    """What one carrier collects at one time, and whether it will be ready."""

    cut_off_at: datetime
    carrier: str | None
    orders: int
    orders_done: int
    lines_open: int
    risk: Risk
    expected_at: datetime | None


def rates(
    session: Session, warehouse_id: int, *, now: datetime, midnight: datetime
) -> tuple[dict[int, PersonPace], Rates]:
    """Everybody's last hour, and the house's pace now and by hour since midnight there."""
    people, quarter, first_at = _people(session, warehouse_id, now)
    by_hour = _by_hour(session, warehouse_id, midnight)
    pace = lines_per_hour(quarter, max(first_at, now - RATE_WINDOW) if first_at else None, now, RATE_WINDOW)
    return people, Rates(pace, sum(each.lines for each in by_hour), by_hour)


def _people(
    session: Session, warehouse_id: int, now: datetime
) -> tuple[dict[int, PersonPace], int, datetime | None]:
    recent = case((Pick.picked_at >= now - RATE_WINDOW, Pick.line_id))
    rows = session.execute(
        select(
            Pick.picked_by, func.count(distinct(Pick.line_id)), func.count(distinct(recent)), func.min(Pick.picked_at)
        )
        .where(Pick.warehouse_id == warehouse_id, Pick.picked_at >= now - PACE_WINDOW, Pick.undone_at.is_(None))
        .group_by(Pick.picked_by)
    ).all()  # fmt: skip
    people = {user_id: PersonPace(lines, first_at) for user_id, lines, _, first_at in rows}
    return people, sum(row[2] for row in rows), min((row[3] for row in rows), default=None)


def _by_hour(session: Session, warehouse_id: int, midnight: datetime) -> list[HourRow]:
    since_us = int(midnight.timestamp() * 1_000_000)
    hour = ((type_coerce(Pick.picked_at, BigInteger) - since_us) // _HOUR_US).label("hour")
    rows = session.execute(
        select(hour, func.count(distinct(Pick.line_id)))
        .where(Pick.warehouse_id == warehouse_id, Pick.picked_at >= midnight, Pick.undone_at.is_(None))
        .group_by(hour)
        .order_by(hour)
    )
    return [HourRow((midnight + timedelta(hours=number)).astimezone(UTC), lines) for number, lines in rows]


def cut_offs(session: Session, warehouse_id: int, pace: int, *, now: datetime) -> list[CutOffRow]:
    """Collections from twelve hours ago, where something is left behind, to a day and a half ahead."""
    window = (
        SalesOrder.warehouse_id == warehouse_id,
        SalesOrder.cut_off_at.between(now - _PAST, now + _AHEAD),
    )
    key = (SalesOrder.cut_off_at, SalesOrder.carrier)
    picked = func.sum(case((SalesOrder.state.in_(PICKED_STATES), 1), else_=0)).cast(Integer).label("picked")
    orders = session.execute(
        select(*key, func.count().label("orders"), picked)
        .where(*window, SalesOrder.state.in_(OPEN_STATES + PICKED_STATES))
        .group_by(*key)
    )
    unpicked = SalesOrderLine.picked_qty + SalesOrderLine.short_qty < SalesOrderLine.qty
    lines = session.execute(
        select(*key, func.count())
        .join(SalesOrderLine, SalesOrderLine.order_id == SalesOrder.id)
        .where(*window, SalesOrder.state.in_(OPEN_STATES), unpicked)
        .group_by(*key)
    )
    left = {(at, carrier): number for at, carrier, number in lines}
    loads = [
        Load(at, carrier or None, count, done, left.get((at, carrier), 0))
        for at, carrier, count, done in orders
        if at is not None  # BETWEEN has left those out; the type does not know
    ]
    waiting = [load for load in loads if load.cut_off_at > now or load.orders_done < load.orders]
    return [
        CutOffRow(
            each.load.cut_off_at, each.load.carrier, each.load.orders, each.load.orders_done, each.load.lines_open,
            each.risk, each.expected_at,
        )
        for each in outlooks(waiting, pace, now)
    ]  # fmt: skip
