"""Reads of the catalogue."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.catalog.models import Barcode, BundlePart, Sku, SkuPack
from backend.master.catalog.rules import bundles
from backend.master.catalog.rules.barcodes import looks_misread, own_key, scan_keys
from backend.master.catalog.rules.gs1 import Gs1Data, read_gs1, split_symbology
from backend.master.catalog.rules.skus import CHOICES, FLAGS, MEASURES, TEXTS

CHUNK = 500  # values per IN list: well below every engine's limit on bound parameters
_LOCATION = re.compile(r"[0-9A-Z]{2}\.\S+|\S+\.[0-9A-Z]{2}", re.IGNORECASE)
_LPN = re.compile(r"(?:LPN|TOTE|CART|CTN|PLT|T|C|P)[-_]?\d{2,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScanCandidate:
    """A SKU that the scan may mean, and how many base units one scan of this code stands for."""

    sku_id: int
    code: str
    name: str
    qty: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanned text means.

    `kind` is sku, location, lpn, sscc or unknown; location and lpn only say what the text looks like. Several
    candidates: ask which. `qty` is the count that the code itself states (AI 30 or 37). `misread` means digits with a
    wrong check digit: scan again. `unknown_ais` and `wrong_ais` name what of a GS1 code could not be used.
    """

    text: str
    kind: str
    candidates: tuple[ScanCandidate, ...] = ()
    lot: str | None = None
    expiry_on: date | None = None
    serial: str | None = None
    sscc: str | None = None
    unknown_ais: tuple[str, ...] = ()
    gtin: str | None = None
    mfg_on: date | None = None
    qty: int | None = None
    wrong_ais: tuple[str, ...] = ()
    misread: bool = False


@dataclass(frozen=True, slots=True)
class SkuCard:
    """What a screen on the floor shows of a SKU."""

    id: int
    code: str
    name: str
    image_url: str | None
    unit: str
    weight_g: int
    volume_mm3: int
    lot_policy: str
    serial_policy: str
    issue_policy: str
    fragile: bool
    barcodes: tuple[tuple[str, int], ...]
    shelf_life_days: int | None = None
    velocity: str = "C"
    is_bundle: bool = False
    active: bool = True


def read_scan(session: Session, text: str) -> Scan:
    """What this scan means, in one indexed query."""
    data = read_gs1(text)
    _, plain = split_symbology(text.strip())
    keys = [*((data and (data.gtin, data.content_gtin)) or ()), *scan_keys(plain)]
    candidates = _candidates(session, [key for key in keys if key])
    kind = _kind_of(plain, data, found=bool(candidates))
    if data is None:
        return Scan(text, kind, candidates, misread=not candidates and looks_misread(plain))
    return Scan(
        text,
        kind,
        candidates,
        lot=data.lot,
        expiry_on=data.expiry_on,
        serial=data.serial,
        sscc=data.sscc,
        unknown_ais=data.unknown_ais,
        gtin=data.gtin or data.content_gtin,
        mfg_on=data.mfg_on,
        qty=data.qty,
        wrong_ais=data.wrong_ais,
        misread=not candidates and bool({"00", "01", "02"} & set(data.wrong_ais)),
    )


# Built once: putting a statement together costs more than running it.
_CANDIDATES = (
    select(Sku.id, Sku.code, Sku.name, Barcode.qty)
    .join(Barcode, Barcode.sku_id == Sku.id)
    .where(Barcode.code.in_(bindparam("keys", expanding=True)), Sku.active)
    .order_by(Sku.code, Barcode.qty)
)


def _candidates(session: Session, keys: Sequence[str]) -> tuple[ScanCandidate, ...]:
    rows = session.execute(_CANDIDATES, {"keys": keys})
    return tuple({(row.id, row.qty): ScanCandidate(*row) for row in rows}.values())


