"""Promise goods to orders per SKU, in the order of urgency; take orders back into the queue that lost a promise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.core.db import upsert
from backend.core.execute import Command
from backend.core.jobs import enqueue
from backend.core.outbox import emit
from backend.orders.queries import LineRow, OrderRow, lines_by_id, lines_of, orders_by_id
from backend.orders.queries.policies import whole_order_shops
from backend.orders.use_cases import mark_backordered, mark_reserved, note_tried, record_lines_reserved
from backend.orders.use_cases.progress import lock_orders
from backend.outbound.allocation.events import OrdersReserved
from backend.outbound.allocation.models import AllocationPolicy
from backend.outbound.allocation.queries import LINE, candidates, policy, waiting_orders
from backend.outbound.allocation.rules import fits
from backend.stock.queries import promised_of
from backend.stock.use_cases import ReserveRequest, reserve

JOB = "allocation.reserve"
WAITING = ("approved", "backordered")


@dataclass(frozen=True, kw_only=True)
class ReserveOpenOrders(Command):
    """Promise goods to orders in these states; `sku_ids` narrows to orders that want one of them.

    `sweep_at` is set where a sweep goes on: it passes each order once.
    """

    warehouse_id: int
    limit: int = 300
    states: tuple[str, ...] = WAITING
    sku_ids: tuple[int, ...] = ()
    sweep_at: datetime | None = None


@dataclass(frozen=True)
class Swept:
    """How many orders are ready for a wave now, how many wait for stock, and whether a job goes on with more."""

    reserved: int
    backordered: int
    more: bool


def reserve_open_orders(session: Session, command: ReserveOpenOrders, *, now: datetime) -> Swept:
    """Promise goods to at most `limit` orders, the most urgent first; a job goes on where there are more."""
    command.by.check_warehouse(command.warehouse_id)
    ids = waiting_orders(
        session,
        command.warehouse_id,
        states=command.states,
        sku_ids=command.sku_ids,
        tried_before=command.sweep_at,
        limit=command.limit + 1,
    )
    more = len(ids) > command.limit
    ids = ids[: command.limit]
    lock_orders(session, ids)  # locked: two sweeps never promise to the same order
    found = orders_by_id(session, ids)
    orders = [found[each] for each in ids if found[each].state in command.states and not found[each].holds]
    ready, waiting = _promise(session, command, orders, now)
    note_tried(session, ids, now=now)
    if more:
        payload = {
            "warehouse_id": command.warehouse_id,
            "states": list(command.states),
            "sku_ids": list(command.sku_ids),
            "sweep_at": (command.sweep_at or now).isoformat(),
        }
        enqueue(session, JOB, payload, now=now)
    if ready or waiting:
        told = OrdersReserved(
            warehouse_id=command.warehouse_id, reserved=len(ready), backordered=len(waiting)
        )
        emit(session, told, now=now)
    return Swept(len(ready), len(waiting), more)


def _promise(
    session: Session, command: ReserveOpenOrders, orders: Sequence[OrderRow], now: datetime
) -> tuple[list[int], list[int]]:
    """The orders that are ready now, and those that wait (newly or again)."""
    lines = lines_of(session, [order.id for order in orders])
    whole = whole_order_shops(session)
    requests, owners = [], []
    for order in orders:
        for line in lines.get(order.id, ()):
            if line.wanted_qty > 0:
                partial = not whole.get(order.shop, whole[""])
                requests.append(
                    ReserveRequest(line.sku_id, line.wanted_qty, LINE, line.id, order.id, partial)
                )
                owners.append(order.id)
    got = reserve(session, requests, warehouse_id=command.warehouse_id, by=command.by, now=now)
    record_lines_reserved(
        session, {request.doc_id: each.qty for request, each in zip(requests, got, strict=True)}
    )
    lacking = {owner for owner, each in zip(owners, got, strict=True) if each.missing}
    unreachable = _not_in_bins(
        session, command.warehouse_id, [order for order in orders if order.id not in lacking], lines, now
    )
    ready = [order.id for order in orders if order.id not in lacking and order.id not in unreachable]
    mark_reserved(session, ready, now=now)
    mark_backordered(session, [o.id for o in orders if o.id in lacking], now=now, reason="not_in_stock")
    return ready, sorted(lacking | unreachable)


def _not_in_bins(
    session: Session,
    warehouse_id: int,
    orders: Sequence[OrderRow],
    lines: dict[int, list[LineRow]],
    now: datetime,
) -> set[int]:
    """Orders that were sent back because no bin had their goods, and for which that is still so."""
    again = [order for order in orders if order.wait_reason == "not_in_bins"]
    if not again:
        return set()
    fitness, _ = policy(session, warehouse_id, now)
    wanted = {line.sku_id for order in again for line in lines.get(order.id, ())}
    free = {
        sku_id: sum(each.free for each in found if fits(each, fitness))
        for sku_id, found in candidates(session, warehouse_id, wanted).items()
    }
    still = set()
    for order in again:
        need: dict[int, int] = {}
        for line in lines.get(order.id, ()):
            need[line.sku_id] = need.get(line.sku_id, 0) + line.qty - line.short_qty - line.picked_qty
        if any(free.get(sku_id, 0) < qty for sku_id, qty in need.items()):
            still.add(order.id)
            continue
        for sku_id, qty in need.items():
            free[sku_id] = free.get(sku_id, 0) - qty
    return still


@dataclass(frozen=True, kw_only=True)
class RequeueBumped(Command):
    """Order lines that lost pieces of their promise because goods turned out to be gone."""

    warehouse_id: int
    line_ids: tuple[int, ...]


def requeue_bumped(session: Session, command: RequeueBumped, *, now: datetime) -> int:
    """Put the lines' figures right and send their orders back to wait, as far as no work on them has begun.

    An order under way keeps its state: its picker is told what is missing at the bin. Returns the orders sent back.
    """
    kept = promised_of(session, LINE, command.line_ids)
    lines = lines_by_id(session, command.line_ids)
    record_lines_reserved(
        session, {line.id: kept.get(line.id, 0) - line.reserved_qty for line in lines.values()}
    )
    found = orders_by_id(session, {line.order_id for line in lines.values()})
    back = [order.id for order in found.values() if order.state == "reserved"]
    mark_backordered(session, back, now=now, reason="not_in_stock")
    return len(back)


@dataclass(frozen=True, kw_only=True)
class SetAllocationPolicy(Command):
    """How the warehouse allocates; costs in mm of walking."""

    warehouse_id: int
    min_days_left: int = 0
    min_age_days: int = 0
    fifo_days: int = 1
    extra_bin_mm: int = 4_000
    empties_bonus_mm: int = 6_000


def set_allocation_policy(session: Session, command: SetAllocationPolicy, *, now: datetime) -> None:
    """Write the policy; it counts from the next allocation."""
    command.by.check_warehouse(command.warehouse_id)
    names = ("min_days_left", "min_age_days", "fifo_days", "extra_bin_mm", "empties_bonus_mm")
    upsert(
        session,
        AllocationPolicy,
        keys={"warehouse_id": command.warehouse_id},
        put={name: getattr(command, name) for name in names},
    )
