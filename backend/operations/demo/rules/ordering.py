"""The demo orders: three shops, three carriers, single-item, hot-SKU and multi-item orders for today's collections."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from backend.operations.demo.rules.dice import Dice
from backend.operations.demo.rules.goods import DemoSku
from backend.orders.rules import OrderIn, WantedLine

SHOPS = ("harbour", "lantern", "orchard")
CUT_OFFS = (("KITE", "12:00"), ("HERON", "16:30"), ("OTTER", "20:00"))
SINGLE, HOT, MULTI = 62, 26, 62


@dataclass(frozen=True, slots=True)
class ShopOrders:
    """The orders of one shop."""

    shop: str
    orders: tuple[OrderIn, ...] = field(hash=False)


def demo_orders(
    dice: Dice, skus: Sequence[DemoSku], bundles: Sequence[dict[str, Any]], today: date, zone: str
) -> tuple[ShopOrders, ...]:
    """A hundred and fifty orders. Fast goods are wanted more often: six of ten lines are A, three B, one C."""
    by_velocity = {
        each: [sku for sku in skus if sku.velocity == each and sku.serial_policy != "strong"]
        for each in "ABC"
    }
    hot = by_velocity["A"][0]
    kinds = dice.shuffled(["single"] * SINGLE + ["hot"] * HOT + ["multi"] * MULTI)
    made: dict[str, list[OrderIn]] = {shop: [] for shop in SHOPS}
    for number, kind in enumerate(kinds, start=1):
        shop = SHOPS[dice.below(len(SHOPS))]
        lines = _lines(dice, kind, hot, by_velocity, bundles)
        made[shop].append(_order(dice, shop, number, lines, today=today, zone=ZoneInfo(zone)))
    return tuple(ShopOrders(shop, tuple(orders)) for shop, orders in made.items())


def _lines(
    dice: Dice,
    kind: str,
    hot: DemoSku,
    by_velocity: dict[str, list[DemoSku]],
    bundles: Sequence[dict[str, Any]],
) -> tuple[WantedLine, ...]:
    if kind == "hot":
        return (_line(hot.code, hot.row["name"], 1),)
    if kind == "single":
        sku = _wanted(dice, by_velocity)
        return (_line(sku.code, sku.row["name"], 1 if dice.chance(80) else 2),)
    chosen: dict[str, WantedLine] = {}
    for _ in range(dice.between(2, 6)):
        sku = _wanted(dice, by_velocity)
        chosen[sku.code] = _line(sku.code, sku.row["name"], 1 if dice.chance(70) else dice.between(2, 3))
    if dice.chance(12):
        bundle = dice.pick(bundles)
        chosen[bundle["code"]] = _line(bundle["code"], bundle["name"], 1)
    return tuple(chosen.values())


def _wanted(dice: Dice, by_velocity: dict[str, list[DemoSku]]) -> DemoSku:
    throw = dice.below(10)
    return dice.pick(by_velocity["A" if throw < 6 else "B" if throw < 9 else "C"])


def _line(code: str, name: str, qty: int) -> WantedLine:
    return WantedLine(code, qty, name=name)


def _order(
    dice: Dice, shop: str, number: int, lines: tuple[WantedLine, ...], *, today: date, zone: ZoneInfo
) -> OrderIn:
    carrier, cut_off = CUT_OFFS[dice.below(len(CUT_OFFS))]
    placed = datetime.combine(today, time(0, 5), zone) + timedelta(minutes=dice.below(7 * 60))
    return OrderIn(
        external_no=f"{shop[0].upper()}{number:05}",
        lines=lines,
        placed_at=placed,
        promise_at=datetime.combine(today, time.fromisoformat(cut_off), zone) if dice.chance(70) else None,
        carrier=carrier,
        priority=10 if dice.chance(8) else 0,
        tags=("gift",) if dice.chance(10) else (),
        customer_ref=f"C{dice.below(100_000):05}",
        country="CN",
        currency="CNY",
        row_no=number,
    )
