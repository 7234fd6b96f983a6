"""Strategies and waves as screens show them."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.orders.models import SalesOrder
from backend.outbound.waves.models import Wave, WaveBatch, WaveBatchOrder, WaveOrder, WaveStrategy
from backend.outbound.waves.rules import StrategyFields


@dataclass(frozen=True, kw_only=True)
class StrategyRow(StrategyFields):
    """A strategy as it is kept."""

    id: int
    last_triggered_at: datetime | None


@dataclass(frozen=True)
class WaveRow:
    """A wave as a list shows it."""

    id: int
    number: str
    warehouse_id: int
    strategy_id: int
    strategy_name: str
    state: str
    mode: str
    priority: int
    due_at: datetime | None
    orders: int
    lines: int
    units: int
    weight_g: int
    volume_mm3: int
    plan_best_mm: int | None
    plan_bound_mm: int | None
    plan_status: str | None
    plan_elapsed_s: int | None
    composed_at: datetime
    planned_at: datetime | None
    released_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class WaveOrderRow:
    """An order of a wave, or one that fell out, with the reason."""

    order_id: int
    number: str
    state: str
    wave_state: str
    lane: str
    group_key: str
    code: str | None
    facts: dict[str, Any]
    batch_no: int | None
    slot_no: int | None


@dataclass(frozen=True)
class WaveBatchRow:
    """A batch of a plan."""

    id: int
    no: int
    group_key: str
    route_mm: int
    bound_mm: int | None
    orders: int


@dataclass(frozen=True)
class WaveSheet:
    """A wave with its orders and batches."""

    wave: WaveRow
    orders: list[WaveOrderRow]
    batches: list[WaveBatchRow]


def strategies(
    session: Session, *, by: Actor, now: datetime, warehouse_id: int | None = None
) -> list[StrategyRow]:
    """The strategies of the warehouses that the caller may see, most important first."""
    wanted = select(WaveStrategy).order_by(WaveStrategy.priority, WaveStrategy.id)
    if warehouse_id is not None:
        by.check_warehouse(warehouse_id)
        wanted = wanted.where(WaveStrategy.warehouse_id == warehouse_id)
    elif by.warehouses is not None:
        wanted = wanted.where(WaveStrategy.warehouse_id.in_(by.warehouses))
    return [strategy_row(each) for each in session.scalars(wanted)]


def strategy_row(strategy: WaveStrategy) -> StrategyRow:
    """A strategy as it is kept."""
    values: dict[str, Any] = {
        field.name: _frozen(getattr(strategy, field.name)) for field in fields(StrategyRow)
    }
    return StrategyRow(**values)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def wave_list(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    warehouse_id: int | None = None,
    state: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """Waves, newest first."""
    wanted = select(Wave, WaveStrategy.name).join(WaveStrategy, WaveStrategy.id == Wave.strategy_id)
    if warehouse_id is not None:
        by.check_warehouse(warehouse_id)
        wanted = wanted.where(Wave.warehouse_id == warehouse_id)
    elif by.warehouses is not None:
        wanted = wanted.where(Wave.warehouse_id.in_(by.warehouses))
    if state:
        wanted = wanted.where(Wave.state == state)
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=Wave.id,
        descending=True,
        row=lambda row: wave_row(row[0], row[1]),
    )


def wave_sheet(session: Session, *, by: Actor, now: datetime, wave_id: int) -> WaveSheet:
    """One wave.

    Raises:
        NotFound: `wave_not_found`.
        Forbidden: `outside_scope`.
    """
    found = session.execute(
        select(Wave, WaveStrategy.name)
        .join(WaveStrategy, WaveStrategy.id == Wave.strategy_id)
        .where(Wave.id == wave_id)
    ).first()
    if found is None:
        raise NotFound("wave_not_found", wave_id=wave_id)
    by.check_warehouse(found[0].warehouse_id)
    seats = {
        row.order_id: (row.no, row.slot_no)
        for row in session.execute(
            select(WaveBatchOrder.order_id, WaveBatch.no, WaveBatchOrder.slot_no)
            .join(WaveBatch, WaveBatch.id == WaveBatchOrder.batch_id)
            .where(WaveBatch.wave_id == wave_id)
        )
    }
    orders = [
        WaveOrderRow(
            each.order_id, number, state, each.state, each.lane, each.group_key, each.code, each.facts,
            *seats.get(each.order_id, (None, None)),
        )
        for each, number, state in session.execute(
            select(WaveOrder, SalesOrder.number, SalesOrder.state)
            .join(SalesOrder, SalesOrder.id == WaveOrder.order_id)
            .where(WaveOrder.wave_id == wave_id)
            .order_by(WaveOrder.id)
        )
    ]  # fmt: skip
    sizes: dict[int, int] = {}
    for no, _ in seats.values():
        sizes[no] = sizes.get(no, 0) + 1
    batches = [
        WaveBatchRow(
            batch.id, batch.no, batch.group_key, batch.route_mm, batch.bound_mm, sizes.get(batch.no, 0)
        )
        for batch in session.scalars(
            select(WaveBatch).where(WaveBatch.wave_id == wave_id).order_by(WaveBatch.no)
        )
    ]
    return WaveSheet(wave_row(found[0], found[1]), orders, batches)


def wave_row(wave: Wave, strategy_name: str) -> WaveRow:
    return WaveRow(
        wave.id, wave.number, wave.warehouse_id, wave.strategy_id, strategy_name, wave.state, wave.mode,
        wave.priority, wave.due_at, wave.orders, wave.lines, wave.units, wave.weight_g, wave.volume_mm3,
        wave.plan_best_mm, wave.plan_bound_mm, wave.plan_status, wave.plan_elapsed_s, wave.composed_at,
        wave.planned_at, wave.released_at, wave.closed_at,
    )  # fmt: skip
