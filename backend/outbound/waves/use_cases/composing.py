"""From open orders to a wave: choose, allocate to bins, let go of those that fall short."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, locked
from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.orders.use_cases import mark_in_wave
from backend.outbound.allocation.use_cases import allocate_orders
from backend.outbound.waves.events import WaveComposed
from backend.outbound.waves.models import Wave, WaveOrder, WaveStrategy
from backend.outbound.waves.queries.pool import judge, strategy_of
from backend.outbound.waves.rules import Verdict, WaveState, cart_of


@dataclass(frozen=True, kw_only=True)
class ComposeWave(Command):
    """Make a wave by this strategy. `auto_release`: plan and release it without asking."""

    strategy_id: int
    auto_release: bool = False


@dataclass(frozen=True)
class Composed:
    """The wave, and how many orders are in it or fell out while goods were allocated."""

    wave_id: int
    number: str
    orders: int
    lines: int
    units: int
    dropped: int


def compose_wave(session: Session, command: ComposeWave, *, now: datetime) -> Composed:
    """Choose orders, hold their goods at bins, and write the wave.

    Raises:
        NotFound: `strategy_not_found`.
        Forbidden: `outside_scope`.
        Refusal: `wave_empty` with the count of each reason; `strategy_disabled`.

    Transitions:
        → plan.
    """
    strategy = strategy_of(session, command.strategy_id)
    command.by.check_warehouse(strategy.warehouse_id)
    if not strategy.enabled:
        raise Refusal("strategy_disabled", strategy_id=strategy.id, name=strategy.name)
    _one_at_a_time(session, strategy.warehouse_id)
    choice = judge(session, strategy, now)
    chosen = {verdict.order.id: verdict for verdict in choice.chosen}
    if not chosen:
        codes = Counter(verdict.code for verdict in choice.verdicts)
        raise Refusal(
            "wave_empty", strategy_id=strategy.id, looked_at=len(choice.verdicts), reasons=dict(codes)
        )
    short = allocate_orders(session, list(chosen), by=command.by, now=now).short
    kept = [verdict for order_id, verdict in chosen.items() if order_id not in short]
    if not kept:
        reasons = dict(Counter(short.values()))
        raise Refusal("wave_empty", strategy_id=strategy.id, looked_at=len(choice.verdicts), reasons=reasons)
    mark_in_wave(session, [verdict.order.id for verdict in kept], now=now)
    wave = _write(session, strategy, kept, command, now)
    _write_orders(session, wave.id, chosen, short)
    composed = Composed(wave.id, wave.number, wave.orders, wave.lines, wave.units, len(short))
    told = WaveComposed(
        warehouse_id=wave.warehouse_id, wave_id=wave.id, number=wave.number, orders=wave.orders, lines=wave.lines,
        units=wave.units, dropped=len(short),
    )  # fmt: skip
    emit(session, told, now=now)
    return composed


def _one_at_a_time(session: Session, warehouse_id: int) -> None:
    """Two waves of a warehouse are composed one after the other, so that no order is chosen twice."""
    mine = select(WaveStrategy.id).where(WaveStrategy.warehouse_id == warehouse_id).order_by(WaveStrategy.id)
    session.execute(locked(mine)).all()


def _write(
    session: Session, strategy: WaveStrategy, kept: Sequence[Verdict], command: ComposeWave, now: datetime
) -> Wave:
    due = [verdict.order.due_at for verdict in kept if verdict.order.due_at]
    wave = Wave(
        number=command.by.command_id,
        warehouse_id=strategy.warehouse_id,
        strategy_id=strategy.id,
        state=WaveState.COMPOSED,
        mode=strategy.pick_mode,
        scan_each=strategy.scan_mode == "each",
        print_timing=strategy.print_timing,
        priority=strategy.priority,
        due_at=min(due) if due else None,
        cart=cart_of(
            strategy.pick_mode,
            totes=strategy.cart_totes,
            units=strategy.cart_units,
            weight_g=strategy.cart_weight_g,
            volume_mm3=strategy.cart_volume_mm3,
            lines=strategy.cart_lines,
        ),
        auto_release=command.auto_release,
        orders=len(kept),
        lines=sum(verdict.order.lines for verdict in kept),
        units=sum(verdict.order.units for verdict in kept),
        weight_g=sum(verdict.order.weight_g for verdict in kept),
        volume_mm3=sum(verdict.order.volume_mm3 for verdict in kept),
        plan_stop=False,
        composed_by=command.by.user_id,
        composed_at=now,
    )
    session.add(wave)
    session.flush()
    wave.number = f"W{now:%y%m%d}-{wave.id:05d}"
    session.flush()
    return wave


def _write_orders(
    session: Session, wave_id: int, chosen: Mapping[int, Verdict], short: Mapping[int, str]
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "wave_id": wave_id, "order_id": order_id, "lane": str(verdict.lane), "group_key": verdict.group_key,
            "state": "dropped" if order_id in short else "in",
            "code": short.get(order_id), "facts": {},
        }
        for order_id, verdict in chosen.items()
    ]  # fmt: skip
    bulk_insert(session, WaveOrder, rows)
