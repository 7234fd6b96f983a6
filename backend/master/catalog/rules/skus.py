"""What may be said about a SKU, and how a row of an import file says it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from importlib import resources
from typing import Any

from backend.core.errors import Refusal, Unprocessable
from backend.master.catalog.rules.barcodes import CanonicalCode, canonical_barcode, own_key
from backend.master.catalog.rules.tables import TableRow

LOT_POLICIES = ("none", "lot", "lot_expiry")
SERIAL_POLICIES = ("none", "weak", "strong")
ISSUE_POLICIES = ("fefo", "fifo")
VELOCITIES = ("A", "B", "C")
CHOICES = {
    "lot_policy": LOT_POLICIES,
    "serial_policy": SERIAL_POLICIES,
    "issue_policy": ISSUE_POLICIES,
    "velocity": VELOCITIES,
}
MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm")
TEXTS = ("name", "image_url", "unit")
FLAGS = ("fragile", "active")
COLUMNS = ("code", *TEXTS, *MEASURES, *CHOICES, "shelf_life_days", *FLAGS, "barcodes", "packs", "parts")

_LARGEST = 2_000_000_000
_LONGEST_TEXT = {"name": 300, "image_url": 1000, "unit": 20}
_WORDS = json.loads(
    resources.files("backend.master.catalog.rules").joinpath("headings.json").read_text("utf-8")
)
_HEADINGS: Mapping[str, str] = _WORDS["columns"]
_YES = frozenset(_WORDS["yes"])
_NO = frozenset(_WORDS["no"])
_TIMES = re.compile(r"(?P<code>.+?)\s*[*×]\s*(?P<qty>\d{1,9})")


@dataclass(frozen=True, slots=True)
class BarcodeSpec:
    """A barcode as someone wants it kept: `qty` base units per scan."""

    code: str
    qty: int = 1
    kind: str | None = None

    def canonical(self) -> CanonicalCode:
        """Raises: Unprocessable as `canonical_barcode`, or `qty_not_positive`."""
        check_qty(self.qty)
        kind = "carton" if self.kind is None and self.qty > 1 else self.kind
        return canonical_barcode(self.code, kind)


@dataclass(frozen=True, slots=True)
class PackSpec:
    """A named multiple of the base unit, e.g. a carton of 12, with its outer size where known (0 = unknown)."""

    name: str
    qty: int
    weight_g: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0


@dataclass(frozen=True, slots=True)
class PartSpec:
    """`qty` pieces of the SKU with this code in one bundle."""

    code: str
    qty: int = 1


@dataclass(frozen=True, slots=True)
class SkuRow:
    """One readable row: the fields that the file fills, and nothing about those it leaves empty."""

    number: int
    code: str
    fields: Mapping[str, Any]
    barcodes: tuple[BarcodeSpec, ...] = ()
    packs: tuple[PackSpec, ...] = ()
    parts: tuple[PartSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row was not taken: the row's number in the file, the column, and a code as in a refusal."""

    row: int
    field: str
    code: str
    facts: Mapping[str, Any] = dataclass_field(default_factory=dict)


def check_qty(qty: int) -> None:
    """Raises: Unprocessable `qty_not_positive`."""
    if not 0 < qty <= _LARGEST:
        raise Unprocessable("qty_not_positive", qty=qty)


def check_fields(fields: Mapping[str, Any]) -> None:
    """Whether these fields may stand together.

    Raises:
        Unprocessable: `sku_field` (field, why: choice, measure or length), `sku_needs_lot` when expiry is wanted
            for goods that carry a shelf life but no lot.
    """
    for name, value in fields.items():
        _check_field(name, value)
    if fields.get("shelf_life_days") and fields.get("lot_policy", "lot_expiry") == "none":
        raise Unprocessable("sku_needs_lot", shelf_life_days=fields["shelf_life_days"])


def _check_field(name: str, value: Any) -> None:
    if name in CHOICES and value not in CHOICES[name]:
        raise Unprocessable("sku_field", field=name, why="choice", allowed=list(CHOICES[name]))
    if name in MEASURES and not 0 <= value <= _LARGEST:
        raise Unprocessable("sku_field", field=name, why="measure")
    if name == "shelf_life_days" and value is not None and not 0 < value <= 36_500:
        raise Unprocessable("sku_field", field=name, why="measure")
    if name in _LONGEST_TEXT and value is not None and len(value) > _LONGEST_TEXT[name]:
        raise Unprocessable("sku_field", field=name, why="length", longest=_LONGEST_TEXT[name])
    if name in ("name", "unit") and not value:
        raise Unprocessable("sku_field", field=name, why="empty")


def sku_code(text: str) -> str:
    """A SKU's code in the form it is kept.

    Raises:
        Unprocessable: `sku_field` when it is empty or longer than 64 characters.
    """
    code = own_key(text)
    if not code:
        raise Unprocessable("sku_field", field="code", why="empty")
    if len(code) > 64:
        raise Unprocessable("sku_field", field="code", why="length", longest=64)
    return code


def read_sku_row(row: TableRow) -> SkuRow | RowError:
    """One row of an import file, or the first thing that is wrong with it. Chinese headings are understood."""
    cells = {_HEADINGS.get(name, name): text for name, text in row.cells}
    column = "code"
    try:
        code = sku_code(cells.get("code", ""))
        fields: dict[str, Any] = {}
        for column in (*TEXTS, *MEASURES, *CHOICES, "shelf_life_days", *FLAGS):
            text = cells.get(column)
            if text:
                fields[column] = _cell(column, text)
                _check_field(column, fields[column])
        column = "shelf_life_days"
        check_fields(fields)
        column = "barcodes"
        barcodes = tuple(_barcode(text) for text in _listed(cells.get(column, "")))
        for spec in barcodes:
            spec.canonical()
        column = "packs"
        packs = tuple(_pack(text) for text in _listed(cells.get(column, "")))
        column = "parts"
        parts = tuple(PartSpec(*_times(text)) for text in _listed(cells.get(column, "")))
    except Refusal as no:
        return RowError(row.number, str(no.facts.get("field", column)), no.code, no.facts)
    return SkuRow(row.number, code, fields, barcodes, packs, parts)


def _cell(column: str, text: str) -> Any:
    if column in MEASURES or column == "shelf_life_days":
        if not text.isascii() or not text.isdigit() or len(text) > 10:
            raise Unprocessable("sku_field", field=column, why="number", found=text[:40])
        return int(text)
    if column in FLAGS:
        folded = text.lower()
        if folded not in _YES | _NO:
            raise Unprocessable("sku_field", field=column, why="flag", found=text[:40])
        return folded in _YES
    if column == "velocity":
        return text.upper()
    return text.lower() if column in CHOICES else text


def _listed(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[|;；\n]", text) if part.strip()]


def _times(text: str) -> tuple[str, int]:
    """`code*12` or `code×12`; without a factor it is one."""
    found = _TIMES.fullmatch(text)
    if not found:
        return own_key(text), 1
    qty = int(found["qty"])
    check_qty(qty)
    return own_key(found["code"]), qty


def _barcode(text: str) -> BarcodeSpec:
    code, qty = _times(text)
    return BarcodeSpec(code, qty)


def _pack(text: str) -> PackSpec:
    name, qty = _times(text)
    return PackSpec(name.lower(), qty)
