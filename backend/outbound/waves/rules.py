"""Which orders make a wave, and why the others do not."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class WaveState(StrEnum):
    """The life of a wave."""

    COMPOSED = "composed"
    PLANNING = "planning"
    PLANNED = "planned"
    RELEASED = "released"
    DONE = "done"
    CANCELLED = "cancelled"


class Lane(StrEnum):
    """Kinds of orders that are never picked on the same cart."""

    SINGLE = "single"  # one line
    HOT = "hot"  # one line of a SKU that many orders of the pool want
    MULTI = "multi"  # several lines


LANES = tuple(Lane)
GROUPS = ("carrier", "same_sku", "same_content", "zone")
READY = "reserved"


@dataclass(frozen=True, slots=True)
class Range:
    """Both ends belong to it; None is no end."""

    low: int | None = None
    high: int | None = None

    def holds(self, value: int) -> bool:
        """Whether the value lies in the range."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True, slots=True)
class Load:
    """What orders weigh together."""

    orders: int = 0
    units: int = 0
    weight_g: int = 0
    volume_mm3: int = 0

    def plus(self, order: "PoolOrder") -> "Load":
        """With one order more."""
        return Load(
            self.orders + 1,
            self.units + order.units,
            self.weight_g + order.weight_g,
            self.volume_mm3 + order.volume_mm3,
        )


