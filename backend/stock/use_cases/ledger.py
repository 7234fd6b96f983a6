"""`post`, the only writer of stock, and `post_loss` for goods that are gone although promised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, bindparam, case, null, select, update
from sqlalchemy.orm import Session

from backend.core.db import InstantType, bulk_insert, bulk_insert_once, locked
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.stock.events import StockGained, StockMoved
from backend.stock.models import Allocation, Availability, Balance, Reservation, Serial, StockMove
from backend.stock.queries.figures import chunks, places_of, sku_policies
from backend.stock.rules import (
    BalanceKey,
    Delta,
    Effects,
    Move,
    Place,
    check_moves,
    effects_of,
    source_of,
    target_of,
)

_EVENT_SKUS = 50


@dataclass(frozen=True, slots=True)
class _Standing:
    """A balance as `post` found it."""

    id: int
    on_hand: int
    reserved: int
    fifo_at: datetime | None


def post(session: Session, moves: Sequence[Move], *, by: Actor, now: datetime) -> tuple[int, ...]:
    """Write the moves of a command into the ledger and settle every figure that follows from them.

    All moves of a command belong in one call (see the order of locks in the room's docstring); thousands at a time are
    a few statements. A refusal ends the command: nothing may catch it and go on.

    Returns:
        The ids of the ledger lines, in the order of `moves`.

    Raises:
        Refusal: those of `rules.check_moves`, not_enough_stock, goods_are_promised, allocation_not_open,
            allocation_elsewhere, serial_not_here, serial_already_here.
    """
    if not moves:
        return ()
    places = places_of(
        session, {place for move in moves for place in (move.from_location_id, move.to_location_id)}
    )
    skus = sku_policies(session, {move.sku_id for move in moves})
    check_moves(moves, places, skus)
    effects = effects_of(moves, places)
    standing = _open_balances(session, effects, places)
    _check_allocations(session, moves, effects, standing)
    _settle_balances(session, effects, standing, _arrivals(moves, standing, by.at(now)))
    _settle_promises(session, effects, now)
    _settle_serials(session, moves, places)
    _settle_availability(session, effects.availability)
    ids = bulk_insert(session, StockMove, [_line(move, places, standing, by, now) for move in moves])
    _tell(session, list(zip(moves, ids, strict=True)), places, effects, now=now)
    return tuple(ids)


def _open_balances(
    session: Session, effects: Effects, places: dict[int, Place]
) -> dict[BalanceKey, _Standing]:
    standing = _read_balances(session, effects.balances)
    missing = [key for key in effects.balances if key not in standing]
    if missing:
        # Sorted: two commands that open the same two balances must not wait for each other.
        rows = [_new_balance(key, places) for key in sorted(missing, key=lambda key: key.text)]
        bulk_insert_once(session, Balance, rows)
        standing |= _read_balances(session, missing)
    return standing


def _read_balances(session: Session, keys: Iterable[BalanceKey]) -> dict[BalanceKey, _Standing]:
    by_text = {key.text: key for key in keys}
    columns = select(Balance.key, Balance.id, Balance.on_hand, Balance.reserved, Balance.fifo_at)
    return {
        by_text[row.key]: _Standing(row.id, row.on_hand, row.reserved, row.fifo_at)
        for part in chunks(by_text)
        for row in session.execute(columns.where(Balance.key.in_(part)))
    }


def _new_balance(key: BalanceKey, places: dict[int, Place]) -> dict[str, Any]:
    return {
        "key": key.text,
        "warehouse_id": places[key.location_id].warehouse_id,
        "location_id": key.location_id,
        "sku_id": key.sku_id,
        "lot_id": key.lot_id,
        "quality": key.quality,
        "hu_id": key.hu_id,
        "on_hand": 0,
        "reserved": 0,
    }


def _check_allocations(
    session: Session, moves: Sequence[Move], effects: Effects, standing: dict[BalanceKey, _Standing]
) -> None:
    columns = select(
        Allocation.id, Allocation.balance_id, Allocation.qty, Allocation.picked_qty, Allocation.state
    )
    known = {
        row.id: row
        for part in chunks(effects.allocations)
        for row in session.execute(columns.where(Allocation.id.in_(part)))
    }
    for move in moves:
        if move.allocation_id is None:
            continue
        if move.allocation_id not in known:
            raise NotFound("allocation_not_found", allocation_id=move.allocation_id)
        home = standing[target_of(move) if move.gives_back else source_of(move)].id
        if known[move.allocation_id].balance_id != home:
            raise Refusal("allocation_elsewhere", allocation_id=move.allocation_id, sku_id=move.sku_id)
    for allocation_id, qty in effects.allocations.items():
        row = known[allocation_id]
        if row.state == "released" or not 0 <= row.picked_qty + qty <= row.qty:
            raise Refusal(
                "allocation_not_open", allocation_id=allocation_id, qty=row.qty, picked=row.picked_qty
            )


def _arrivals(
    moves: Sequence[Move], standing: dict[BalanceKey, _Standing], at: datetime
) -> dict[BalanceKey, datetime]:
    """When the oldest goods that arrive in each balance came into the house."""
    oldest: dict[BalanceKey, datetime] = {}
    for move in moves:
        origin, target = standing.get(source_of(move)), target_of(move)
        if target in standing:
            came = (origin.fifo_at if origin else None) or at
            oldest[target] = min(came, oldest.get(target, came))
    return oldest


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


def _settle_balances(
    session: Session,
    effects: Effects,
    standing: dict[BalanceKey, _Standing],
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


def _balance_refusal(effects: Effects, standing: dict[BalanceKey, _Standing]) -> Refusal:
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


def _settle_promises(session: Session, effects: Effects, now: datetime) -> None:
    if not effects.allocations:
        return
    taken = [{"b_id": key, "b_qty": qty} for key, qty in sorted(effects.allocations.items()) if qty]
    if execute_each(session, _TAKE_ALLOCATION, taken) != len(taken):
        raise Refusal("allocation_not_open", allocation_ids=[row["b_id"] for row in taken][:20])
    owners = {
        row.id: row.reservation_id
        for part in chunks(effects.allocations)
        for row in session.execute(
            select(Allocation.id, Allocation.reservation_id).where(Allocation.id.in_(part))
        )
    }
    per_reservation: dict[int, int] = {}
    for allocation_id, qty in effects.allocations.items():
        per_reservation[owners[allocation_id]] = per_reservation.get(owners[allocation_id], 0) + qty
    rows = [{"b_id": key, "b_qty": qty, "b_at": now} for key, qty in sorted(per_reservation.items()) if qty]
    if execute_each(session, _TAKE_RESERVATION, rows) != len(rows):
        raise Refusal("allocation_not_open", reservation_ids=[row["b_id"] for row in rows][:20])


def _settle_serials(session: Session, moves: Sequence[Move], places: dict[int, Place]) -> None:
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


def _settle_availability(session: Session, changes: dict[tuple[int, int], Delta]) -> None:
    rows = [
        {"b_warehouse": key[0], "b_sku": key[1], "b_sellable": delta.on_hand, "b_reserved": delta.reserved}
        for key, delta in sorted(changes.items())
        if delta.on_hand or delta.reserved
    ]
    found = _open_availability(session, changes)
    if execute_each(session, _SETTLE_AVAILABILITY, rows) != len(rows):
        raise _availability_refusal(found, changes)


def _open_availability(session: Session, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """ATP of each (warehouse, SKU) as found; rows that are missing are opened with nothing in them."""
    wanted: dict[int, set[int]] = {}
    for warehouse_id, sku_id in keys:
        wanted.setdefault(warehouse_id, set()).add(sku_id)
    found: dict[tuple[int, int], int] = {}
    for warehouse_id, sku_ids in sorted(wanted.items()):
        columns = select(Availability.sku_id, Availability.sellable - Availability.reserved)
        for part in chunks(sku_ids):
            mine = columns.where(Availability.warehouse_id == warehouse_id, Availability.sku_id.in_(part))
            found |= {(warehouse_id, sku_id): atp for sku_id, atp in session.execute(mine)}
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


def _line(
    move: Move, places: dict[int, Place], standing: dict[BalanceKey, _Standing], by: Actor, now: datetime
) -> dict[str, Any]:
    origin, target = standing.get(source_of(move)), standing.get(target_of(move))
    return {
        "warehouse_id": places[move.from_location_id].warehouse_id,
        "sku_id": move.sku_id,
        "qty": move.qty,
        "from_location_id": move.from_location_id,
        "to_location_id": move.to_location_id,
        "from_balance_id": origin.id if origin else None,
        "to_balance_id": target.id if target else None,
        "reason": str(move.reason),
        "lot_id": move.lot_id,
        "serial": move.serial,
        "quality": move.quality,
        "to_quality": move.arrives_as,
        "from_hu_id": move.from_hu_id,
        "to_hu_id": move.to_hu_id,
        "allocation_id": move.allocation_id,
        "corrects_id": move.corrects_id,
        "doc_kind": move.doc_kind,
        "doc_id": move.doc_id,
        "note": move.note,
        "user_id": by.user_id,
        "session_id": by.session_id,
        "device_id": by.device_id,
        "command_id": by.command_id,
        "event_at": by.at(now),
        "recorded_at": now,
    }


def _tell(
    session: Session,
    lines: Sequence[tuple[Move, int]],
    places: dict[int, Place],
    effects: Effects,
    *,
    now: datetime,
) -> None:
    for warehouse_id in sorted({places[move.from_location_id].warehouse_id for move, _ in lines}):
        mine = [each for each in lines if places[each[0].from_location_id].warehouse_id == warehouse_id]
        moved = StockMoved(
            warehouse_id=warehouse_id,
            reasons=tuple(sorted({str(move.reason) for move, _ in mine})),
            lines=len(mine),
            units=sum(move.qty for move, _ in mine),
            sku_ids=tuple(sorted({move.sku_id for move, _ in mine})[:_EVENT_SKUS]),
            first_move_id=min(move_id for _, move_id in mine),
            last_move_id=max(move_id for _, move_id in mine),
        )
        emit(session, moved, now=now)
        tell_gain(session, warehouse_id, _gained(effects, warehouse_id), now=now)


def _gained(effects: Effects, warehouse_id: int) -> set[int]:
    more = {
        sku_id
        for (where, sku_id), delta in effects.availability.items()
        if where == warehouse_id and delta.on_hand > delta.reserved
    }
    undone = {sku_id for (where, sku_id), delta in effects.availability.items() if delta.reserved}
    nearer = {
        sku_id for (where, sku_id), qty in effects.into_bins.items() if where == warehouse_id and qty > 0
    }
    return more | (nearer - undone)


def tell_gain(session: Session, warehouse_id: int, sku_ids: set[int], *, now: datetime) -> None:
    """Say that more can be promised or picked of these SKUs."""
    if sku_ids:
        emit(session, StockGained(warehouse_id=warehouse_id, sku_ids=tuple(sorted(sku_ids))), now=now)
