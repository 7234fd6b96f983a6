"""Goods that are gone although they were promised: take the promise back where it hurts least, then post."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.db import locked
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.stock.events import ReservationsBumped
from backend.stock.models import Allocation, Availability, Balance, Reservation
from backend.stock.queries.figures import places_of
from backend.stock.rules import BalanceKey, Move, Promise, effects_of, whom_to_bump
from backend.stock.use_cases.ledger import post
from backend.stock.use_cases.promises import deallocate, shrink_reservations


@dataclass(frozen=True, slots=True)
class Bumped:
    """A document line that lost `qty` pieces of its promise."""

    reservation_id: int
    doc_kind: str
    doc_id: int
    sku_id: int
    qty: int


@dataclass(frozen=True, slots=True)
class Loss:
    """What a loss did: the ledger lines, the pieces per allocation that lost their bin, and who lost the promise."""

    move_ids: tuple[int, ...]
    unbinned: dict[int, int]
    bumped: tuple[Bumped, ...]


def post_loss(
    session: Session, moves: Sequence[Move], *, by: Actor, now: datetime, spare: frozenset[int] = frozenset()
) -> Loss:
    """Post moves that take goods out of stock although they may be promised (a short pick, a count).

    Allocations on the balances that shrink below what they hold are let go, newest first; where the SKU's sellable
    stock no longer covers its reservations, reservations are cut (`rules.whom_to_bump`) and `ReservationsBumped` is told.
    The moves name no allocation. `spare`: reservations to be cut last (the order in the picker's hands).

    Raises:
        Refusal: those of `post`; not_enough_stock when more is lost than lies there.
    """
    places = places_of(
        session, {place for move in moves for place in (move.from_location_id, move.to_location_id)}
    )
    if any(move.from_location_id not in places or move.to_location_id not in places for move in moves):
        return Loss(post(session, moves, by=by, now=now), {}, ())  # post says which location is unknown
    effects = effects_of(moves, places)
    unbinned = _unbin(
        session, {key: -delta.on_hand for key, delta in effects.balances.items() if delta.on_hand < 0}
    )
    lost = {key: -delta.on_hand for key, delta in effects.availability.items() if delta.on_hand < 0}
    bumped = [
        each for key, qty in sorted(lost.items()) for each in bump(session, *key, qty, spare=spare, now=now)
    ]
    ids = post(session, moves, by=by, now=now)
    tell_bumped(session, places[moves[0].from_location_id].warehouse_id, bumped, now)
    return Loss(ids, unbinned, tuple(bumped))


def _unbin(session: Session, lost: dict[BalanceKey, int]) -> dict[int, int]:
    texts = {key.text: qty for key, qty in lost.items()}
    rows = session.execute(
        locked(
            select(Balance.id, Balance.key, Balance.on_hand, Balance.reserved)
            .where(Balance.key.in_(texts))
            .order_by(Balance.id)
        )
    ).all()
    cuts: dict[int, int] = {}
    for row in rows:
        excess = row.reserved - (row.on_hand - texts[row.key])
        open_ones = select(Allocation.id, Allocation.qty - Allocation.picked_qty).where(
            Allocation.balance_id == row.id, Allocation.state == "open"
        )
        if excess <= 0:
            continue
        for allocation_id, held in session.execute(open_ones.order_by(Allocation.id.desc())):
            if excess > 0:
                cuts[allocation_id] = min(held, excess)
                excess -= cuts[allocation_id]
    if cuts:
        deallocate(session, cuts)
    return cuts


def bump(
    session: Session, warehouse_id: int, sku_id: int, lost: int, *, spare: frozenset[int], now: datetime
) -> list[Bumped]:
    """Take back as many promises of a SKU as its sellable stock will not cover once `lost` pieces are gone."""
    row = session.execute(
        locked(
            select(Availability.sellable, Availability.reserved).where(
                Availability.warehouse_id == warehouse_id, Availability.sku_id == sku_id
            )
        )
    ).one_or_none()
    excess = row.reserved - (row.sellable - lost) if row else 0
    if excess <= 0:
        return []
    held = (
        select(func.coalesce(func.sum(Allocation.qty - Allocation.picked_qty), 0))
        .where(Allocation.reservation_id == Reservation.id, Allocation.state == "open")
        .scalar_subquery()
    )
    columns = select(
        Reservation.id,
        Reservation.qty - Reservation.taken_qty,
        held,
        Reservation.doc_kind,
        Reservation.doc_id,
    ).where(
        Reservation.warehouse_id == warehouse_id, Reservation.sku_id == sku_id, Reservation.state == "active"
    )
    promises = {each[0]: each for each in session.execute(columns)}
    others = [Promise(each[0], each[1], int(each[2])) for each in promises.values() if each[0] not in spare]
    last = [Promise(each[0], each[1], int(each[2])) for each in promises.values() if each[0] in spare]
    cuts = whom_to_bump(others, excess)
    cuts |= whom_to_bump(last, excess - sum(cuts.values()))
    shrink_reservations(session, cuts, now=now, tell=False)
    return [
        Bumped(each, promises[each].doc_kind, promises[each].doc_id, sku_id, qty)
        for each, qty in cuts.items()
    ]


def tell_bumped(session: Session, warehouse_id: int, bumped: Sequence[Bumped], now: datetime) -> None:
    """Tell who lost a promise, once per kind of document."""
    for doc_kind in sorted({each.doc_kind for each in bumped}):
        mine = [each for each in bumped if each.doc_kind == doc_kind]
        told = ReservationsBumped(
            warehouse_id=warehouse_id,
            doc_kind=doc_kind,
            doc_ids=tuple(sorted({each.doc_id for each in mine})),
            reservation_ids=tuple(sorted({each.reservation_id for each in mine})),
            sku_ids=tuple(sorted({each.sku_id for each in mine})),
        )
        emit(session, told, now=now)
