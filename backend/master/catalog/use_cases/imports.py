"""Take a file of SKUs in: good rows are kept, each bad row is reported with its number, column and reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert_once
from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.catalog.events import SkusImported
from backend.master.catalog.models import Barcode, Sku, SkuPack
from backend.master.catalog.queries import chunked
from backend.master.catalog.rules.barcodes import BarcodeKind
from backend.master.catalog.rules.skus import BarcodeSpec, RowError, SkuRow, check_fields, read_sku_row
from backend.master.catalog.rules.tables import TableRow
from backend.master.catalog.use_cases.bundles import keep_parts
from backend.master.catalog.use_cases.skus import change_sku, keep_packs

MOST_ERRORS = 1000


@dataclass(frozen=True, kw_only=True)
class ImportSkus(Command):
    """Rows as read from a file or a JSON body; columns as in `rules.skus.COLUMNS`, empty cells change nothing."""

    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class ImportReport:
    """What became of the rows. A warning row was taken; `errors` holds at most 1,000, `failed` counts all."""

    rows: int
    created: int
    updated: int
    unchanged: int
    failed: int
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]


@dataclass
class _Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)


def import_skus(session: Session, command: ImportSkus, *, now: datetime) -> ImportReport:
    """Create the SKUs that are new and update those that exist; the same file again changes nothing.

    No refusal: a bad row is an entry of the report, and the other rows are kept.
    """
    tally = _Tally()
    rows = _readable(command.rows, tally)
    for part in chunked(rows):
        _keep(session, part, tally, now)
    _keep_bundles(session, rows, tally, now)
    failed = len({error.row for error in tally.errors})
    if tally.created or tally.updated:
        emit(session, SkusImported(created=tally.created, updated=tally.updated, failed=failed), now=now)
    return ImportReport(
        rows=len(command.rows),
        created=tally.created,
        updated=tally.updated,
        unchanged=tally.unchanged,
        failed=failed,
        errors=tuple(sorted(tally.errors, key=lambda error: error.row)[:MOST_ERRORS]),
        warnings=tuple(tally.warnings[:MOST_ERRORS]),
    )


def _readable(rows: Iterable[TableRow], tally: _Tally) -> list[SkuRow]:
    first_row: dict[str, int] = {}
    found = []
    for row in rows:
        read = read_sku_row(row)
        if isinstance(read, RowError):
            tally.errors.append(read)
        elif read.code in first_row:
            facts = {"code": read.code, "first_row": first_row[read.code]}
            tally.errors.append(RowError(read.number, "code", "sku_twice_in_file", facts))
        else:
            first_row[read.code] = read.number
            found.append(read)
    return found


def _keep(session: Session, rows: list[SkuRow], tally: _Tally, now: datetime) -> None:
    known = {
        sku.code: sku for sku in session.scalars(select(Sku).where(Sku.code.in_([row.code for row in rows])))
    }
    carried = _carried_codes(session, rows, known)
    taken: list[SkuRow] = []
    changed: set[str] = set()
    for row in rows:
        try:
            _check_barcodes(row, carried.get(row.code, {}))
            if row.code in known:
                if change_sku(known[row.code], row.fields, now):
                    changed.add(row.code)
            else:
                check_fields({"name": "", **row.fields})
            taken.append(row)
        except Refusal as no:
            tally.errors.append(
                RowError(row.number, str(no.facts.get("field", "barcodes")), no.code, no.facts)
            )
    new = [row for row in taken if row.code not in known]
    _create(session, new, now)
    changed |= _add_barcodes(session, taken, carried, tally)
    changed |= _keep_packs(session, taken)
    tally.created += len(new)
    tally.updated += sum(1 for row in taken if row.code in known and row.code in changed)
    tally.unchanged += sum(1 for row in taken if row.code in known and row.code not in changed)


def _carried_codes(
    session: Session, rows: Iterable[SkuRow], known: Mapping[str, Sku]
) -> dict[str, dict[str, int]]:
    by_id = {sku.id: sku.code for sku in known.values()}
    carried: dict[str, dict[str, int]] = {row.code: {} for row in rows}
    for code, sku_id, qty in session.execute(
        select(Barcode.code, Barcode.sku_id, Barcode.qty).where(Barcode.sku_id.in_(by_id))
    ):
        carried[by_id[sku_id]][code] = qty
    return carried


def _check_barcodes(row: SkuRow, carried: Mapping[str, int]) -> None:
    for spec in row.barcodes:
        code = spec.canonical().code
        if carried.get(code, spec.qty) != spec.qty:
            raise Refusal("barcode_other_qty", code=code, qty=carried[code], asked=spec.qty)


def _create(session: Session, rows: Iterable[SkuRow], now: datetime) -> None:
    # Every row needs the same columns, or each different set of columns would be a statement of its own.
    plain = {
        "image_url": None, "unit": "pcs", "weight_g": 0, "length_mm": 0, "width_mm": 0, "height_mm": 0,
        "lot_policy": "none", "serial_policy": "none", "shelf_life_days": None, "issue_policy": "fifo",
        "velocity": "C", "fragile": False, "active": True, "is_bundle": False, "changed_at": now,
    }  # fmt: skip
    new = [plain | {"code": row.code} | dict(row.fields) for row in sorted(rows, key=lambda row: row.code)]
    bulk_insert_once(session, Sku, new)  # another import may be bringing the same code in at this moment


def _add_barcodes(
    session: Session, rows: list[SkuRow], carried: Mapping[str, Mapping[str, int]], tally: _Tally
) -> set[str]:
    ids = dict(
        session.execute(select(Sku.code, Sku.id).where(Sku.code.in_([row.code for row in rows]))).all()
    )
    new: list[dict[str, object]] = []
    for row in rows:
        seen = set(carried[row.code])
        for spec in (BarcodeSpec(row.code, kind=BarcodeKind.OWN), *row.barcodes):
            canonical = spec.canonical()
            if canonical.code not in seen:
                seen.add(canonical.code)
                new.append(
                    {
                        "sku_id": ids[row.code],
                        "code": canonical.code,
                        "kind": str(canonical.kind),
                        "qty": spec.qty,
                    }
                )
    bulk_insert_once(session, Barcode, sorted(new, key=lambda row: (str(row["code"]), row["sku_id"])))
    _warn_of_shared(session, rows, tally)
    by_id = {sku_id: code for code, sku_id in ids.items()}
    return {by_id[int(str(row["sku_id"]))] for row in new}


def _warn_of_shared(session: Session, rows: Iterable[SkuRow], tally: _Tally) -> None:
    asked = {spec.canonical().code: row for row in rows for spec in row.barcodes}
    for part in chunked(asked):
        shared = session.execute(
            select(Barcode.code, Sku.code).join(Sku, Sku.id == Barcode.sku_id).where(Barcode.code.in_(part))
        )
        for barcode, sku_code in shared:
            row = asked[barcode]
            if sku_code != row.code:
                facts = {"code": barcode, "skus": [sku_code]}
                tally.warnings.append(RowError(row.number, "barcodes", "barcode_of_other_sku", facts))


def _keep_packs(session: Session, rows: Iterable[SkuRow]) -> set[str]:
    wanted = {row.code: row for row in rows if row.packs}
    if not wanted:
        return set()
    ids = dict(session.execute(select(Sku.id, Sku.code).where(Sku.code.in_(wanted))).all())
    held: dict[str, dict[str, int]] = {code: {} for code in wanted}
    for sku_id, name, qty in session.execute(
        select(SkuPack.sku_id, SkuPack.name, SkuPack.qty).where(SkuPack.sku_id.in_(ids))
    ):
        held[ids[sku_id]][name] = qty
    differing = {sku_id: code for sku_id, code in ids.items() if held[code] != _qtys(wanted[code])}
    for sku_id, code in differing.items():
        keep_packs(session, sku_id, wanted[code].packs)
    return set(differing.values())


def _qtys(row: SkuRow) -> dict[str, int]:
    return {pack.name: pack.qty for pack in row.packs}


def _keep_bundles(session: Session, rows: Iterable[SkuRow], tally: _Tally, now: datetime) -> None:
    """After all rows, so that a bundle may stand above its parts in the file."""
    failed = {error.row for error in tally.errors}
    for row in rows:
        if not row.parts or row.number in failed:
            continue
        sku = session.scalars(select(Sku).where(Sku.code == row.code)).one()
        try:
            keep_parts(session, sku, row.parts, now)
        except Refusal as no:
            tally.errors.append(RowError(row.number, "parts", no.code, no.facts))
