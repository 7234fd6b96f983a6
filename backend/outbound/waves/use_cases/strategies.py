"""Writing strategies."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import insert_once
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.outbound.waves.models import WaveStrategy
from backend.outbound.waves.queries import StrategyRow, strategy_row
from backend.outbound.waves.rules import StrategyFields


@dataclass(frozen=True, kw_only=True)
class CreateStrategy(Command, StrategyFields):
    """A new way of making waves."""


@dataclass(frozen=True, kw_only=True)
class UpdateStrategy(Command, StrategyFields):
    """The same strategy with these fields."""

    strategy_id: int


_LISTS = ("shops", "carriers", "zones", "tags", "lanes", "group_by", "trigger_times")


def create_strategy(session: Session, command: CreateStrategy, *, now: datetime) -> StrategyRow:
    """Write a strategy.

    Raises:
        Forbidden: `outside_scope`.
        Refusal: `strategy_exists`, `strategy_needs_times`, `strategy_needs_count`, `strategy_limits_crossed`.
    """
    command.by.check_warehouse(command.warehouse_id)
    _check(command)
    if not insert_once(session, WaveStrategy, **_values(command), last_triggered_at=None):
        raise Refusal("strategy_exists", name=command.name)
    written = select(WaveStrategy).where(
        WaveStrategy.warehouse_id == command.warehouse_id, WaveStrategy.name == command.name
    )
    return strategy_row(session.scalars(written).one())


def update_strategy(session: Session, command: UpdateStrategy, *, now: datetime) -> StrategyRow:
    """Change a strategy; waves that were composed with it stay as they are.

    Raises:
        NotFound: `strategy_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `strategy_exists`, `strategy_needs_times`, `strategy_needs_count`, `strategy_limits_crossed`.
    """
    strategy = session.get(WaveStrategy, command.strategy_id)
    if strategy is None or strategy.warehouse_id != command.warehouse_id:
        raise NotFound("strategy_not_found", strategy_id=command.strategy_id)
    command.by.check_warehouse(strategy.warehouse_id)
    _check(command)
    twin = select(WaveStrategy.id).where(
        WaveStrategy.warehouse_id == command.warehouse_id,
        WaveStrategy.name == command.name,
        WaveStrategy.id != strategy.id,
    )
    if session.scalar(twin) is not None:
        raise Refusal("strategy_exists", name=command.name)
    for name, value in _values(command).items():
        setattr(strategy, name, value)
    session.flush()
    return strategy_row(strategy)


def _values(command: StrategyFields) -> dict[str, object]:
    values = {field.name: getattr(command, field.name) for field in fields(StrategyFields)}
    return values | {name: list(values[name]) for name in _LISTS}


def _check(command: StrategyFields) -> None:
    if command.trigger in ("time", "both") and not command.trigger_times:
        raise Refusal("strategy_needs_times", trigger=command.trigger)
    if command.trigger in ("count", "both") and not command.trigger_count:
        raise Refusal("strategy_needs_count", trigger=command.trigger)
    pairs = (
        ("lines", command.lines_min, command.lines_max),
        ("units", command.units_min, command.units_max),
        ("weight", command.weight_min_g, command.weight_max_g),
        ("orders", command.min_orders, command.max_orders),
        ("wave_units", command.min_wave_units, command.max_wave_units),
        ("wave_weight", command.min_wave_weight_g, command.max_wave_weight_g),
        ("wave_volume", command.min_wave_volume_mm3, command.max_wave_volume_mm3),
    )
    for name, low, high in pairs:
        if low is not None and high is not None and low > high:
            raise Refusal("strategy_limits_crossed", limit=name, min=low, max=high)
