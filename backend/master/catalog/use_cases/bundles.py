"""Bundles: say what a SKU is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert
from backend.core.errors import Unprocessable
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.catalog.events import BundleSet
from backend.master.catalog.models import BundlePart, Sku
from backend.master.catalog.queries import bundle_parts, sku_ids_by_code
from backend.master.catalog.rules.bundles import check_bundle
from backend.master.catalog.rules.skus import PartSpec, check_qty
from backend.master.catalog.use_cases.skus import SavedSku, the_sku


@dataclass(frozen=True, kw_only=True)
class SetBundle(Command):
    """Make the SKU a bundle of these parts, in place of what it was made of."""

    sku_id: int
    parts: tuple[PartSpec, ...]


def set_bundle(session: Session, command: SetBundle, *, now: datetime) -> SavedSku:
    """Say what a bundle is made of.

    Raises: `sku_not_found`, `bundle_part_unknown`, `bundle_empty`, `bundle_cycle`, `qty_not_positive`.
    """
    sku = the_sku(session, command.sku_id)
    keep_parts(session, sku, command.parts, now)
    emit(session, BundleSet(sku_id=sku.id, parts=len(command.parts)), now=now)
    return SavedSku(sku.id, sku.code)


def keep_parts(session: Session, sku: Sku, parts: Iterable[PartSpec], now: datetime) -> None:
    """Replace a bundle's parts.

    Raises: `bundle_part_unknown`, `bundle_empty`, `bundle_cycle`, `qty_not_positive`.
    """
    wanted = list(parts)
    ids = sku_ids_by_code(session, [part.code for part in wanted])
    pieces: dict[int, int] = {}
    for part in wanted:
        check_qty(part.qty)
        if part.code not in ids:
            raise Unprocessable("bundle_part_unknown", code=part.code)
        pieces[ids[part.code]] = pieces.get(ids[part.code], 0) + part.qty
    check_bundle(bundle_parts(session, pieces), sku.id, pieces)
    session.execute(delete(BundlePart).where(BundlePart.bundle_sku_id == sku.id))
    bulk_insert(
        session,
        BundlePart,
        [{"bundle_sku_id": sku.id, "sku_id": part_id, "qty": qty} for part_id, qty in pieces.items()],
    )
    sku.is_bundle = True
    sku.changed_at = now
    session.flush()
