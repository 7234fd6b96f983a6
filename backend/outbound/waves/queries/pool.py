"""The orders that a wave may choose from, and why each would be in or out."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.events import plain
from backend.core.execute import Actor
from backend.master.layout.models import Location, Zone
from backend.orders.models import OrderHold, SalesOrder, SalesOrderLine
from backend.outbound.waves.models import WaveStrategy
from backend.outbound.waves.rules import Choice, PoolOrder, Range, Selection, choose
from backend.stock.models import Balance

POOL_STATES = ("received", "approved", "backordered", "reserved")
_SHOWN = 2000


@dataclass(frozen=True)
class PreviewRow:
    """One order of a preview."""

    order_id: int
    number: str
    chosen: bool
    code: str
    facts: dict[str, Any]
    lane: str
    group_key: str
    lines: int
    units: int
    due_at: datetime | None


@dataclass(frozen=True)
class Preview:
    """What a strategy would do now. `codes` counts the verdicts; `rows` are cut off at 2,000."""

    strategy_id: int
    orders_in: int
    orders_out: int
    units: int
    weight_g: int
    volume_mm3: int
    codes: dict[str, int]
    lanes: dict[str, int]
    groups: int
    rows: list[PreviewRow]


def strategy_of(session: Session, strategy_id: int) -> WaveStrategy:
    """A strategy.

    Raises:
        NotFound: `strategy_not_found`.
    """
    strategy = session.get(WaveStrategy, strategy_id)
    if strategy is None:
        raise NotFound("strategy_not_found", strategy_id=strategy_id)
    return strategy


def selection_of(strategy: WaveStrategy) -> Selection:
    """The part of a strategy that chooses orders."""
    limits = {
        "orders": (strategy.min_orders, strategy.max_orders),
        "units": (strategy.min_wave_units, strategy.max_wave_units),
        "weight_g": (strategy.min_wave_weight_g, strategy.max_wave_weight_g),
        "volume_mm3": (strategy.min_wave_volume_mm3, strategy.max_wave_volume_mm3),
    }
    return Selection(
        shops=frozenset(strategy.shops),
        carriers=frozenset(strategy.carriers),
        zones=frozenset(strategy.zones),
        tags=frozenset(strategy.tags),
        lines=Range(strategy.lines_min, strategy.lines_max),
        units=Range(strategy.units_min, strategy.units_max),
        weight_g=Range(strategy.weight_min_g, strategy.weight_max_g),
        deadline_within_s=strategy.deadline_within_s,
        lanes=frozenset(strategy.lanes) or Selection().lanes,
        group_by=tuple(strategy.group_by),
        hot_orders=strategy.hot_orders,
        min_load={name: low for name, (low, _) in limits.items() if low is not None},
        max_load={name: high for name, (_, high) in limits.items() if high is not None},
        cart={
            "units": strategy.cart_units, "weight_g": strategy.cart_weight_g,
            "volume_mm3": strategy.cart_volume_mm3, "lines": strategy.cart_lines,
        },
    )  # fmt: skip


def pool_of(session: Session, warehouse_id: int, *, with_zones: bool) -> list[PoolOrder]:
    """Every open order of the warehouse that is in no wave. Three or four statements."""
    pool = select(SalesOrder.id).where(
        SalesOrder.warehouse_id == warehouse_id, SalesOrder.state.in_(POOL_STATES)
    )
    skus: dict[int, dict[int, int]] = defaultdict(dict)
    for order_id, sku_id, qty in session.execute(
        select(SalesOrderLine.order_id, SalesOrderLine.sku_id, SalesOrderLine.qty).where(
            SalesOrderLine.order_id.in_(pool)
        )
    ):
        skus[order_id][sku_id] = skus[order_id].get(sku_id, 0) + qty
    holds: dict[int, list[str]] = defaultdict(list)
    for order_id, reason in session.execute(
        select(OrderHold.order_id, OrderHold.reason).where(
            OrderHold.released_at.is_(None), OrderHold.order_id.in_(pool)
        )
    ):
        holds[order_id].append(reason)
    zones = _zones_by_sku(session, warehouse_id) if with_zones else {}
    return [
        PoolOrder(
            id=row.id, number=row.number, state=row.state, shop=row.shop, carrier=row.carrier or "",
            tags=frozenset(row.tags or ()), priority=row.priority, due_at=row.cut_off_at or row.promise_at,
            skus=tuple(skus[row.id].items()), lines=row.line_count, units=row.units, weight_g=row.weight_g,
            volume_mm3=row.volume_mm3,
            zones=frozenset().union(*(zones.get(sku_id, frozenset()) for sku_id in skus[row.id])),
            holds=tuple(sorted(holds[row.id])) if row.id in holds else (),
        )
        for row in session.execute(
            select(
                SalesOrder.id, SalesOrder.number, SalesOrder.state, SalesOrder.shop, SalesOrder.carrier, SalesOrder.tags,
                SalesOrder.priority, SalesOrder.cut_off_at, SalesOrder.promise_at, SalesOrder.line_count,
                SalesOrder.units, SalesOrder.weight_g, SalesOrder.volume_mm3,
            ).where(SalesOrder.id.in_(pool))
        )
    ]  # fmt: skip


def _zones_by_sku(session: Session, warehouse_id: int) -> dict[int, frozenset[str]]:
    """Where each SKU can be picked: the zone codes of the bins that hold it."""
    found: dict[int, set[str]] = defaultdict(set)
    for sku_id, code in session.execute(
        select(Balance.sku_id, Zone.code)
        .join(Location, Location.id == Balance.location_id)
        .join(Zone, Zone.id == Location.zone_id)
        .where(Balance.warehouse_id == warehouse_id, Balance.on_hand > 0, Location.kind == "bin")
        .distinct()
    ):
        found[sku_id].add(code)
    return {sku_id: frozenset(codes) for sku_id, codes in found.items()}


def judge(session: Session, strategy: WaveStrategy, now: datetime) -> Choice:
    """The verdict of a strategy on every order of the pool."""
    needs_zones = bool(strategy.zones) or "zone" in strategy.group_by
    pool = pool_of(session, strategy.warehouse_id, with_zones=needs_zones)
    return choose(pool, selection_of(strategy), now)


def preview(session: Session, *, by: Actor, now: datetime, strategy_id: int) -> Preview:
    """Why each open order would be in or out of a wave composed now. Changes nothing.

    Raises:
        NotFound: `strategy_not_found`.
        Forbidden: `outside_scope`.
    """
    strategy = strategy_of(session, strategy_id)
    by.check_warehouse(strategy.warehouse_id)
    choice = judge(session, strategy, now)
    codes: dict[str, int] = defaultdict(int)
    lanes: dict[str, int] = defaultdict(int)
    for verdict in choice.verdicts:
        codes[verdict.code] += 1
        if verdict.chosen:
            lanes[verdict.lane] += 1
    load, chosen = choice.load, choice.chosen
    rows = [
        PreviewRow(
            v.order.id, v.order.number, v.chosen, v.code, plain(dict(v.facts)), v.lane, v.group_key, v.order.lines,
            v.order.units, v.order.due_at,
        )
        for v in choice.verdicts[:_SHOWN]
    ]  # fmt: skip
    return Preview(
        strategy_id, len(chosen), len(choice.verdicts) - len(chosen), load.units, load.weight_g, load.volume_mm3,
        dict(codes), dict(lanes), len({v.group_key for v in chosen}), rows,
    )  # fmt: skip
