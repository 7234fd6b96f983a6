"""The whole demo, as one frozen plan."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.operations.demo.rules.dice import Dice
from backend.operations.demo.rules.goods import demo_bundles, demo_skus
from backend.operations.demo.rules.hall import hall
from backend.operations.demo.rules.ordering import CUT_OFFS, ShopOrders, demo_orders
from backend.operations.demo.rules.stocking import StockLine, stock_plan
from backend.operations.demo.rules.words import WORDS

DEMO_WAREHOUSE = "DEMO"
TIMEZONE = "Asia/Shanghai"
SIMULATED_PICKERS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in. `desk`: with a password too."""

    login: str
    role: str
    name: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """All that the demo writes, before anything is written."""

    warehouse: str
    name: str
    timezone: str
    layout: dict[str, Any] = field(hash=False)
    sku_rows: tuple[dict[str, Any], ...] = field(hash=False)
    stock: tuple[StockLine, ...]
    cut_offs: tuple[tuple[str, str], ...]
    orders: tuple[ShopOrders, ...]
    strategies: tuple[dict[str, Any], ...] = field(hash=False)
    people: tuple[Person, ...]


def build_demo(seed: int, today: date) -> DemoPlan:
    """The plan for a seed and a day; the same two, the same plan."""
    dice = Dice(seed)
    skus = demo_skus(dice)
    bundles = demo_bundles(dice, skus)
    return DemoPlan(
        warehouse=DEMO_WAREHOUSE,
        name=WORDS["warehouse"],
        timezone=TIMEZONE,
        layout=hall(),
        sku_rows=(*(sku.row for sku in skus), *bundles),
        stock=stock_plan(dice, skus, today),
        cut_offs=CUT_OFFS,
        orders=demo_orders(dice, skus, bundles, today, TIMEZONE),
        strategies=_strategies(),
        people=_people(),
    )


def _strategies() -> tuple[dict[str, Any], ...]:
    names = WORDS["strategies"]
    return (
        {"name": names["hot"], "priority": 10, "lanes": ("hot",), "group_by": ("same_sku",), "pick_mode": "cluster", "cart_totes": 24, "hot_orders": 10, "plan_seconds": 4},
        {"name": names["single"], "priority": 20, "lanes": ("single",), "pick_mode": "cluster", "cart_totes": 16, "hot_orders": 10, "plan_seconds": 4},
        {"name": names["multi"], "priority": 30, "lanes": ("multi",), "pick_mode": "cluster", "cart_totes": 12, "hot_orders": 10, "plan_seconds": 4},
    )  # fmt: skip


def _people() -> tuple[Person, ...]:
    shown = tuple(
        Person(login, role, name, desk=role in ("supervisor", "admin"))
        for login, role, name in WORDS["people"]
    )
    simulated = tuple(Person(f"sim-{at}", "picker", f"Sim {at}") for at in range(1, SIMULATED_PICKERS + 1))
    return (*shown, *simulated)
