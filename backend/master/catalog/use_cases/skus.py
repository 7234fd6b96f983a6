"""SKUs and their barcodes: take in, change, give and take away a code."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, insert_once
from backend.core.errors import NotFound, Refusal, Unprocessable
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.catalog.events import BarcodeAdded, BarcodeRemoved, SkuChanged, SkuCreated
from backend.master.catalog.models import Barcode, Sku, SkuPack
from backend.master.catalog.queries import sku_ids_by_code
from backend.master.catalog.rules.barcodes import BarcodeKind
from backend.master.catalog.rules.skus import BarcodeSpec, PackSpec, check_fields, check_qty, sku_code


@dataclass(frozen=True, kw_only=True)
class CreateSku(Command):
    """A new SKU. Sizes are those of one base unit's outer box; 0 means not measured yet."""

    code: str
    name: str
    image_url: str | None = None
    unit: str = "pcs"
    weight_g: int = 0
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    lot_policy: str = "none"
    serial_policy: str = "none"
    shelf_life_days: int | None = None
    issue_policy: str = "fifo"
    velocity: str = "C"
    fragile: bool = False
    barcodes: tuple[BarcodeSpec, ...] = ()
    packs: tuple[PackSpec, ...] = ()


@dataclass(frozen=True, kw_only=True)
class UpdateSku(Command):
    """Fields that are None stay as they are. A code never changes: printed labels carry it."""

    sku_id: int
    name: str | None = None
    image_url: str | None = None
    unit: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    lot_policy: str | None = None
    serial_policy: str | None = None
    shelf_life_days: int | None = None
    issue_policy: str | None = None
    velocity: str | None = None
    fragile: bool | None = None
    active: bool | None = None
    packs: tuple[PackSpec, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class AddBarcode(Command):
    """`kind` None: told by the code itself. `shared` True: the caller knows that another SKU has it too."""

    sku_id: int
    code: str
    qty: int = 1
    kind: str | None = None
    shared: bool = False


@dataclass(frozen=True, kw_only=True)
class RemoveBarcode(Command):
    sku_id: int
    barcode_id: int


@dataclass(frozen=True)
class SavedSku:
    """The SKU that was written."""

    id: int
    code: str


@dataclass(frozen=True)
class SavedBarcode:
    """The barcode in its canonical form; `also` are the codes of other SKUs that carry it too."""

    id: int
    sku_id: int
    code: str
    kind: str
    qty: int
    also: tuple[str, ...]


_FIELDS = (
    "name", "image_url", "unit", "weight_g", "length_mm", "width_mm", "height_mm", "lot_policy", "serial_policy",
    "shelf_life_days", "issue_policy", "velocity", "fragile",
)  # fmt: skip


def create_sku(session: Session, command: CreateSku, *, now: datetime) -> SavedSku:
    """Take a new SKU into the catalogue; its own code can be scanned at once.

    Raises: `sku_exists`, `sku_field`, `sku_needs_lot`, and what a barcode can be refused for.
    """
    code = sku_code(command.code)
    fields = {name: getattr(command, name) for name in _FIELDS}
    check_fields(fields)
    if not insert_once(session, Sku, code=code, is_bundle=False, active=True, changed_at=now, **fields):
        raise Refusal("sku_exists", code=code)
    sku_id = sku_ids_by_code(session, [code])[code]
    keep_barcode(session, sku_id, BarcodeSpec(code, kind=BarcodeKind.OWN))
    for spec in command.barcodes:
        keep_barcode(session, sku_id, spec)
    keep_packs(session, sku_id, command.packs)
    emit(session, SkuCreated(sku_id=sku_id, code=code), now=now)
    return SavedSku(sku_id, code)


def update_sku(session: Session, command: UpdateSku, *, now: datetime) -> SavedSku:
    """Change what is said about a SKU.

    Raises: `sku_not_found`, `sku_field`, `sku_needs_lot`.
    """
    sku = the_sku(session, command.sku_id)
    wanted = {name: getattr(command, name) for name in (*_FIELDS, "active")}
    changed = change_sku(sku, {name: value for name, value in wanted.items() if value is not None}, now)
    if command.packs is not None:
        keep_packs(session, sku.id, command.packs)
        changed = (*changed, "packs")
    if changed:
        emit(session, SkuChanged(sku_id=sku.id, code=sku.code, fields=changed), now=now)
    return SavedSku(sku.id, sku.code)


def change_sku(sku: Sku, wanted: Mapping[str, Any], now: datetime) -> tuple[str, ...]:
    """Set these fields; the names of those that really changed.

    Raises: `sku_field`, `sku_needs_lot`.
    """
    kept = {name: getattr(sku, name) for name in ("lot_policy", "shelf_life_days")}
    check_fields(kept | dict(wanted))
    changed = tuple(name for name, value in wanted.items() if getattr(sku, name) != value)
    for name in changed:
        setattr(sku, name, wanted[name])
    if changed:
        sku.changed_at = now
    return changed


def the_sku(session: Session, sku_id: int) -> Sku:
    """Raises: NotFound `sku_not_found`."""
    sku = session.get(Sku, sku_id)
    if sku is None:
        raise NotFound("sku_not_found", sku_id=sku_id)
    return sku


def add_barcode(session: Session, command: AddBarcode, *, now: datetime) -> SavedBarcode:
    """Give a SKU one more code to be scanned by; the same code again changes nothing.

    Raises: `sku_not_found`, `barcode_empty`, `barcode_too_long`, `barcode_malformed`, `barcode_check_digit`,
        `qty_not_positive`, `barcode_other_qty`, `barcode_of_other_sku` unless sharing is meant.
    """
    sku = the_sku(session, command.sku_id)
    spec = BarcodeSpec(command.code, command.qty, command.kind)
    code = spec.canonical().code
    others = tuple(
        session.scalars(
            select(Sku.code)
            .join(Barcode, Barcode.sku_id == Sku.id)
            .where(Barcode.code == code, Sku.id != sku.id)
            .order_by(Sku.code)
        )
    )
    if others and not command.shared:
        raise Refusal("barcode_of_other_sku", code=code, skus=list(others))
    row, is_new = keep_barcode(session, sku.id, spec)
    if is_new:
        sku.changed_at = now
        emit(session, BarcodeAdded(sku_id=sku.id, barcode=code, qty=row.qty, shared=bool(others)), now=now)
    return SavedBarcode(row.id, sku.id, row.code, row.kind, row.qty, others)


def keep_barcode(session: Session, sku_id: int, spec: BarcodeSpec) -> tuple[Barcode, bool]:
    """The barcode's row, and whether it is new.

    Raises: `barcode_other_qty` when the SKU has this code with another quantity; as `BarcodeSpec.canonical`.
    """
    canonical = spec.canonical()
    is_new = insert_once(
        session, Barcode, code=canonical.code, sku_id=sku_id, kind=str(canonical.kind), qty=spec.qty
    )
    row = session.scalars(
        select(Barcode).where(Barcode.code == canonical.code, Barcode.sku_id == sku_id)
    ).one()
    if row.qty != spec.qty:
        raise Refusal("barcode_other_qty", code=row.code, qty=row.qty, asked=spec.qty)
    return row, is_new


def remove_barcode(session: Session, command: RemoveBarcode, *, now: datetime) -> SavedSku:
    """Take a code away from a SKU; its own code stays.

    Raises: `sku_not_found`, `barcode_not_found`, `barcode_is_own_code`.
    """
    sku = the_sku(session, command.sku_id)
    row = session.get(Barcode, command.barcode_id)
    if row is None or row.sku_id != sku.id:
        raise NotFound("barcode_not_found", barcode_id=command.barcode_id)
    if row.code == sku.code:
        raise Refusal("barcode_is_own_code", code=row.code)
    session.delete(row)
    sku.changed_at = now
    emit(session, BarcodeRemoved(sku_id=sku.id, barcode=row.code), now=now)
    return SavedSku(sku.id, sku.code)


def keep_packs(session: Session, sku_id: int, packs: Iterable[PackSpec]) -> None:
    """Make these the SKU's packs.

    Raises: `qty_not_positive`, `sku_field`.
    """
    wanted = {pack.name: pack for pack in packs}
    for pack in wanted.values():
        check_qty(pack.qty)
        check_fields(_size_of(pack))
        if not 0 < len(pack.name) <= 64:
            raise Unprocessable("sku_field", field="packs", why="length", longest=64)
    session.execute(delete(SkuPack).where(SkuPack.sku_id == sku_id))
    rows = [
        {"sku_id": sku_id, "name": pack.name, "qty": pack.qty, **_size_of(pack)} for pack in wanted.values()
    ]
    bulk_insert(session, SkuPack, rows)


def _size_of(pack: PackSpec) -> dict[str, int]:
    return {name: getattr(pack, name) for name in ("weight_g", "length_mm", "width_mm", "height_mm")}
