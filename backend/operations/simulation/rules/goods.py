"""Made-up goods, a hall to keep them in, and orders for them: what a throw-away house is filled with."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.operations.simulation.rules.people import Dice

AISLE_PITCH_MM, BAY_MM, BAYS, CROSS_MM = 3_000, 1_200, 25, 2_000
BINS_PER_AISLE = 2 * BAYS
_LARGEST_AISLE_COUNT = 700
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """An order: its number and (SKU code, pieces)."""

    number: str
    lines: tuple[tuple[str, int], ...]

    def wire(self, carrier: str) -> Json:
        """As the import door takes it."""
        lines = [{"code": code, "qty": qty} for code, qty in self.lines]
        return {"external_no": self.number, "carrier": carrier, "lines": lines}


def made_up_orders(dice: Dice, codes: Sequence[str], count: int, prefix: str) -> list[WantedOrder]:
    """Orders as a web shop gets them: mostly one to five lines, few goods wanted often and many rarely."""
    orders = []
    for number in range(count):
        wanted: dict[str, int] = {}
        for _ in range(_line_count(dice)):
            code = codes[min(int(len(codes) * dice.random() ** 2.5), len(codes) - 1)]
            wanted[code] = wanted.get(code, 0) + (1 if dice.random() < 0.7 else 2 + dice.randrange(3))
        orders.append(WantedOrder(f"{prefix}{number + 1:05}", tuple(sorted(wanted.items()))))
    return orders


def _line_count(dice: Dice) -> int:
    drawn = dice.random()
    return 1 if drawn < 0.35 else 2 if drawn < 0.6 else 3 if drawn < 0.78 else 4 + dice.randrange(6)


def codes_made_up(count: int) -> list[str]:
    """Codes of made-up goods, the most wanted first."""
    return [f"SIM-{number:04}" for number in range(1, count + 1)]


def demand_of(orders: Iterable[WantedOrder]) -> dict[str, int]:
    """Pieces wanted of each SKU."""
    wanted: Counter[str] = Counter()
    for order in orders:
        for code, qty in order.lines:
            wanted[code] += qty
    return dict(wanted)


def sku_rows(codes: Iterable[str], dice: Dice) -> list[Json]:
    """Rows for the import of SKUs; sizes and weights as of small parcels."""
    return [
        {
            "code": code,
            "name": code,
            "weight_g": str(50 + dice.randrange(900)),
            "length_mm": str(60 + dice.randrange(200)),
            "width_mm": str(40 + dice.randrange(120)),
            "height_mm": str(20 + dice.randrange(80)),
        }
        for code in codes
    ]


def aisles_for(skus: int) -> int:
    """Aisles of a hall with a bin for each SKU; at least six."""
    return max(6, math.ceil(skus / BINS_PER_AISLE))


def hall_lists(aisles: int) -> Json:
    """The lists of a layout import: parallel aisles in two blocks, three cross aisles, the depot at the front left."""
    length = BAYS * BAY_MM + 2 * CROSS_MM
    middle = length // 2
    names = [f"{number + 1:02}" for number in range(min(aisles, _LARGEST_AISLE_COUNT))]
    return {
        "zones": [{"code": "PICK", "kind": "pick"}],
        "cross_aisles": [{"y_mm": 0}, {"y_mm": middle}, {"y_mm": length}],
        "aisles": [
            {"code": name, "number": at + 1, "x_mm": at * AISLE_PITCH_MM, "y_from_mm": 0, "y_to_mm": length}
            for at, name in enumerate(names)
        ],
        "points": [{"kind": "depot", "aisle": names[0], "y_mm": 0}],
        "bins": [
            {"code": f"{name}-{bay + 1:02}{side}", "zone": "PICK", "aisle": name, "side": side, "y_mm": _bay_y(bay), "level": 1}
            for name in names
            for bay in range(BAYS)
            for side in ("L", "R")
        ],
    }  # fmt: skip


def _bay_y(bay: int) -> int:
    return CROSS_MM // 2 + round((bay + 0.5) * (BAYS * BAY_MM + CROSS_MM) / BAYS)


def spread_over(codes: Sequence[str], bins: Sequence[Any], dice: Dice) -> dict[str, Any]:
    """A bin for each SKU, anywhere in the hall."""
    free = list(bins)
    for at in range(len(free) - 1, 0, -1):
        other = dice.randrange(at + 1)
        free[at], free[other] = free[other], free[at]
    return dict(zip(codes, free, strict=False))


def stock_to_lay(demand: Mapping[str, int], spare: float = 1.3) -> dict[str, int]:
    """Pieces to lay in: the demand, and a third more."""
    return {code: math.ceil(qty * spare) + 2 for code, qty in demand.items()}