@dataclass(frozen=True, slots=True)
class Selection:
    """The part of a strategy that chooses orders."""

    shops: frozenset[str] = frozenset()
    carriers: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    lines: Range = Range()
    units: Range = Range()
    weight_g: Range = Range()
    deadline_within_s: int | None = None
    lanes: frozenset[str] = frozenset(LANES)
    group_by: tuple[str, ...] = ()
    hot_orders: int | None = None
    min_load: Mapping[str, int] = field(default_factory=dict)
    max_load: Mapping[str, int] = field(default_factory=dict)
    cart: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PoolOrder:
    """An open order as far as the choice needs it. `skus` are (sku_id, qty) by SKU."""

    id: int
    number: str
    state: str
    shop: str
    carrier: str
    tags: frozenset[str]
    priority: int
    due_at: datetime | None
    skus: tuple[tuple[int, int], ...]
    lines: int
    units: int
    weight_g: int
    volume_mm3: int
    zones: frozenset[str] = frozenset()
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why an order is in the wave (`in`) or not."""

    order: PoolOrder
    chosen: bool
    code: str
    lane: str
    group_key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choice:
    """A verdict on every order of the pool, in the order in which they were considered."""

    verdicts: tuple[Verdict, ...]

    @property
    def chosen(self) -> tuple[Verdict, ...]:
        """Those that are in."""
        return tuple(verdict for verdict in self.verdicts if verdict.chosen)

    @property
    def load(self) -> Load:
        """What the chosen orders weigh together."""
        load = Load()
        for verdict in self.chosen:
            load = load.plus(verdict.order)
        return load


_LIMIT_FIELDS = ("orders", "units", "weight_g", "volume_mm3")


def choose(pool: Iterable[PoolOrder], selection: Selection, now: datetime) -> Choice:
    """Judge every order of the pool.

    Orders are considered by priority (larger first), due time and age. An order that does not fit any more is
    left for a later wave, while smaller ones behind it may still fit.
    """
    ordered = sorted(pool, key=_rank)
    hot = hot_skus(ordered, selection.hot_orders)
    verdicts: list[Verdict] = []
    load = Load()
    for order in ordered:
        lane = lane_of(order, hot)
        group = group_of(order, lane, selection.group_by)
        code, facts = _objection(order, lane, selection, now)
        if not code:
            code, facts = _overfull(load.plus(order), selection.max_load)
        if not code:
            load = load.plus(order)
        verdicts.append(Verdict(order, not code, code or "in", lane, group, facts))
    code, facts = _too_little(load, selection.min_load)
    if code:
        verdicts = [
            Verdict(v.order, False, code, v.lane, v.group_key, facts) if v.chosen else v for v in verdicts
        ]
    return Choice(tuple(verdicts))


def _rank(order: PoolOrder) -> tuple[int, bool, float, int]:
    return -order.priority, order.due_at is None, order.due_at.timestamp() if order.due_at else 0.0, order.id


def hot_skus(pool: Sequence[PoolOrder], threshold: int | None) -> frozenset[int]:
    """SKUs that at least `threshold` single-line orders of the pool want."""
    if not threshold:
        return frozenset()
    wanted = Counter(order.skus[0][0] for order in pool if len(order.skus) == 1)
    return frozenset(sku_id for sku_id, orders in wanted.items() if orders >= threshold)


def lane_of(order: PoolOrder, hot: frozenset[int]) -> Lane:
    """Single-item, hot-SKU and multi-item orders are kept apart."""
    if len(order.skus) > 1:
        return Lane.MULTI
    return Lane.HOT if order.skus and order.skus[0][0] in hot else Lane.SINGLE


def group_of(order: PoolOrder, lane: str, group_by: Sequence[str]) -> str:
    """Orders of different groups never share a cart; the lane is always part of the group."""
    parts = [lane]
    for by in group_by:
        if by == "carrier":
            parts.append(f"carrier={order.carrier}")
        elif by == "zone":
            parts.append("zone=" + "+".join(sorted(order.zones)))
        elif by == "same_sku":
            parts.append("sku=" + "+".join(str(sku_id) for sku_id, _ in sorted(order.skus)))
        elif by == "same_content":
            parts.append("content=" + "+".join(f"{sku_id}x{qty}" for sku_id, qty in sorted(order.skus)))
    return "|".join(parts)


def _objection(
    order: PoolOrder, lane: str, selection: Selection, now: datetime
) -> tuple[str, dict[str, Any]]:
    """The first thing that keeps the order out, whatever else is in the wave."""
    for check in (_not_ready, _filtered_out_by_place, _filtered_out_by_size):
        code, facts = check(order, selection)
        if code:
            return code, facts
    if lane not in selection.lanes:
        return "filter_lane", {"lane": lane}
    if selection.deadline_within_s is not None:
        latest = now + timedelta(seconds=selection.deadline_within_s)
        if order.due_at is None or order.due_at > latest:
            return "filter_deadline", {"due_at": order.due_at, "latest": latest}
    return "", {}


def _not_ready(order: PoolOrder, _: Selection) -> tuple[str, dict[str, Any]]:
    if order.holds:
        return "hold", {"reasons": list(order.holds)}
    if order.state == "backordered":
        return "backordered", {}
    if order.state != READY:
        return "not_reserved", {"state": order.state}
    return "", {}


def _filtered_out_by_place(order: PoolOrder, wanted: Selection) -> tuple[str, dict[str, Any]]:
    if wanted.shops and order.shop not in wanted.shops:
        return "filter_shop", {"shop": order.shop}
    if wanted.carriers and order.carrier not in wanted.carriers:
        return "filter_carrier", {"carrier": order.carrier}
    if wanted.tags and not wanted.tags & order.tags:
        return "filter_tag", {"tags": sorted(order.tags)}
    if wanted.zones and not (order.zones and order.zones <= wanted.zones):
        return "filter_zone", {"zones": sorted(order.zones)}
    return "", {}


def _filtered_out_by_size(order: PoolOrder, wanted: Selection) -> tuple[str, dict[str, Any]]:
    if not wanted.lines.holds(order.lines):
        return "filter_line_count", {"lines": order.lines}
    if not wanted.units.holds(order.units):
        return "filter_quantity", {"units": order.units}
    if not wanted.weight_g.holds(order.weight_g):
        return "filter_weight", {"weight_g": order.weight_g}
    return _larger_than_cart(order, wanted.cart)


def _larger_than_cart(order: PoolOrder, cart: Mapping[str, int | None]) -> tuple[str, dict[str, Any]]:
    for name in ("lines", "units", "weight_g", "volume_mm3"):
        limit = cart.get(name)
        if limit is not None and getattr(order, name) > limit:
            return "larger_than_cart", {"limit": name, "max": limit, "is": getattr(order, name)}
    return "", {}


def _overfull(load: Load, limits: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
    for name in _LIMIT_FIELDS:
        if name in limits and getattr(load, name) > limits[name]:
            code = "over_max_orders" if name == "orders" else "later_wave"
            return code, {"limit": name, "max": limits[name], "would_be": getattr(load, name)}
    return "", {}


def _too_little(load: Load, limits: Mapping[str, int]) -> tuple[str, dict[str, Any]]:
    for name in _LIMIT_FIELDS:
        if name in limits and getattr(load, name) < limits[name]:
            code = "below_min_orders" if name == "orders" else "below_min_load"
            return code, {"limit": name, "min": limits[name], "is": getattr(load, name)}
    return "", {}


def is_due(
    trigger: str,
    *,
    times: Sequence[str],
    count: int | None,
    ready: int,
    last: datetime | None,
    local_now: datetime,
) -> bool:
    """Whether a strategy composes a wave now.

    Args:
        trigger: `manual`, `time`, `count`, or `both`: whichever comes first.
        times: "HH:MM" on the warehouse's clock.
        count: orders that must be ready for `count`.
        ready: orders that a wave would take now.
        last: when it was last triggered.
        local_now: the warehouse's clock, aware.
    """
    if not ready:
        return False
    by_count = count is not None and ready >= count
    by_time = any(_struck(text, last, local_now) for text in times)
    return {"time": by_time, "count": by_count, "both": by_time or by_count}.get(trigger, False)


def _struck(text: str, last: datetime | None, local_now: datetime) -> bool:
    hour, minute = (int(part) for part in text.split(":"))
    at = local_now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return at <= local_now < at + timedelta(minutes=30) and (last is None or last < at)


def cart_of(
    pick_mode: str,
    *,
    totes: int,
    units: int | None,
    weight_g: int | None,
    volume_mm3: int | None,
    lines: int | None,
) -> dict[str, int | None]:
    """What the cart of a wave holds: one order at a time in discrete picking, whatever the strategy's cart is."""
    return {
        "totes": 1 if pick_mode == "discrete" else totes,
        "units": units,
        "weight_g": weight_g,
        "volume_mm3": volume_mm3,
        "lines": lines,
    }


