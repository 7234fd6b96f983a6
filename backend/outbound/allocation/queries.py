"""What allocation looks at: policy, goods in bins, orders that wait."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.master.layout.models import Location, Zone
from backend.master.layout.queries import closed_locations
from backend.orders.models import OrderHold, SalesOrder, SalesOrderLine
from backend.outbound.allocation.models import AllocationPolicy
from backend.outbound.allocation.rules import Candidate, Costs, Fitness
from backend.stock.models import Allocation, Balance, Lot, Reservation
from backend.stock.queries.figures import chunks

LINE = "order_line"


def policy(session: Session, warehouse_id: int, now: datetime) -> tuple[Fitness, Costs]:
    """The warehouse's rules of allocation."""
    row = session.get(AllocationPolicy, warehouse_id)
    if row is None:
        return Fitness(now.date()), Costs()
    return (
        Fitness(now.date(), row.min_days_left, row.min_age_days, row.fifo_days),
        Costs(row.extra_bin_mm, row.empties_bonus_mm),
    )


def candidates(
    session: Session, warehouse_id: int, sku_ids: Collection[int], avoid: Collection[int] = ()
) -> dict[int, list[Candidate]]:
    """Good stock in open bins of these SKUs, per SKU; `avoid` are locations that do not count."""
    closed = closed_locations(session, warehouse_id) | set(avoid)
    found: dict[int, list[Candidate]] = {}
    for part in chunks(sku_ids):
        rows = session.execute(
            select(
                Balance.id,
                Balance.location_id,
                Location.x_mm,
                Location.y_mm,
                Location.floor,
                Location.level,
                Location.pick_seq,
                Balance.on_hand - Balance.reserved,
                Balance.on_hand,
                Zone.kind,
                Lot.expiry_on,
                Lot.mfg_on,
                Balance.fifo_at,
                Balance.sku_id,
            )
            .join(Location, Location.id == Balance.location_id)
            .outerjoin(Zone, Zone.id == Location.zone_id)
            .outerjoin(Lot, Lot.id == Balance.lot_id)
            .where(
                Balance.warehouse_id == warehouse_id,
                Balance.sku_id.in_(part),
                Balance.quality == "good",
                Balance.on_hand > Balance.reserved,
                Location.kind == "bin",
                Location.sellable.is_(True),
            )
            .order_by(Balance.id)
        )
        for row in rows:
            if row.location_id not in closed:
                pick_face = row.kind != "reserve"
                facts: tuple[Any, ...] = (*row[:9], pick_face, *row[10:13])
                found.setdefault(row.sku_id, []).append(Candidate(*facts))
    return found


def waiting_orders(
    session: Session,
    warehouse_id: int,
    *,
    states: Collection[str],
    sku_ids: Collection[int] = (),
    tried_before: datetime | None = None,
    limit: int,
) -> list[int]:
    """Orders that wait for a promise and may have one, the most urgent first."""
    held = select(OrderHold.id).where(OrderHold.order_id == SalesOrder.id, OrderHold.released_at.is_(None))
    wanted = select(SalesOrder.id).where(
        SalesOrder.warehouse_id == warehouse_id, SalesOrder.state.in_(sorted(states)), ~held.exists()
    )
    if sku_ids:
        mine = select(SalesOrderLine.id).where(
            SalesOrderLine.order_id == SalesOrder.id, SalesOrderLine.sku_id.in_(sorted(sku_ids))
        )
        wanted = wanted.where(mine.exists())
    if tried_before is not None:
        wanted = wanted.where(
            SalesOrder.reserve_tried_at.is_(None) | (SalesOrder.reserve_tried_at < tried_before)
        )
    urgent = wanted.order_by(SalesOrder.priority.desc(), SalesOrder.promise_at, SalesOrder.id)
    return list(session.scalars(urgent.limit(limit)))


@dataclass(frozen=True, slots=True)
class HeldGoods:
    """An open allocation of an order: `open_qty` pieces are still to be picked from there."""

    allocation_id: int
    order_id: int
    line_id: int
    reservation_id: int
    sku_id: int
    lot_id: int | None
    location_id: int
    balance_id: int
    qty: int
    picked_qty: int

    @property
    def open_qty(self) -> int:
        """Pieces still to be picked."""
        return self.qty - self.picked_qty


def held_goods(session: Session, order_ids: Iterable[int]) -> dict[int, list[HeldGoods]]:
    """The open allocations of these orders, per order; orders without any are absent."""
    found: dict[int, list[HeldGoods]] = {}
    for part in chunks(order_ids):
        rows = session.execute(
            select(
                Allocation.id,
                SalesOrderLine.order_id,
                SalesOrderLine.id,
                Reservation.id,
                Allocation.sku_id,
                Allocation.lot_id,
                Allocation.location_id,
                Allocation.balance_id,
                Allocation.qty,
                Allocation.picked_qty,
            )
            .join(Reservation, Reservation.id == Allocation.reservation_id)
            .join(SalesOrderLine, SalesOrderLine.id == Reservation.doc_id)
            .where(
                Reservation.doc_kind == LINE, Allocation.state == "open", SalesOrderLine.order_id.in_(part)
            )
            .order_by(Allocation.id)
        )
        for row in rows:
            facts: tuple[Any, ...] = tuple(row)
            found.setdefault(row.order_id, []).append(HeldGoods(*facts))
    return found