def _kind_of(plain: str, data: Gs1Data | None, *, found: bool) -> str:
    if found:
        return "sku"
    if data and data.sscc:
        return "sscc"
    if data is None and _LOCATION.fullmatch(plain):
        return "location"
    if data is None and _LPN.fullmatch(plain):
        return "lpn"
    return "unknown"


def sku_cards(session: Session, ids: Iterable[int]) -> dict[int, SkuCard]:
    """Cards by SKU id; ids that do not exist are absent."""
    wanted = sorted(set(ids))
    codes = _barcodes_of(session, wanted)
    cards: dict[int, SkuCard] = {}
    for part in chunked(wanted):
        for sku in session.scalars(select(Sku).where(Sku.id.in_(part))):
            cards[sku.id] = _card(sku, codes.get(sku.id, ()))
    return cards


def _card(sku: Sku, barcodes: Iterable[tuple[str, int]]) -> SkuCard:
    return SkuCard(
        id=sku.id,
        code=sku.code,
        name=sku.name,
        image_url=sku.image_url,
        unit=sku.unit,
        weight_g=sku.weight_g,
        volume_mm3=sku.volume_mm3,
        lot_policy=sku.lot_policy,
        serial_policy=sku.serial_policy,
        issue_policy=sku.issue_policy,
        fragile=sku.fragile,
        barcodes=tuple(barcodes),
        shelf_life_days=sku.shelf_life_days,
        velocity=sku.velocity,
        is_bundle=sku.is_bundle,
        active=sku.active,
    )