@dataclass(frozen=True, kw_only=True)
class StrategyFields:
    """Everything of a strategy that a manager decides."""

    warehouse_id: int
    name: str
    enabled: bool = True
    priority: int = 50
    shops: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lines_min: int | None = None
    lines_max: int | None = None
    units_min: int | None = None
    units_max: int | None = None
    weight_min_g: int | None = None
    weight_max_g: int | None = None
    deadline_within_s: int | None = None
    lanes: tuple[str, ...] = ()
    group_by: tuple[str, ...] = ()
    hot_orders: int | None = None
    pick_mode: str = "cluster"
    print_timing: str = "none"
    scan_mode: str = "quantity"
    min_orders: int | None = None
    max_orders: int | None = None
    min_wave_units: int | None = None
    max_wave_units: int | None = None
    min_wave_weight_g: int | None = None
    max_wave_weight_g: int | None = None
    min_wave_volume_mm3: int | None = None
    max_wave_volume_mm3: int | None = None
    cart_totes: int = 12
    cart_units: int | None = None
    cart_weight_g: int | None = None
    cart_volume_mm3: int | None = None
    cart_lines: int | None = None
    trigger: str = "manual"
    trigger_times: tuple[str, ...] = ()
    trigger_count: int | None = None
    plan_seconds: int = 10
