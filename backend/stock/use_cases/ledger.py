"""`post`, the only writer of stock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, bulk_insert_once, insert_once_id
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.stock.events import StockGained, StockMoved
from backend.stock.models import Allocation, Balance, StockMove
from backend.stock.queries.figures import chunks, places_of, sku_policies
from backend.stock.rules import (
    BalanceKey,
    Effects,
    Known,
    Move,
    Place,
    check_moves,
    effects_of,
    source_of,
    target_of,
)
from backend.stock.use_cases.settlement import (
    Standing,
    settle_availability,
    settle_balances,
    settle_promises,
    settle_serials,
)

_EVENT_SKUS = 50


def post(
    session: Session, moves: Sequence[Move], *, by: Actor, now: datetime, known: Known | None = None
) -> tuple[int, ...]:
    """Write the moves of a command into the ledger and settle every figure that follows from them.

    All moves of a command belong in one call (see the order of locks in the room's docstring); thousands at a time are
    a few statements. A refusal ends the command: nothing may catch it and go on.

    Args:
        session: to write with.
        moves: what to write.
        by: who moved the goods.
        now: when it is written.
        known: the places and SKUs of the moves, where the caller has read them already.

    Returns:
        The ids of the ledger lines, in the order of `moves`.

    Raises:
        Refusal: those of `rules.check_moves`, not_enough_stock, goods_are_promised, allocation_not_open,
            allocation_elsewhere, serial_not_here, serial_already_here.
    """
    if not moves:
        return ()
    session.flush()  # from here on everything is read past the session
    known = known or _read_known(session, moves)
    places = known.places
    check_moves(moves, places, known.skus)
    effects = effects_of(moves, places)
    standing = _open_balances(session, effects, places)
    owners = _check_allocations(session, moves, effects, standing)
    settle_balances(session, effects, standing, _arrivals(moves, standing, by.at(now)))
    settle_promises(session, effects, owners, now)
    settle_serials(session, moves, places)
    settle_availability(session, effects.availability)
    ids = bulk_insert(session, StockMove, [_line(move, places, standing, by, now) for move in moves])
    _tell(session, list(zip(moves, ids, strict=True)), places, effects, now=now)
    return tuple(ids)


def _read_known(session: Session, moves: Sequence[Move]) -> Known:
    places = {place for move in moves for place in (move.from_location_id, move.to_location_id)}
    return Known(places_of(session, places), sku_policies(session, {move.sku_id for move in moves}))


def _open_balances(
    session: Session, effects: Effects, places: Mapping[int, Place]
) -> dict[BalanceKey, Standing]:
    standing = _read_balances(session, effects.balances)
    # Sorted: two commands that open the same two balances must not wait for each other.
    missing = sorted((key for key in effects.balances if key not in standing), key=lambda key: key.text)
    if len(missing) == 1:
        opened = insert_once_id(session, Balance, _new_balance(missing[0], places))
        if opened is not None:
            standing[missing[0]] = Standing(opened, 0, 0, None)
            return standing
    if missing:
        bulk_insert_once(session, Balance, [_new_balance(key, places) for key in missing])
        standing |= _read_balances(session, missing)
    return standing


_BALANCES = select(Balance.key, Balance.id, Balance.on_hand, Balance.reserved, Balance.fifo_at).where(
    Balance.key.in_(bindparam("keys", expanding=True))
)


def _read_balances(session: Session, keys: Iterable[BalanceKey]) -> dict[BalanceKey, Standing]:
    by_text = {key.text: key for key in keys}
    connection = session.connection()
    return {
        by_text[row.key]: Standing(row.id, row.on_hand, row.reserved, row.fifo_at)
        for part in chunks(by_text)
        for row in connection.execute(_BALANCES, {"keys": part})
    }


def _new_balance(key: BalanceKey, places: Mapping[int, Place]) -> dict[str, Any]:
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


_ALLOCATIONS = select(
    Allocation.id, Allocation.balance_id, Allocation.qty, Allocation.picked_qty, Allocation.state, Allocation.reservation_id
).where(Allocation.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def _check_allocations(
    session: Session, moves: Sequence[Move], effects: Effects, standing: dict[BalanceKey, Standing]
) -> dict[int, int]:
    """The reservation that each allocation belongs to."""
    connection = session.connection()
    known = {
        row.id: row
        for part in chunks(effects.allocations)
        for row in connection.execute(_ALLOCATIONS, {"ids": part})
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
    return {row.id: row.reservation_id for row in known.values()}


def _arrivals(
    moves: Sequence[Move], standing: dict[BalanceKey, Standing], at: datetime
) -> dict[BalanceKey, datetime]:
    """When the oldest goods that arrive in each balance came into the house."""
    oldest: dict[BalanceKey, datetime] = {}
    for move in moves:
        origin, target = standing.get(source_of(move)), target_of(move)
        if target in standing:
            came = (origin.fifo_at if origin else None) or at
            oldest[target] = min(came, oldest.get(target, came))
    return oldest


def _line(
    move: Move, places: Mapping[int, Place], standing: dict[BalanceKey, Standing], by: Actor, now: datetime
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
    places: Mapping[int, Place],
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
