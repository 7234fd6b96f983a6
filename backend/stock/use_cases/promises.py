"""Promises: reservations per SKU, allocations to balances, and taking them back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.core.db import InstantType, bulk_insert, locked
from backend.core.errors import Refusal
from backend.core.execute import Actor
from backend.stock.models import Allocation, Availability, Balance, Reservation
from backend.stock.queries.figures import chunks
from backend.stock.rules import Wish, share_out
from backend.stock.use_cases.ledger import tell_gain
from backend.stock.use_cases.settlement import execute_each


@dataclass(frozen=True, slots=True)
class ReserveRequest:
    """`qty` pieces for a document line. Requests of one `group` (an order) are served together, unless `partial`."""

    sku_id: int
    qty: int
    doc_kind: str
    doc_id: int
    group: int = 0
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reserved:
    """What came of a request: `qty` pieces promised, `missing` not; no reservation where nothing was promised."""

    reservation_id: int | None
    qty: int
    missing: int


def reserve(
    session: Session,
    requests: Sequence[ReserveRequest],
    *,
    warehouse_id: int,
    by: Actor,
    now: datetime,
) -> list[Reserved]:
    """Promise goods in the order of `requests`, as far as they reach; never more than ATP.

    A group (an order) gets all it asks for or nothing, unless its requests are `partial`. The availability rows are locked in the
    order of SKUs before anything is decided, so 64 callers at once share out what is there and no more.
    """
    sku_ids = {request.sku_id for request in requests}
    free: dict[int, int] = {}
    for part in chunks(sku_ids):
        rows = select(Availability.sku_id, Availability.sellable - Availability.reserved).where(
            Availability.warehouse_id == warehouse_id, Availability.sku_id.in_(part)
        )
        free |= dict(session.execute(locked(rows.order_by(Availability.sku_id))).all())
    shares = share_out([Wish(each.sku_id, each.qty, each.group, each.partial) for each in requests], free)
    _hold(session, warehouse_id, requests, shares)
    given = [index for index, share in enumerate(shares) if share]
    ids = bulk_insert(
        session, Reservation, [_reservation(requests[i], shares[i], warehouse_id, by, now) for i in given]
    )
    by_index = dict(zip(given, ids, strict=True))
    return [
        Reserved(by_index.get(index), share, requests[index].qty - share)
        for index, share in enumerate(shares)
    ]


def _hold(
    session: Session, warehouse_id: int, requests: Sequence[ReserveRequest], shares: Sequence[int]
) -> None:
    per_sku: dict[int, int] = {}
    for request, share in zip(requests, shares, strict=True):
        if share:
            per_sku[request.sku_id] = per_sku.get(request.sku_id, 0) + share
    rows = [{"b_warehouse": warehouse_id, "b_sku": sku, "b_qty": qty} for sku, qty in sorted(per_sku.items())]
    if execute_each(session, _HOLD, rows) != len(rows):
        raise AssertionError("availability changed under its lock")


_HOLD = (
    update(Availability)
    .where(
        Availability.warehouse_id == bindparam("b_warehouse"),
        Availability.sku_id == bindparam("b_sku"),
        Availability.sellable - Availability.reserved >= bindparam("b_qty"),
        Availability.reserved + bindparam("b_qty") >= 0,
    )
    .values(reserved=Availability.reserved + bindparam("b_qty"))
)


def _reservation(
    request: ReserveRequest, qty: int, warehouse_id: int, by: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "warehouse_id": warehouse_id,
        "sku_id": request.sku_id,
        "qty": qty,
        "taken_qty": 0,
        "doc_kind": request.doc_kind,
        "doc_id": request.doc_id,
        "state": "active",
        "created_at": now,
        "ended_at": None,
        "command_id": by.command_id,
    }


def release_reservations(session: Session, ids: Iterable[int], *, now: datetime) -> int:
    """Give back what these reservations still hold, their allocations first; how many pieces became free.

    What has been picked already stays picked; it returns to stock by a put-back.
    """
    wanted = set(ids)
    return _give_back(session, dict.fromkeys(wanted), now) if wanted else 0


def shrink_reservations(
    session: Session, cuts: Mapping[int, int], *, now: datetime, tell: bool = True
) -> int:
    """Take `cuts[reservation_id]` pieces back from each reservation, unallocated pieces first; how many became free."""
    return _give_back(session, dict(cuts), now, tell=tell) if cuts else 0


def _give_back(session: Session, cuts: dict[int, int | None], now: datetime, *, tell: bool = True) -> int:
    _free_allocations_for(session, cuts)
    rows: list[Any] = []
    for part in chunks(cuts):
        columns = select(
            Reservation.id,
            Reservation.warehouse_id,
            Reservation.sku_id,
            Reservation.qty,
            Reservation.taken_qty,
        )
        mine = columns.where(Reservation.id.in_(part), Reservation.state == "active").order_by(Reservation.id)
        rows += session.execute(locked(mine)).all()
    updates, per_sku = [], dict[tuple[int, int], int]()
    for row in rows:
        open_qty, cut = row.qty - row.taken_qty, cuts[row.id]
        gone = open_qty if cut is None else min(cut, open_qty)
        left = row.qty - gone
        whole = cut is None or left == 0
        state = "released" if whole else ("consumed" if left == row.taken_qty else "active")
        # A released reservation keeps its qty for the record; verify counts active ones alone.
        updates.append(
            {
                "b_id": row.id,
                "b_qty": row.qty if whole else left,
                "b_state": state,
                "b_at": None if state == "active" else now,
            }
        )
        key = (row.warehouse_id, row.sku_id)
        per_sku[key] = per_sku.get(key, 0) + gone
    execute_each(session, _END_RESERVATION, updates)
    holds = [
        {"b_warehouse": key[0], "b_sku": key[1], "b_qty": -qty} for key, qty in sorted(per_sku.items()) if qty
    ]
    if execute_each(session, _HOLD, holds) != len(holds):
        raise AssertionError("availability held less than its reservations")
    for warehouse_id in sorted({key[0] for key in per_sku} if tell else ()):
        freed = {key[1] for key, qty in per_sku.items() if key[0] == warehouse_id and qty}
        tell_gain(session, warehouse_id, freed, now=now)
    return sum(per_sku.values())


_END_RESERVATION = (
    update(Reservation)
    .where(Reservation.id == bindparam("b_id"))
    .values(
        qty=bindparam("b_qty"), state=bindparam("b_state"), ended_at=bindparam("b_at", type_=InstantType())
    )
)


def _free_allocations_for(session: Session, cuts: dict[int, int | None]) -> None:
    """Deallocate as much as the cuts need: everything, or what exceeds the pieces that have no bin yet."""
    free: dict[int, int] = {}
    for part in chunks(cuts):
        columns = select(
            Allocation.id,
            Allocation.reservation_id,
            Allocation.qty - Allocation.picked_qty,
            Reservation.qty,
            Reservation.taken_qty,
        )
        mine = columns.join(Reservation, Reservation.id == Allocation.reservation_id).where(
            Allocation.reservation_id.in_(part), Allocation.state == "open"
        )
        held: dict[int, list[tuple[int, int]]] = {}
        open_qty: dict[int, int] = {}
        for allocation_id, reservation_id, qty, total, taken in session.execute(mine.order_by(Allocation.id)):
            held.setdefault(reservation_id, []).append((allocation_id, qty))
            open_qty[reservation_id] = total - taken
        for reservation_id, allocations in held.items():
            cut = cuts[reservation_id]
            needed = sum(qty for _, qty in allocations)
            if cut is not None:
                needed = max(0, cut - (open_qty[reservation_id] - needed))
            for allocation_id, qty in reversed(allocations):
                if needed > 0:
                    free[allocation_id] = min(qty, needed)
                    needed -= qty
    deallocate(session, free)


@dataclass(frozen=True, slots=True)
class AllocateRequest:
    """Take `qty` pieces of the reservation from that balance."""

    reservation_id: int
    balance_id: int
    qty: int


def allocate(
    session: Session, requests: Sequence[AllocateRequest], *, by: Actor, now: datetime
) -> tuple[int, ...]:
    """Hold goods of reservations at balances; the allocation ids in the order of `requests`.

    Raises:
        Refusal: not_enough_stock (somebody was quicker), reservation_not_active, reservation_exceeded.
    """
    if not requests:
        return ()
    per_balance: dict[int, int] = {}
    for request in requests:
        per_balance[request.balance_id] = per_balance.get(request.balance_id, 0) + request.qty
    rows = [{"b_id": key, "b_qty": qty} for key, qty in sorted(per_balance.items())]
    if execute_each(session, _HOLD_BALANCE, rows) != len(rows):
        raise Refusal("not_enough_stock", balance_ids=[row["b_id"] for row in rows][:20])
    homes = _homes(session, per_balance)
    _check_reservations(session, requests, homes)
    return tuple(
        bulk_insert(
            session, Allocation, [_allocation(each, homes[each.balance_id], now) for each in requests]
        )
    )


_HOLD_BALANCE = (
    update(Balance)
    .where(
        Balance.id == bindparam("b_id"),
        Balance.quality == "good",
        Balance.on_hand - Balance.reserved >= bindparam("b_qty"),
        Balance.reserved + bindparam("b_qty") >= 0,
    )
    .values(reserved=Balance.reserved + bindparam("b_qty"))
)


def _homes(session: Session, balance_ids: Iterable[int]) -> dict[int, Any]:
    columns = select(Balance.id, Balance.location_id, Balance.sku_id, Balance.lot_id)
    return {
        row.id: row
        for part in chunks(balance_ids)
        for row in session.execute(columns.where(Balance.id.in_(part)))
    }


def _check_reservations(
    session: Session, requests: Sequence[AllocateRequest], homes: Mapping[int, Any]
) -> None:
    wanted: dict[int, int] = {}
    for request in requests:
        wanted[request.reservation_id] = wanted.get(request.reservation_id, 0) + request.qty
    free = open_reservations(session, wanted)
    for request in requests:
        known = free.get(request.reservation_id)
        if known is None or known.sku_id != homes[request.balance_id].sku_id:
            raise Refusal("reservation_not_active", reservation_id=request.reservation_id)
        if known.unallocated < wanted[request.reservation_id]:
            raise Refusal(
                "reservation_exceeded",
                reservation_id=request.reservation_id,
                wanted=wanted[request.reservation_id],
                free=known.unallocated,
            )


@dataclass(frozen=True, slots=True)
class OpenReservation:
    """An active reservation: `open_qty` pieces not taken, `unallocated` of them without a bin."""

    id: int
    sku_id: int
    doc_id: int
    open_qty: int
    unallocated: int


def open_reservations(session: Session, ids: Iterable[int]) -> dict[int, OpenReservation]:
    """The active ones among these reservations, locked for this transaction."""
    found: dict[int, OpenReservation] = {}
    for part in chunks(ids):
        mine = select(Reservation).where(Reservation.id.in_(part), Reservation.state == "active")
        rows = session.scalars(
            locked(mine.order_by(Reservation.id)).execution_options(populate_existing=True)
        ).all()
        held = {
            reservation_id: int(qty)
            for reservation_id, qty in session.execute(
                select(Allocation.reservation_id, func.sum(Allocation.qty - Allocation.picked_qty))
                .where(Allocation.reservation_id.in_(part), Allocation.state == "open")
                .group_by(Allocation.reservation_id)
            )
        }
        for row in rows:
            open_qty = row.qty - row.taken_qty
            found[row.id] = OpenReservation(
                row.id, row.sku_id, row.doc_id, open_qty, open_qty - held.get(row.id, 0)
            )
    return found


def _allocation(request: AllocateRequest, home: Any, now: datetime) -> dict[str, Any]:
    return {
        "reservation_id": request.reservation_id,
        "balance_id": request.balance_id,
        "location_id": home.location_id,
        "sku_id": home.sku_id,
        "lot_id": home.lot_id,
        "qty": request.qty,
        "picked_qty": 0,
        "state": "open",
        "created_at": now,
    }


def deallocate(session: Session, allocations: Iterable[int] | Mapping[int, int]) -> int:
    """Let go of goods that were held for picking: all that is not picked, or `allocations[id]` pieces of each.

    The reservation stays: the goods are still promised, but lie in no particular bin. Returns the pieces let go.
    """
    cuts: dict[int, int | None] = (
        dict(allocations) if isinstance(allocations, Mapping) else dict.fromkeys(allocations)
    )
    # Balances come before allocations in the order of locks: learn the balances, lock them, then look again.
    per_balance: dict[int, int] = {}
    _lock_balances_of(session, cuts)
    updates = []
    for part in chunks(cuts):
        columns = select(Allocation.id, Allocation.balance_id, Allocation.qty, Allocation.picked_qty)
        mine = columns.where(Allocation.id.in_(part), Allocation.state == "open").order_by(Allocation.id)
        for row in session.execute(locked(mine)):
            cut = cuts[row.id]
            gone = row.qty - row.picked_qty if cut is None else min(cut, row.qty - row.picked_qty)
            left = row.qty - gone
            state = "open" if left > row.picked_qty else ("done" if left else "released")
            # A released allocation keeps its qty for the record; only open ones count.
            updates.append({"b_id": row.id, "b_qty": left or row.qty, "b_state": state})
            per_balance[row.balance_id] = per_balance.get(row.balance_id, 0) + gone
    execute_each(session, _END_ALLOCATION, updates)
    holds = [{"b_id": key, "b_qty": -qty} for key, qty in sorted(per_balance.items()) if qty]
    if execute_each(session, _LET_GO_BALANCE, holds) != len(holds):
        raise AssertionError("a balance held less than its allocations")
    return sum(per_balance.values())


def _lock_balances_of(session: Session, allocation_ids: Iterable[int]) -> None:
    for part in chunks(allocation_ids):
        homes = select(Allocation.balance_id).where(Allocation.id.in_(part), Allocation.state == "open")
        mine = select(Balance.id).where(Balance.id.in_(homes)).order_by(Balance.id)
        session.execute(locked(mine)).all()


_END_ALLOCATION = (
    update(Allocation)
    .where(Allocation.id == bindparam("b_id"))
    .values(qty=bindparam("b_qty"), state=bindparam("b_state"))
)
_LET_GO_BALANCE = (
    update(Balance)
    .where(Balance.id == bindparam("b_id"), Balance.reserved + bindparam("b_qty") >= 0)
    .values(reserved=Balance.reserved + bindparam("b_qty"))
)
