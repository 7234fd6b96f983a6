"""The demo goods: about four hundred SKUs of seven groups, and bundles of them."""

from dataclasses import dataclass, field, replace
from typing import Any

from backend.master.catalog.rules.barcodes import gs1_check_digit
from backend.operations.demo.rules.dice import Dice
from backend.operations.demo.rules.words import WORDS, both, picture


@dataclass(frozen=True, slots=True)
class DemoSku:
    """A SKU of the demo: the row for the import, and what the stock plan needs to know."""

    code: str
    group: str
    velocity: str
    lot_policy: str
    serial_policy: str
    shelf_life_days: int
    volume_mm3: int
    weight_g: int
    barcodes: tuple[str, ...]
    row: dict[str, Any] = field(hash=False)


def with_check_digit(payload: str) -> str:
    """The payload and its check digit."""
    return f"{payload}{gs1_check_digit(payload)}"


def ean(number: int) -> str:
    """An EAN-13 of the range that GS1 leaves to shops for themselves."""
    return with_check_digit(f"20{number:010}")


def upc(number: int) -> str:
    """A UPC-A of the range for use within a company."""
    return with_check_digit(f"4{number:010}")


def ean8(number: int) -> str:
    """An EAN-8 of the range for use within a company."""
    return with_check_digit(f"2{number:06}")


def isbn(number: int) -> str:
    """An ISBN-13 of a range that no agency has been given, with the usual hyphens."""
    code = with_check_digit(f"9799{number:08}")
    return f"{code[:3]}-{code[3]}-{code[4:8]}-{code[8:12]}-{code[12]}"


def carton_code(unit: str) -> str:
    """The GTIN-14 of a carton of what this EAN-13 names."""
    return with_check_digit("1" + unit[:12])


def demo_skus(dice: Dice) -> list[DemoSku]:
    """The SKUs that are stocked, in no particular order of importance."""
    made: list[DemoSku] = []
    for group, about in WORDS["groups"].items():
        for at in range(about["share"]):
            made.append(_sku(dice, group, about, at, number=len(made) + 1))
    ranked = dice.shuffled(range(len(made)))
    for rank, at in enumerate(ranked):
        velocity = "A" if rank < 60 else "B" if rank < 180 else "C"
        made[at] = replace(made[at], velocity=velocity, row={**made[at].row, "velocity": velocity})
    return _with_serials(_with_shared_barcode(made))


def _sku(dice: Dice, group: str, about: dict[str, Any], at: int, number: int) -> DemoSku:
    thing = about["things"][at % len(about["things"])]
    turn = at // len(about["things"])
    size = about["sizes"][turn % len(about["sizes"])]
    plain = group in ("food", "care", "book") and turn < len(about["sizes"])
    tone = None if plain else WORDS["tones"][turn % len(WORDS["tones"])]
    name = [thing[0] + (f" {tone[0]}" if tone else ""), thing[1] + (f" {tone[1]}" if tone else "")]
    weight_g = _weight_g(dice, size, about)
    sides = _sides_mm(dice, weight_g)
    days = dice.pick(about["days"]) if about["days"] else 0
    code = f"{group[:2].upper()}-{number:04}"
    barcodes = _barcodes(dice, group, number)
    row: dict[str, Any] = {
        "code": code,
        "name": both(name, size),
        "image_url": picture(group),
        "unit": "pcs",
        "weight_g": weight_g,
        "length_mm": sides[0],
        "width_mm": sides[1],
        "height_mm": sides[2],
        "lot_policy": about["lot"],
        "issue_policy": "fefo" if about["lot"] == "lot_expiry" else "fifo",
        "fragile": group == "home" and dice.chance(30),
        "barcodes": "|".join(barcodes),
        "packs": "|".join(f"carton*{text.partition('*')[2]}" for text in barcodes if "*" in text),
    }
    if days:
        row["shelf_life_days"] = days
    volume_mm3 = sides[0] * sides[1] * sides[2]
    return DemoSku(code, group, "C", about["lot"], "none", days, volume_mm3, weight_g, barcodes, row)


def _weight_g(dice: Dice, size: str, about: dict[str, Any]) -> int:
    """What is written on it and its packing, or a weight of its kind."""
    amount, _, unit = size.partition(" ")
    return int(amount) * 115 // 100 + 12 if unit in ("g", "ml") else dice.between(*about["weight_g"])


def _sides_mm(dice: Dice, weight_g: int) -> list[int]:
    """Length, width and height of a box about as large as such a weight needs, 0.4 g per cubic centimetre."""
    edge = round((weight_g * 2_500) ** (1 / 3))
    return sorted((edge * dice.between(60, 150) // 100 for _ in range(3)), reverse=True)


def _barcodes(dice: Dice, group: str, number: int) -> tuple[str, ...]:
    if group == "book":
        return (isbn(number),)
    main = ean(number)
    codes = [main]
    if dice.chance(20):
        codes.append(upc(number))
    if group == "office" and dice.chance(40):
        codes.append(ean8(number))
    if dice.chance(28):
        codes.append(f"{carton_code(main)}*{dice.pick((6, 12, 24))}")
    return tuple(codes)


def _with_shared_barcode(made: list[DemoSku]) -> list[DemoSku]:
    """Two packagings of one thing carry the same EAN: a scan of it is answered with a choice."""
    first, second = [at for at, sku in enumerate(made) if sku.group == "care" and sku.velocity != "A"][:2]
    codes = (*made[second].barcodes, made[first].barcodes[0])
    made[second] = replace(
        made[second], barcodes=codes, row={**made[second].row, "barcodes": "|".join(codes)}
    )
    return made


def _with_serials(made: list[DemoSku]) -> list[DemoSku]:
    """One device is kept piece by piece, some others have their numbers written down when they leave."""
    devices = [at for at, sku in enumerate(made) if sku.group == "device" and sku.velocity == "C"]
    for at, policy in zip(devices[:4], ("strong", "weak", "weak", "weak"), strict=True):
        made[at] = replace(made[at], serial_policy=policy, row={**made[at].row, "serial_policy": policy})
    return made


def demo_bundles(dice: Dice, skus: list[DemoSku]) -> list[dict[str, Any]]:
    """Bundles of two or three goods; the last one holds another bundle."""
    plain = [sku for sku in skus if sku.serial_policy == "none" and sku.velocity != "C"]
    rows: list[dict[str, Any]] = []
    for at, words in enumerate(WORDS["bundles"]):
        parts = [f"{sku.code}*{dice.between(1, 2)}" for sku in dice.sample(plain, dice.between(2, 3))]
        if at == len(WORDS["bundles"]) - 1:
            parts[-1] = f"{rows[0]['code']}*1"
        rows.append(
            {
                "code": f"SET-{at + 1:02}",
                "name": both(words),
                "image_url": picture("set"),
                "parts": "|".join(parts),
            }
        )
    return rows
