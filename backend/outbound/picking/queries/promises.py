"""Whose promise is in danger when goods turn out to be gone."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.stock.models import Allocation, Availability, Reservation


def promised_beyond(session: Session, warehouse_id: int, sku_id: int, lost: int) -> int:
    """Pieces of a SKU that would be promised but not there, when `lost` pieces are gone (0 or less: none)."""
    row = session.get(Availability, (warehouse_id, sku_id), populate_existing=True)
    return row.reserved - (row.sellable - lost) if row else 0


def promised_without_bin(
    session: Session, warehouse_id: int, sku_id: int, *, besides: Collection[int]
) -> int:
    """Pieces of a SKU that are promised but held at no bin, reservations `besides` not counted."""
    mine = (
        Reservation.warehouse_id == warehouse_id,
        Reservation.sku_id == sku_id,
        Reservation.state == "active",
        Reservation.id.not_in(besides),
    )
    promised = session.scalar(
        select(func.coalesce(func.sum(Reservation.qty - Reservation.taken_qty), 0)).where(*mine)
    )
    held = session.scalar(
        select(func.coalesce(func.sum(Allocation.qty - Allocation.picked_qty), 0))
        .join(Reservation, Reservation.id == Allocation.reservation_id)
        .where(*mine, Allocation.state == "open")
    )
    return int(promised or 0) - int(held or 0)
