"""What a scan is compared with, in one statement: a picker waits for it, a hundred times an hour and more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from backend.core.errors import NotFound
from backend.master.catalog.models import Barcode, Sku
from backend.master.catalog.rules.barcodes import own_key, scan_keys
from backend.master.layout.models import Location, Warehouse
from backend.orders.models import OrderHold, SalesOrder
from backend.outbound.picking.models import PickLine, PickSplit, PickTote
from backend.outbound.picking.queries.loads import (
    LINE_COLUMNS,
    ON_CARTS,
    PICKED,
    SPLIT_COLUMNS,
    TOTE_COLUMNS,
    LineFacts,
    SplitFacts,
    ToteFacts,
    order_to_do,
    split_of,
    tote_of,
)
from backend.outbound.picking.rules import TO_DO
from backend.stock.models import Allocation, Balance, Lot
from backend.stock.rules import Known, Place, SkuPolicy


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """A line, the tote its goods go into, its splits, and the line after it.

    `pack_qty`: how many pieces the scanned code stands for; None when it is no plain code of the line's SKU.
    `known`: what the ledger wants to know of the bin, the cart and the SKU.
    """

    line: LineFacts
    tote: ToteFacts
    splits: Sequence[SplitFacts]
    pack_qty: int | None
    next_line_id: int | None
    known: Known


_OTHER = aliased(PickLine)
_PACK = (
    select(Barcode.qty)
    .where(Barcode.sku_id == PickLine.sku_id, Barcode.code.in_(bindparam("codes", expanding=True)))
    .limit(1)
    .scalar_subquery()
)
_NEXT = (
    select(_OTHER.id)
    .where(_OTHER.task_id == bindparam("task_id"), _OTHER.id != bindparam("line_id"), _OTHER.state.in_(TO_DO))
    .order_by(*order_to_do(_OTHER))
    .limit(1)
    .scalar_subquery()
)
_PLACES = (
    Location.warehouse_id, Location.kind, Location.sellable, PICKED.kind.label("cart_kind"),
    PICKED.code.label("cart_code"), PICKED.sellable.label("cart_sellable"),
)  # fmt: skip
_LINE, _TOTE, _SPLIT = len(LINE_COLUMNS) + 1, len(TOTE_COLUMNS), len(SPLIT_COLUMNS)
_SCAN = (
    select(
        *LINE_COLUMNS, PICKED.id.label("picked_location_id"), *TOTE_COLUMNS, *SPLIT_COLUMNS, *_PLACES,
        _PACK.label("pack_qty"), _NEXT.label("next_line_id"),
    )
    .select_from(PickLine)
    .join(Location, Location.id == PickLine.location_id)
    .join(Warehouse, Warehouse.id == Location.warehouse_id)
    .join(Sku, Sku.id == PickLine.sku_id)
    .join(PICKED, PICKED.id == ON_CARTS)
    .outerjoin(Lot, Lot.id == PickLine.lot_id)
    .outerjoin(PickTote, (PickTote.task_id == PickLine.task_id) & (PickTote.slot_no == bindparam("slot_no")))
    .outerjoin(SalesOrder, SalesOrder.id == PickTote.order_id)
    .outerjoin(OrderHold, (OrderHold.order_id == SalesOrder.id) & OrderHold.released_at.is_(None))
    .outerjoin(PickSplit, PickSplit.line_id == PickLine.id)
    .outerjoin(Allocation, Allocation.id == PickSplit.allocation_id)
    .outerjoin(Balance, Balance.id == Allocation.balance_id)
    .where(PickLine.id == bindparam("line_id"), PickLine.task_id == bindparam("task_id"))
    .order_by(PickSplit.slot_no, PickSplit.id)
)  # fmt: skip


def scan_facts(session: Session, task_id: int, line_id: int, slot_no: int, scanned: str) -> ScanFacts:
    """Everything about a line and a slot that a scan of the goods must fit.

    Raises:
        NotFound: `line_not_found`, `slot_not_found`.
    """
    wanted = {"task_id": task_id, "line_id": line_id, "slot_no": slot_no, "codes": scan_keys(scanned)}
    rows: Sequence[Any] = session.connection().execute(_SCAN, wanted).all()
    if not rows:
        raise NotFound("line_not_found", task_id=task_id, line_id=line_id)
    first = rows[0]
    if first.tote_id is None:
        raise NotFound("slot_not_found", task_id=task_id, slot_no=slot_no)
    # A row for each split, times the holds of the order.
    line = LineFacts(*first[:_LINE])
    tote = tote_of(first[_LINE : _LINE + _TOTE - 1], {row.reason for row in rows})
    at = _LINE + _TOTE
    splits = {row.split_id: row[at : at + _SPLIT] for row in rows if row.split_id is not None}
    own = own_key(scanned) == own_key(line.sku_code)
    return ScanFacts(
        line,
        tote,
        [split_of(each) for each in splits.values()],
        1 if own else first.pack_qty,
        first.next_line_id,
        _known(first, line),
    )


def _known(row: Any, line: LineFacts) -> Known:
    here, cart = line.location_id, line.picked_location_id
    places = {
        here: Place(here, row.warehouse_id, row.kind, line.location_code, row.sellable),
        cart: Place(cart, row.warehouse_id, row.cart_kind, row.cart_code, row.cart_sellable),
    }
    policy = SkuPolicy(line.sku_id, line.sku_code, line.lot_policy, line.serial_policy)
    return Known(places, {line.sku_id: policy})
