"""Settling what follows from moves: balances, promises, serials, availability, each by conditional statements.

The order in which `ledger.post` calls these functions is the order of locks for the whole house.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, case, null, select, update
from sqlalchemy.orm import Session

from backend.core.db import InstantType, bulk_insert_once, locked
from backend.core.errors import Refusal
from backend.stock.models import Allocation, Availability, Balance, Reservation, Serial
from backend.stock.queries.figures import chunks, places_of
from backend.stock.rules import BalanceKey, Delta, Effects, Move, Place


@dataclass(frozen=True, slots=True)
class Standing:
    """A balance as `post` found it."""

    id: int
    on_hand: int
    reserved: int
    fifo_at: datetime | None


_SETTLE_BALANCE = (
    update(Balance)
    .where(
        Balance.id == bindparam("b_id"),
        Balance.on_hand + bindparam("b_hand") >= Balance.reserved + bindparam("b_held"),
        Balance.reserved + bindparam("b_held") >= 0,
    )
    .values(
        on_hand=Balance.on_hand + bindparam("b_hand"),
        reserved=Balance.reserved + bindparam("b_held"),
        fifo_at=case(
            (bindparam("b_fifo", type_=InstantType()).is_(null()), Balance.fifo_at),
            (Balance.on_hand == 0, bindparam("b_fifo", type_=InstantType())),
            (Balance.fifo_at < bindparam("b_fifo", type_=InstantType()), Balance.fifo_at),
            else_=bindparam("b_fifo", type_=InstantType()),
        ),
    )
)


def settle_balances(
    session: Session,
    effects: Effects,
    standing: dict[BalanceKey, Standing],
    arrivals: dict[BalanceKey, datetime],
) -> None:
    """Take and put by conditional updates in the order of balance ids: one order for everybody, so no deadlock."""
    rows: list[dict[str, Any]] = [
        {
            "b_id": standing[key].id,
            "b_hand": delta.on_hand,
            "b_held": delta.reserved,
            "b_fifo": arrivals.get(key) if delta.on_hand > 0 else None,
        }
        for key, delta in effects.balances.items()
        if delta.on_hand or delta.reserved
    ]
    rows.sort(key=lambda row: row["b_id"])
    if execute_each(session, _SETTLE_BALANCE, rows) != len(rows):
        raise _balance_refusal(effects, standing)


def _balance_refusal(effects: Effects, standing: dict[BalanceKey, Standing]) -> Refusal:
    # As found before the update. Where somebody was quicker than we, no balance looks too small: name the takings.
    takings = [key for key, delta in effects.balances.items() if delta.on_hand < delta.reserved]
    for key in takings:
        free, delta = standing[key].on_hand - standing[key].reserved, effects.balances[key]
        if free < delta.reserved - delta.on_hand:
            return _not_enough(key, delta.reserved - delta.on_hand, free)
    if not takings:  # only what is held changed: an allocation that somebody ended meanwhile
        return Refusal("allocation_not_open", allocation_ids=sorted(effects.allocations)[:20])
    delta = effects.balances[takings[0]]
    return _not_enough(takings[0], delta.reserved - delta.on_hand, 0)


def _not_enough(key: BalanceKey, wanted: int, free: int) -> Refusal:
    return Refusal(
        "not_enough_stock",
        sku_id=key.sku_id,
        location_id=key.location_id,
        lot_id=key.lot_id,
        wanted=wanted,
        free=free,
    )


def execute_each(session: Session, statement: Any, rows: list[dict[str, Any]]) -> int:
    """Execute for each row; how many rows of the table changed."""
    if not rows:
        return 0
    result: CursorResult[Any] = session.connection().execute(statement, rows)
    return result.rowcount


_TAKE_ALLOCATION = (
    update(Allocation)
    .where(
        Allocation.id == bindparam("b_id"),
        Allocation.state != "released",
        Allocation.picked_qty + bindparam("b_qty") <= Allocation.qty,
        Allocation.picked_qty + bindparam("b_qty") >= 0,
    )
    .values(
        picked_qty=Allocation.picked_qty + bindparam("b_qty"),
        state=case((Allocation.picked_qty + bindparam("b_qty") == Allocation.qty, "done"), else_="open"),
    )
)
_TAKE_RESERVATION = (
    update(Reservation)
    .where(
        Reservation.id == bindparam("b_id"),
        Reservation.state != "released",
        Reservation.taken_qty + bindparam("b_qty") <= Reservation.qty,
        Reservation.taken_qty + bindparam("b_qty") >= 0,
    )
    .values(
        taken_qty=Reservation.taken_qty + bindparam("b_qty"),
        state=case(
            (Reservation.taken_qty + bindparam("b_qty") == Reservation.qty, "consumed"), else_="active"
        ),
        ended_at=case(
            (
                Reservation.taken_qty + bindparam("b_qty") == Reservation.qty,
                bindparam("b_at", type_=InstantType()),
            ),
            else_=null(),
        ),
    )
)


def settle_promises(session: Session, effects: Effects, owners: Mapping[int, int], now: datetime) -> None:
    """Take from the allocations and from the reservations (`owners`, by allocation) behind them."""
    if not effects.allocations:
        return
    taken = [{"b_id": key, "b_qty": qty} for key, qty in sorted(effects.allocations.items()) if qty]
    if execute_each(session, _TAKE_ALLOCATION, taken) != len(taken):
        raise Refusal("allocation_not_open", allocation_ids=[row["b_id"] for row in taken][:20])
    per_reservation: dict[int, int] = {}
    for allocation_id, qty in effects.allocations.items():
        per_reservation[owners[allocation_id]] = per_reservation.get(owners[allocation_id], 0) + qty
    rows = [{"b_id": key, "b_qty": qty, "b_at": now} for key, qty in sorted(per_reservation.items()) if qty]
    if execute_each(session, _TAKE_RESERVATION, rows) != len(rows):
        raise Refusal("allocation_not_open", reservation_ids=[row["b_id"] for row in rows][:20])


def settle_serials(session: Session, moves: Sequence[Move], places: Mapping[int, Place]) -> None:
    # By SKU and number: the order of locks. Within one number, the order of the moves.
    for move in sorted(
        (move for move in moves if move.serial), key=lambda move: (move.sku_id, move.serial or "")
    ):
        mine = select(Serial).where(Serial.sku_id == move.sku_id, Serial.code == move.serial)
        known = session.scalar(locked(mine))
        if places[move.from_location_id].is_physical:
            if known is None or known.location_id != move.from_location_id:
                raise Refusal("serial_not_here", serial=move.serial, sku_id=move.sku_id)
        elif known is not None and places_of(session, [known.location_id])[known.location_id].is_physical:
            raise Refusal("serial_already_here", serial=move.serial, sku_id=move.sku_id)
        if known is None:
            known = Serial(sku_id=move.sku_id, code=move.serial)
            session.add(known)
        known.location_id, known.hu_id = move.to_location_id, move.to_hu_id
        known.lot_id, known.quality = move.lot_id, move.arrives_as
        session.flush()


_SETTLE_AVAILABILITY = (
    update(Availability)
    .where(
        Availability.warehouse_id == bindparam("b_warehouse"),
        Availability.sku_id == bindparam("b_sku"),
        Availability.sellable + bindparam("b_sellable") >= Availability.reserved + bindparam("b_reserved"),
        Availability.reserved + bindparam("b_reserved") >= 0,
    )
    .values(
        sellable=Availability.sellable + bindparam("b_sellable"),
        reserved=Availability.reserved + bindparam("b_reserved"),
    )
)


def settle_availability(session: Session, changes: dict[tuple[int, int], Delta]) -> None:
    rows = [
        {"b_warehouse": key[0], "b_sku": key[1], "b_sellable": delta.on_hand, "b_reserved": delta.reserved}
        for key, delta in sorted(changes.items())
        if delta.on_hand or delta.reserved
    ]
    if len(rows) == 1 and execute_each(session, _SETTLE_AVAILABILITY, rows):
        return  # nearly every scan: the row is there, and there is enough in it
    found = _open_availability(session, changes)
    if execute_each(session, _SETTLE_AVAILABILITY, rows) != len(rows):
        raise _availability_refusal(found, changes)


_AVAILABLE = select(Availability.sku_id, Availability.sellable - Availability.reserved).where(
    Availability.warehouse_id == bindparam("warehouse_id"),
    Availability.sku_id.in_(bindparam("sku_ids", expanding=True)),
)


def _open_availability(session: Session, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """ATP of each (warehouse, SKU) as found; rows that are missing are opened with nothing in them."""
    wanted: dict[int, set[int]] = {}
    for warehouse_id, sku_id in keys:
        wanted.setdefault(warehouse_id, set()).add(sku_id)
    found: dict[tuple[int, int], int] = {}
    for warehouse_id, sku_ids in sorted(wanted.items()):
        for part in chunks(sku_ids):
            mine = {"warehouse_id": warehouse_id, "sku_ids": part}
            rows = session.connection().execute(_AVAILABLE, mine)
            found |= {(warehouse_id, sku_id): atp for sku_id, atp in rows}
        missing = sorted(sku_id for sku_id in sku_ids if (warehouse_id, sku_id) not in found)
        empty = {"warehouse_id": warehouse_id, "sellable": 0, "reserved": 0}
        bulk_insert_once(session, Availability, [empty | {"sku_id": sku_id} for sku_id in missing])
    return found


def _availability_refusal(
    found: dict[tuple[int, int], int], changes: dict[tuple[int, int], Delta]
) -> Refusal:
    takings = [key for key, delta in sorted(changes.items()) if delta.on_hand < delta.reserved]
    short = [key for key in takings if found.get(key, 0) + changes[key].on_hand - changes[key].reserved < 0]
    key = (short or takings)[0]
    wanted = changes[key].reserved - changes[key].on_hand
    return Refusal("goods_are_promised", sku_id=key[1], wanted=wanted, free=found.get(key, 0))
