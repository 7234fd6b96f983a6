"""The demo stock: what lies in which bin, with lots, serials and a few defective pieces."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backend.operations.demo.rules.dice import Dice
from backend.operations.demo.rules.goods import DemoSku
from backend.operations.demo.rules.hall import (
    PICK_VOLUME_MM3,
    RESERVE_VOLUME_MM3,
    defect_bins,
    pick_bins,
    reserve_bins,
)

_BINS_OF = {"A": 2, "B": 1, "C": 1}
_PIECES_OF = {"A": (60, 110), "B": (30, 60), "C": (12, 30)}


@dataclass(frozen=True, slots=True)
class StockLine:
    """So many pieces of a SKU into a bin; `serials` for goods kept by piece."""

    sku: str
    bin: str
    qty: int
    lot: str | None = None
    expiry_on: date | None = None
    mfg_on: date | None = None
    quality: str = "good"
    serials: tuple[str, ...] = ()


def stock_plan(dice: Dice, skus: list[DemoSku], today: date) -> tuple[StockLine, ...]:
    """Fast goods near the start of walks, in two bins and with reserve; slow goods far out, some sharing a bin."""
    ordered = sorted(skus, key=lambda sku: sku.velocity)
    faces, reserve = iter(pick_bins()), iter(reserve_bins())
    lines: list[StockLine] = []
    shared: str | None = None
    for sku in ordered:
        for _ in range(_BINS_OF[sku.velocity]):
            shares = sku.velocity == "C" and shared is not None and dice.chance(12)
            bin_ = shared if shares and shared is not None else next(faces)
            shared = None if shares else bin_
            room = PICK_VOLUME_MM3 // (4 if sku.velocity == "C" else 1)
            lines += _pieces(
                dice, sku, bin_, _fitting(sku, dice.between(*_PIECES_OF[sku.velocity]), room), today
            )
        if sku.velocity == "A" or (sku.velocity == "B" and dice.chance(20)):
            home = next(reserve, None)
            if home is not None:
                lines += _pieces(
                    dice, sku, home, _fitting(sku, dice.between(120, 240), RESERVE_VOLUME_MM3), today
                )
    return (*lines, *_defective(dice, ordered, today))


def _fitting(sku: DemoSku, wanted: int, room_mm3: int) -> int:
    return max(4, min(wanted, room_mm3 * 8 // 10 // sku.volume_mm3))


def _pieces(dice: Dice, sku: DemoSku, bin_: str, qty: int, today: date) -> Iterator[StockLine]:
    if sku.serial_policy == "strong":
        pieces = min(qty, 12)
        yield StockLine(
            sku.code, bin_, pieces, serials=tuple(f"{sku.code}-{bin_}-{at:03}" for at in range(1, pieces + 1))
        )
    elif sku.lot_policy == "none":
        yield StockLine(sku.code, bin_, qty)
    else:
        several = dice.chance(35) and qty > 8
        parts = (qty // 3, qty - qty // 3) if several else (qty,)
        for age, part in enumerate(parts):
            yield _lot(dice, sku, bin_, part, today, older=several and age == 0)


def _lot(dice: Dice, sku: DemoSku, bin_: str, qty: int, today: date, *, older: bool) -> StockLine:
    life = sku.shelf_life_days or 720
    gone = life * (dice.between(60, 80) if older else dice.between(5, 45)) // 100
    made = today - timedelta(days=gone)
    expiry = made + timedelta(days=life) if sku.shelf_life_days else None
    # One lot number per SKU and day of making: the same lot in two bins has the same dates.
    return StockLine(sku.code, bin_, qty, lot=f"L{made:%y%m%d}", expiry_on=expiry, mfg_on=made)


def _defective(dice: Dice, skus: list[DemoSku], today: date) -> Iterator[StockLine]:
    plain = [sku for sku in skus if sku.lot_policy == "none" and sku.serial_policy == "none"]
    for bin_, sku in zip(defect_bins(), dice.sample(plain, 6), strict=False):
        yield StockLine(sku.code, bin_, dice.between(1, 4), quality="defective")
