"""What the optimiser is given, and what it gave back."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.algorithms.batching.job import BatchJob, BatchOrder, Cart
from backend.algorithms.routing.layout import Layout, Stop
from backend.master.layout.queries import stops_of, travel_graph
from backend.orders.models import SalesOrder, SalesOrderLine
from backend.outbound.allocation.queries import LINE
from backend.outbound.waves.models import Wave, WaveBatch, WaveBatchOrder, WaveOrder
from backend.outbound.waves.rules import WaveState
from backend.stock.models import Allocation, Reservation


@dataclass(frozen=True, slots=True)
class AllocatedLine:
    """Goods of an order at a bin."""

    allocation_id: int
    order_id: int
    order_line_id: int
    location_id: int
    sku_id: int
    lot_id: int | None
    qty: int


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """A batch of a plan: (order id, slot) by slot, location ids in walking order."""

    id: int
    no: int
    route_mm: int
    sequence: tuple[int, ...]
    orders: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class PlanInput:
    """The optimiser's frozen input, and which location each of its stops is."""

    job: BatchJob
    locations: tuple[int, ...]


def wave_allocations(session: Session, wave_id: int) -> dict[int, list[AllocatedLine]]:
    """Open allocations of a wave's orders, per order."""
    found: dict[int, list[AllocatedLine]] = defaultdict(list)
    rows = session.execute(
        select(
            Allocation.id, SalesOrderLine.order_id, SalesOrderLine.id, Allocation.location_id, Allocation.sku_id,
            Allocation.lot_id, Allocation.qty - Allocation.picked_qty,
        )
        .join(Reservation, Reservation.id == Allocation.reservation_id)
        .join(SalesOrderLine, SalesOrderLine.id == Reservation.doc_id)
        .join(WaveOrder, WaveOrder.order_id == SalesOrderLine.order_id)
        .where(
            WaveOrder.wave_id == wave_id,
            WaveOrder.state == "in",
            Reservation.doc_kind == LINE,
            Allocation.state == "open",
        )
        .order_by(Allocation.id)
    )  # fmt: skip
    for row in rows:
        found[row[1]].append(AllocatedLine(*row))
    return dict(found)


def batches_of(session: Session, wave_id: int) -> list[BatchPlan]:
    """The plan of a wave, by number."""
    seats: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for batch_id, order_id, slot_no in session.execute(
        select(WaveBatchOrder.batch_id, WaveBatchOrder.order_id, WaveBatchOrder.slot_no)
        .join(WaveBatch, WaveBatch.id == WaveBatchOrder.batch_id)
        .where(WaveBatch.wave_id == wave_id)
        .order_by(WaveBatchOrder.slot_no)
    ):
        seats[batch_id].append((order_id, slot_no))
    batches = session.scalars(select(WaveBatch).where(WaveBatch.wave_id == wave_id).order_by(WaveBatch.no))
    return [
        BatchPlan(each.id, each.no, each.route_mm, tuple(each.sequence), tuple(seats[each.id]))
        for each in batches
    ]


def plan_wanted(session: Session, wave_id: int) -> bool:
    """Whether somebody still waits for this wave's plan (and has not asked to stop)."""
    row = session.execute(select(Wave.state, Wave.plan_stop).where(Wave.id == wave_id)).first()
    return row is not None and row.state == WaveState.PLANNING and not row.plan_stop


def plan_input(
    session: Session, wave_id: int, *, seconds: float, seed: int, now: datetime
) -> PlanInput | None:
    """Orders, stops and cart of a wave that waits for its plan; None when it does not."""
    wave = session.get(Wave, wave_id)
    if wave is None or wave.state != WaveState.PLANNING:
        return None
    allocated = wave_allocations(session, wave_id)
    at = stops_of(
        session, wave.warehouse_id, {line.location_id for lines in allocated.values() for line in lines}
    )
    locations = tuple(sorted(at))
    index = {location_id: number for number, location_id in enumerate(locations)}
    orders = tuple(
        _batch_order(row, allocated[row.id], index, now)
        for row in session.execute(
            select(
                SalesOrder.id, SalesOrder.weight_g, SalesOrder.volume_mm3, SalesOrder.cut_off_at,
                SalesOrder.promise_at, WaveOrder.group_key,
            )
            .join(WaveOrder, WaveOrder.order_id == SalesOrder.id)
            .where(WaveOrder.wave_id == wave_id, WaveOrder.state == "in")
            .order_by(SalesOrder.id)
        )
        if row.id in allocated
    )  # fmt: skip
    layout: Layout = travel_graph(session, wave.warehouse_id)
    stops: tuple[Stop, ...] = tuple(at[location_id] for location_id in locations)
    job = BatchJob(
        layout=layout, stops=stops, orders=orders, cart=Cart(**wave.cart), seed=seed, seconds=seconds
    )
    return PlanInput(job, locations)


def _batch_order(row: Any, lines: list[AllocatedLine], index: dict[int, int], now: datetime) -> BatchOrder:
    due = row.cut_off_at or row.promise_at
    return BatchOrder(
        id=row.id,
        stops=tuple(sorted({index[line.location_id] for line in lines})),
        units=sum(line.qty for line in lines),
        lines=len({(line.location_id, line.sku_id, line.lot_id) for line in lines}),
        weight_g=row.weight_g,
        volume_mm3=row.volume_mm3,
        due_s=int((due - now).total_seconds()) if due else None,
        group=row.group_key,
    )
