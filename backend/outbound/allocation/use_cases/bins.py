"""Take the goods of orders out of particular bins, with the other orders of the same work in view."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import locked
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.master.catalog.queries import sku_cards
from backend.orders.queries import OrderRow, lines_of, orders_by_id
from backend.orders.use_cases import mark_backordered, set_order_state
from backend.outbound.allocation.events import OrdersShort, ReplenishmentWanted
from backend.outbound.allocation.queries import LINE, HeldGoods, candidates, held_goods, policy
from backend.outbound.allocation.rules import Candidate, Nearby, choose
from backend.stock.models import Balance
from backend.stock.queries import reservations_of
from backend.stock.queries.figures import chunks
from backend.stock.use_cases import AllocateRequest, allocate, deallocate

_EVENT_ORDERS = 50
_ROUNDS = 3
Spot = tuple[int, int, int]


@dataclass(frozen=True)
class Allocated:
    """The goods of each order (all its open allocations), and why the others have none."""

    goods: dict[int, list[HeldGoods]]
    short: dict[int, str]


@dataclass(frozen=True, slots=True)
class Need:
    """`qty` pieces that a reservation still wants a bin for. Needs of one `group` (an order) are met whole or not."""

    group: int
    reservation_id: int
    sku_id: int
    qty: int


@dataclass(frozen=True)
class Reallocated:
    """The new allocations per need (in order), and the pieces of each for which there is no bin."""

    allocation_ids: tuple[int, ...]
    missing: tuple[int, ...]


def allocate_orders(
    session: Session,
    order_ids: Sequence[int],
    *,
    by: Actor,
    now: datetime,
    near: Iterable[Spot] = (),
) -> Allocated:
    """Allocate reserved orders to bins, in the order given; each whole or not at all.

    An order whose goods are in no bin that a picker may open goes back to `backordered` (`not_in_bins`) and keeps its
    promise. A held order is left as it is (`held`), one that is not promised in full too (`not_reserved`).

    Args:
        near: places (x mm, y mm, floor) that the work visits anyway.
    """
    orders = orders_by_id(session, order_ids)
    short = {each: why for each in order_ids if (why := _why_not(orders.get(each)))}
    wanted = [each for each in dict.fromkeys(order_ids) if each not in short]
    needs, lacking = _needs(session, wanted)
    short |= dict.fromkeys(lacking, "not_reserved")
    for warehouse_id in sorted({orders[each].warehouse_id for each in wanted}):
        mine = [
            need
            for need in needs
            if orders[need.group].warehouse_id == warehouse_id and need.group not in lacking
        ]
        plan = _plan_and_lock(session, warehouse_id, mine, near=near, avoid=(), now=now)
        allocate(session, plan.requests, by=by, now=now)
        missing = sorted(plan.short_groups)
        short |= dict.fromkeys(missing, "not_in_bins")
        mark_backordered(session, missing, now=now, reason="not_in_bins")
        _tell(session, warehouse_id, plan, missing, now)
    goods = held_goods(session, [each for each in wanted if each not in short])
    return Allocated(goods, short)


def _why_not(order: OrderRow | None) -> str:
    if order is None:
        return "order_not_found"
    if order.holds:
        return "held"
    return "" if order.state in ("reserved", "in_wave") else "not_reserved"


def _needs(session: Session, order_ids: Sequence[int]) -> tuple[list[Need], set[int]]:
    """What the orders still want a bin for, and the orders that are not promised in full."""
    lines = lines_of(session, order_ids)
    held = reservations_of(session, LINE, [line.id for rows in lines.values() for line in rows])
    needs, lacking = [], set()
    for order_id in order_ids:
        for line in lines.get(order_id, ()):
            rows = held.get(line.id, ())
            if (
                sum(row.open_qty + row.taken_qty for row in rows) + line.short_qty < line.qty
                and line.wanted_qty > 0
            ):
                lacking.add(order_id)
            needs += [
                Need(order_id, row.id, row.sku_id, row.open_qty - row.allocated_qty)
                for row in rows
                if row.open_qty > row.allocated_qty
            ]
    return needs, lacking


def allocate_needs(
    session: Session,
    warehouse_id: int,
    needs: Sequence[Need],
    *,
    by: Actor,
    now: datetime,
    near: Iterable[Spot] = (),
    avoid: Collection[int] = (),
) -> Reallocated:
    """Find other bins for goods that were not where they should be; part is better than nothing.

    Args:
        avoid: locations that do not count (the bin found empty).
    """
    alone = [replace(need, group=-1 - index) for index, need in enumerate(needs)]
    plan = _plan_and_lock(session, warehouse_id, alone, near=near, avoid=avoid, now=now, whole=False)
    ids = allocate(session, plan.requests, by=by, now=now)
    _tell(session, warehouse_id, plan, (), now)
    got: dict[int, int] = {}
    for request in plan.requests:
        got[request.reservation_id] = got.get(request.reservation_id, 0) + request.qty
    missing = []
    for need in needs:
        share = min(need.qty, got.get(need.reservation_id, 0))
        got[need.reservation_id] = got.get(need.reservation_id, 0) - share
        missing.append(need.qty - share)
    return Reallocated(ids, tuple(missing))


@dataclass
class _Plan:
    requests: list[AllocateRequest]
    short_groups: set[int]
    from_reserve: dict[int, int]


def _plan_and_lock(
    session: Session,
    warehouse_id: int,
    needs: Sequence[Need],
    *,
    near: Iterable[Spot],
    avoid: Collection[int],
    now: datetime,
    whole: bool = True,
) -> _Plan:
    """Choose without locks, lock what was chosen, and choose again where somebody was quicker.

    Locking every candidate instead would stop all pickers of these SKUs for as long as a wave takes.
    """
    found = candidates(session, warehouse_id, {need.sku_id for need in needs}, avoid)
    places = tuple(near)
    plan = _plan(session, warehouse_id, needs, found, places, now=now, whole=whole)
    for _ in range(_ROUNDS):
        free = _locked_free(session, {request.balance_id for request in plan.requests})
        taken: dict[int, int] = {}
        for request in plan.requests:
            taken[request.balance_id] = taken.get(request.balance_id, 0) + request.qty
        if all(free.get(balance_id, 0) >= qty for balance_id, qty in taken.items()):
            break
        found = {
            sku_id: [
                replace(each, free=min(each.free, free.get(each.balance_id, each.free))) for each in rows
            ]
            for sku_id, rows in found.items()
        }
        plan = _plan(session, warehouse_id, needs, found, places, now=now, whole=whole)
    return plan


def _locked_free(session: Session, balance_ids: Iterable[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for part in chunks(balance_ids):
        rows = select(Balance.id, Balance.on_hand - Balance.reserved).where(Balance.id.in_(part))
        found |= {row[0]: row[1] for row in session.execute(locked(rows.order_by(Balance.id)))}
    return found


def _plan(
    session: Session,
    warehouse_id: int,
    needs: Sequence[Need],
    found: dict[int, list[Candidate]],
    places: Sequence[Spot],
    *,
    now: datetime,
    whole: bool,
) -> _Plan:
    fitness, costs = policy(session, warehouse_id, now)
    cards = sku_cards(session, {need.sku_id for need in needs})
    nearby = Nearby(places)
    left = {each.balance_id: each.free for rows in found.values() for each in rows}
    plan = _Plan([], set(), {})
    groups: dict[int, list[Need]] = {}
    for need in needs:
        groups.setdefault(need.group, []).append(need)
    for group, mine in groups.items():
        before = dict[int, int]()
        requests, reserve_qty, missing = [], dict[int, int](), 0
        for need in mine:
            usable = [replace(each, free=left[each.balance_id]) for each in found.get(need.sku_id, ())]
            choice = choose(
                need.qty,
                usable,
                issue_policy=cards[need.sku_id].issue_policy,
                fitness=fitness,
                costs=costs,
                near=nearby,
            )
            for taking in choice.takings:
                before.setdefault(taking.balance_id, left[taking.balance_id])
                left[taking.balance_id] -= taking.qty
                requests.append(AllocateRequest(need.reservation_id, taking.balance_id, taking.qty))
            reserve_qty[need.sku_id] = reserve_qty.get(need.sku_id, 0) + choice.from_reserve
            missing += choice.missing
        if missing and whole:
            left |= before
            plan.short_groups.add(group)
            continue
        plan.requests += requests
        for sku_id, qty in reserve_qty.items():
            plan.from_reserve[sku_id] = plan.from_reserve.get(sku_id, 0) + qty
    return plan


def _tell(session: Session, warehouse_id: int, plan: _Plan, short: Sequence[int], now: datetime) -> None:
    for sku_id, qty in sorted(plan.from_reserve.items()):
        if qty:
            emit(session, ReplenishmentWanted(warehouse_id=warehouse_id, sku_id=sku_id, qty=qty), now=now)
    if short:
        told = OrdersShort(
            warehouse_id=warehouse_id,
            reason="not_in_bins",
            count=len(short),
            order_ids=tuple(short[:_EVENT_ORDERS]),
        )
        emit(session, told, now=now)


def deallocate_orders(session: Session, order_ids: Iterable[int], *, now: datetime) -> int:
    """Let go of the bins of orders that leave a wave; they are `reserved` again. Returns the pieces let go.

    Raises:
        Refusal: order_in_other_state when goods of an order have been picked.
    """
    ids = sorted(set(order_ids))
    held = held_goods(session, ids)
    freed = deallocate(session, [each.allocation_id for rows in held.values() for each in rows])
    set_order_state(session, ids, "reserved", now=now)
    return freed