def _barcodes_of(session: Session, ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for part in chunked(ids):
        rows = session.execute(
            select(Barcode.sku_id, Barcode.code, Barcode.qty)
            .where(Barcode.sku_id.in_(part))
            .order_by(Barcode.sku_id, Barcode.id)
        )
        for sku_id, code, qty in rows:
            found[sku_id].append((code, qty))
    return found


def sku_ids_by_code(session: Session, codes: Iterable[str]) -> dict[str, int]:
    """SKU ids under the codes as they were asked for (in any case); codes of no SKU are absent."""
    wanted = {code: own_key(code) for code in codes}
    found: dict[str, int] = {}
    for part in chunked(sorted(set(wanted.values()))):
        rows = session.execute(select(Sku.code, Sku.id).where(Sku.code.in_(part)))
        found.update(dict(rows.all()))
    return {asked: found[key] for asked, key in wanted.items() if key in found}


def explode_bundles(session: Session, demand: Mapping[int, int]) -> dict[int, int]:
    """Demand (SKU id → pieces) with every bundle replaced by its parts."""
    return bundles.explode(bundle_parts(session, demand), demand)


def bundle_parts(session: Session, sku_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """The parts of these SKUs and of their parts, all the way down; only bundles appear as keys."""
    parts: dict[int, dict[int, int]] = {}
    ahead = set(sku_ids)
    seen: set[int] = set()
    while ahead:
        seen |= ahead
        below: set[int] = set()
        for part in chunked(sorted(ahead)):
            rows = session.execute(
                select(BundlePart.bundle_sku_id, BundlePart.sku_id, BundlePart.qty)
                .where(BundlePart.bundle_sku_id.in_(part))
                .order_by(BundlePart.id)
            )
            for bundle_id, part_id, qty in rows:
                parts.setdefault(bundle_id, {})[part_id] = qty
                below.add(part_id)
        ahead = below - seen
    return parts


def chunked(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """Lists of at most `size` values."""
    left = iter(values)
    while part := list(islice(left, size)):
        yield part


# ------------------------------------------------------------------------------------- for the routes


@dataclass(frozen=True, slots=True)
class SkuSheet:
    """Everything about one SKU."""

    card: SkuCard
    length_mm: int
    width_mm: int
    height_mm: int
    packs: tuple[Any, ...]
    parts: tuple[Any, ...]
    barcode_rows: tuple[Any, ...]


def scan(session: Session, *, by: Actor, now: datetime, text: str) -> Scan:
    """What a scanned text means."""
    return read_scan(session, text)


def sku_page(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    cursor: str | None,
    limit: int,
    search: str | None = None,
    active: bool | None = None,
) -> Page:
    """SKUs whose code begins with the search text, whose name holds it, or that carry it as a barcode."""
    statement = select(Sku).where(*_matching(search))
    if active is not None:
        statement = statement.where(Sku.active == active)
    page = paginate(session, statement, cursor=cursor, limit=limit, key=Sku.id)
    codes = _barcodes_of(session, [sku.id for sku in page.rows])
    return Page([_card(sku, codes.get(sku.id, ())) for sku in page.rows], page.next_cursor)


def _matching(search: str | None) -> list[ColumnElement[bool]]:
    if not search:
        return []
    by_barcode = exists().where(Barcode.sku_id == Sku.id, Barcode.code.in_(scan_keys(search)))
    return [
        or_(
            Sku.code.startswith(own_key(search), autoescape=True),
            Sku.name.icontains(search, autoescape=True),
            by_barcode,
        )
    ]


def sku_sheet(session: Session, *, by: Actor, now: datetime, sku_id: int) -> SkuSheet:
    """Everything about one SKU: measures, barcodes, packs, parts.

    Raises:
        NotFound: `sku_not_found`.
    """
    sku = session.get(Sku, sku_id)
    if sku is None:
        raise NotFound("sku_not_found", sku_id=sku_id)
    rows = session.execute(
        select(Barcode.id, Barcode.code, Barcode.kind, Barcode.qty)
        .where(Barcode.sku_id == sku_id)
        .order_by(Barcode.id)
    ).all()
    parts = session.execute(
        select(Sku.id.label("sku_id"), Sku.code, Sku.name, BundlePart.qty)
        .join(Sku, Sku.id == BundlePart.sku_id)
        .where(BundlePart.bundle_sku_id == sku_id)
        .order_by(BundlePart.id)
    ).all()
    packs = session.scalars(select(SkuPack).where(SkuPack.sku_id == sku_id).order_by(SkuPack.qty)).all()
    return SkuSheet(
        _card(sku, [(row.code, row.qty) for row in rows]),
        sku.length_mm,
        sku.width_mm,
        sku.height_mm,
        packs=tuple(packs),
        parts=tuple(parts),
        barcode_rows=tuple(rows),
    )


def export_rows(session: Session) -> Iterator[tuple[Any, ...]]:
    """All SKUs as the rows that `import_skus` reads, in the order of `COLUMNS`."""
    by_sku = defaultdict(list)
    for row in session.execute(select(Barcode).order_by(Barcode.id)).scalars():
        by_sku[row.sku_id].append(row)
    packs = defaultdict(list)
    for pack in session.scalars(select(SkuPack).order_by(SkuPack.qty)):
        packs[pack.sku_id].append(f"{pack.name}*{pack.qty}")
    parts = defaultdict(list)
    for bundle_id, code, qty in session.execute(
        select(BundlePart.bundle_sku_id, Sku.code, BundlePart.qty)
        .join(Sku, Sku.id == BundlePart.sku_id)
        .order_by(BundlePart.id)
    ):
        parts[bundle_id].append(f"{code}*{qty}")
    for sku in session.scalars(select(Sku).order_by(Sku.code)):
        codes = [_listed(row) for row in by_sku[sku.id] if row.code != sku.code]
        yield (
            sku.code,
            *(getattr(sku, name) for name in (*TEXTS, *MEASURES, *CHOICES, "shelf_life_days", *FLAGS)),
            "|".join(codes),
            "|".join(packs[sku.id]),
            "|".join(parts[sku.id]),
        )


def _listed(row: Barcode | Row[Any]) -> str:
    return row.code if row.qty == 1 else f"{row.code}*{row.qty}"
