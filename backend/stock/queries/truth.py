"""The proof: every figure of the house recomputed from the ledger, and the chain that says nobody changed the ledger."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.master.layout.models import Location
from backend.stock.models import (
    Allocation,
    Availability,
    Balance,
    Reservation,
    StockMove,
    StockSeal,
    StockTruth,
)
from backend.stock.rules import FIRST_DIGEST, GOOD, PHYSICAL, SELLABLE_KINDS, digest_of

_MOST_FAULTS = 100  # per check; one is enough to turn the light red
_CHAIN_STEP = 5_000
# A transaction that began earlier may commit lower ids later; never by more than this while the sealer looks.
SEAL_WINDOW = 50_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One figure that is not what the ledger says. `subject` names the row of the check's table."""

    check: str
    subject: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What the proof found. `faults` holds at most 100 of each check; `proved_seq` is how far the chain holds."""

    sound: bool
    moves: int
    balances: int
    sealed: int
    unsealed: int
    proved_seq: int
    proved_digest: str
    faults: tuple[Fault, ...]
    ms: int


@dataclass(frozen=True, slots=True)
class Truth:
    """The last verdict, for the board's light. `sound` None: never checked."""

    sound: bool | None
    checked_at: datetime | None
    moves: int
    sealed: int
    unsealed: int
    proved_seq: int
    faults: tuple[dict[str, Any], ...]


def truth(session: Session, *, by: Actor | None = None, now: datetime | None = None) -> Truth:
    """The last verdict on the ledger."""
    row = session.get(StockTruth, 1)
    sealed = session.scalar(select(func.max(StockSeal.seq))) or 0
    waiting = unsealed_moves(session)
    if row is None:
        return Truth(None, None, 0, sealed, waiting, 0, ())
    faults = tuple(row.report.get("faults", ()))
    return Truth(row.sound, row.checked_at, row.moves, sealed, waiting, row.proved_seq, faults)


def unsealed_moves(session: Session) -> int:
    """How many ledger lines wait for their seal."""
    return (
        session.scalar(select(func.count()).select_from(unsealed(select(StockMove.id), session).subquery()))
        or 0
    )


def has_unsealed_moves(session: Session) -> bool:
    """Whether a ledger line waits for its seal."""
    return session.scalar(unsealed(select(StockMove.id), session).limit(1)) is not None


def has_unproved_moves(session: Session) -> bool:
    """Whether the last verdict is older than the ledger."""
    row = session.get(StockTruth, 1)
    seen = row.proved_seq if row is not None and row.checked_at is not None else -1
    return (session.scalar(select(func.max(StockSeal.seq))) or 0) > seen


def unsealed(columns: Select[*tuple[Any, ...]], session: Session) -> Select[*tuple[Any, ...]]:
    """Narrow a select over StockMove to the lines that have no seal yet."""
    last = session.scalar(select(func.max(StockSeal.move_id))) or 0
    return columns.outerjoin(StockSeal, StockSeal.move_id == StockMove.id).where(
        StockSeal.seq.is_(None), StockMove.id > last - SEAL_WINDOW
    )


def verify(session: Session, *, whole_chain: bool = True) -> VerifyReport:
    """Prove the ledger. Each figure is compared in one SQL statement, so work going on beside it does no harm.

    With `whole_chain` False the chain is followed from where the last verdict proved it; the figures are always
    folded in full. Cost: a few sequential reads of the ledger, plus one hash per sealed line followed.
    """
    began = time.perf_counter()
    faults = [
        *_balances_against_ledger(session),
        *_lines_against_balances(session),
        *_reserved_against_allocations(session),
        *_allocated_against_reservations(session),
        *_sellable_against_balances(session),
        *_promised_against_reservations(session),
        *_bounds(session),
    ]
    start = session.get(StockTruth, 1) if not whole_chain else None
    seq, digest, broken = _follow_chain(
        session, start.proved_seq if start else 0, start.proved_digest if start else FIRST_DIGEST
    )
    faults += broken
    return VerifyReport(
        sound=not faults,
        moves=session.scalar(select(func.count()).select_from(StockMove)) or 0,
        balances=session.scalar(select(func.count()).select_from(Balance)) or 0,
        sealed=session.scalar(select(func.max(StockSeal.seq))) or 0,
        unsealed=unsealed_moves(session),
        proved_seq=seq,
        proved_digest=digest,
        faults=tuple(faults),
        ms=round((time.perf_counter() - began) * 1000),
    )


def _faults(session: Session, check: str, statement: Select[*tuple[Any, ...]]) -> Iterator[Fault]:
    """`statement` yields (subject, expected, found) for the rows that are wrong."""
    for subject, expected, found in session.execute(statement.limit(_MOST_FAULTS)):
        yield Fault(check, str(subject), str(expected), str(found))


def _balances_against_ledger(session: Session) -> Iterator[Fault]:
    came = select(StockMove.to_balance_id.label("balance_id"), StockMove.qty.label("qty")).where(
        StockMove.to_balance_id.is_not(None)
    )
    went = select(StockMove.from_balance_id, -StockMove.qty).where(StockMove.from_balance_id.is_not(None))
    both = union_all(came, went).subquery()
    fold = select(both.c.balance_id, func.sum(both.c.qty).label("qty")).group_by(both.c.balance_id).subquery()
    expected = func.coalesce(fold.c.qty, 0)
    wrong = select(Balance.id, expected, Balance.on_hand).outerjoin(fold, fold.c.balance_id == Balance.id)
    return _faults(session, "balance_is_fold", wrong.where(expected != Balance.on_hand))


def _lines_against_balances(session: Session) -> Iterator[Fault]:
    for side in ("from", "to"):
        balance_id = getattr(StockMove, f"{side}_balance_id")
        location_id = getattr(StockMove, f"{side}_location_id")
        quality = StockMove.quality if side == "from" else StockMove.to_quality
        hu_id = getattr(StockMove, f"{side}_hu_id")
        elsewhere = or_(
            Balance.location_id != location_id,
            Balance.sku_id != StockMove.sku_id,
            Balance.quality != quality,
            func.coalesce(Balance.lot_id, 0) != func.coalesce(StockMove.lot_id, 0),
            func.coalesce(Balance.hu_id, 0) != func.coalesce(hu_id, 0),
        )
        physical = Location.kind.in_(sorted(PHYSICAL))
        wrong = (
            select(StockMove.id, location_id, balance_id)
            .join(Location, Location.id == location_id)
            .outerjoin(Balance, Balance.id == balance_id)
            .where(
                or_(
                    and_(physical, balance_id.is_(None)),
                    and_(~physical, balance_id.is_not(None)),
                    and_(Balance.id.is_not(None), elsewhere),
                )
            )
        )
        yield from _faults(session, f"line_{side}_its_balance", wrong)


def _reserved_against_allocations(session: Session) -> Iterator[Fault]:
    held = (
        select(Allocation.balance_id, func.sum(Allocation.qty - Allocation.picked_qty).label("qty"))
        .where(Allocation.state == "open")
        .group_by(Allocation.balance_id)
        .subquery()
    )
    expected = func.coalesce(held.c.qty, 0)
    wrong = select(Balance.id, expected, Balance.reserved).outerjoin(held, held.c.balance_id == Balance.id)
    return _faults(session, "reserved_is_open_allocations", wrong.where(expected != Balance.reserved))


def _allocated_against_reservations(session: Session) -> Iterator[Fault]:
    held = (
        select(
            Allocation.reservation_id,
            func.sum(
                case((Allocation.state == "open", Allocation.qty - Allocation.picked_qty), else_=0)
            ).label("held"),
            func.sum(Allocation.picked_qty).label("picked"),
        )
        .group_by(Allocation.reservation_id)
        .subquery()
    )
    over = and_(Reservation.state == "active", held.c.held > Reservation.qty - Reservation.taken_qty)
    dangling = and_(Reservation.state != "active", held.c.held > 0)
    wrong = (
        select(Reservation.id, Reservation.qty - Reservation.taken_qty, held.c.held)
        .join(held, held.c.reservation_id == Reservation.id)
        .where(or_(over, dangling))
    )
    yield from _faults(session, "allocated_within_reservation", wrong)
    unlike = (
        select(Reservation.id, Reservation.taken_qty, func.coalesce(held.c.picked, 0))
        .outerjoin(held, held.c.reservation_id == Reservation.id)
        .where(Reservation.taken_qty != func.coalesce(held.c.picked, 0))
    )
    yield from _faults(session, "taken_is_picked", unlike)


def _sellable_against_balances(session: Session) -> Iterator[Fault]:
    fold = (
        select(Balance.warehouse_id, Balance.sku_id, func.sum(Balance.on_hand).label("qty"))
        .join(Location, Location.id == Balance.location_id)
        .where(
            Balance.quality == GOOD, Location.sellable.is_(True), Location.kind.in_(sorted(SELLABLE_KINDS))
        )
        .group_by(Balance.warehouse_id, Balance.sku_id)
        .subquery()
    )
    same = and_(fold.c.warehouse_id == Availability.warehouse_id, fold.c.sku_id == Availability.sku_id)
    expected = func.coalesce(fold.c.qty, 0)
    wrong = select(Availability.sku_id, expected, Availability.sellable).outerjoin(fold, same)
    yield from _faults(session, "sellable_is_fold", wrong.where(expected != Availability.sellable))
    absent = select(fold.c.sku_id, fold.c.qty, literal(0)).outerjoin(Availability, same)
    yield from _faults(
        session, "sellable_is_fold", absent.where(Availability.sku_id.is_(None), fold.c.qty != 0)
    )


def _promised_against_reservations(session: Session) -> Iterator[Fault]:
    fold = (
        select(
            Reservation.warehouse_id,
            Reservation.sku_id,
            func.sum(Reservation.qty - Reservation.taken_qty).label("qty"),
        )
        .where(Reservation.state == "active")
        .group_by(Reservation.warehouse_id, Reservation.sku_id)
        .subquery()
    )
    same = and_(fold.c.warehouse_id == Availability.warehouse_id, fold.c.sku_id == Availability.sku_id)
    expected = func.coalesce(fold.c.qty, 0)
    wrong = select(Availability.sku_id, expected, Availability.reserved).outerjoin(fold, same)
    yield from _faults(session, "promised_is_reservations", wrong.where(expected != Availability.reserved))
    absent = select(fold.c.sku_id, fold.c.qty, literal(0)).outerjoin(Availability, same)
    yield from _faults(session, "promised_is_reservations", absent.where(Availability.sku_id.is_(None)))


def _bounds(session: Session) -> Iterator[Fault]:
    beyond = or_(Balance.on_hand < 0, Balance.reserved < 0, Balance.reserved > Balance.on_hand)
    wrong = select(Balance.id, Balance.on_hand, Balance.reserved).where(beyond)
    yield from _faults(session, "balance_within_bounds", wrong)
    over = or_(Availability.reserved < 0, Availability.reserved > Availability.sellable)
    promised = select(Availability.sku_id, Availability.sellable, Availability.reserved).where(over)
    yield from _faults(session, "atp_not_negative", promised)


_LINE = (
    StockMove.id,
    StockMove.warehouse_id,
    StockMove.sku_id,
    StockMove.qty,
    StockMove.from_location_id,
    StockMove.to_location_id,
    StockMove.reason,
    StockMove.lot_id,
    StockMove.serial,
    StockMove.quality,
    StockMove.to_quality,
    StockMove.from_hu_id,
    StockMove.to_hu_id,
    StockMove.allocation_id,
    StockMove.corrects_id,
    StockMove.doc_kind,
    StockMove.doc_id,
    StockMove.note,
    StockMove.user_id,
    StockMove.session_id,
    StockMove.device_id,
    StockMove.command_id,
    StockMove.event_at,
    StockMove.recorded_at,
)


def line_columns() -> tuple[Any, ...]:
    """The columns of a ledger line that the chain seals, in the order in which it seals them."""
    return _LINE


def _follow_chain(session: Session, seq: int, digest: str) -> tuple[int, str, list[Fault]]:
    """Recompute the digests after `seq`; how far the chain holds, and where it breaks."""
    while True:
        links: Sequence[Any] = session.execute(
            select(StockSeal.seq, StockSeal.move_id, StockSeal.digest, *_LINE)
            .outerjoin(StockMove, StockMove.id == StockSeal.move_id)
            .where(StockSeal.seq > seq)
            .order_by(StockSeal.seq)
            .limit(_CHAIN_STEP)
        ).all()
        for link in links:
            expected = digest_of(digest, link[3:])
            if link[0] != seq + 1 or link[3] is None or expected != link[2]:
                return seq, digest, [Fault("chain_unbroken", f"move {link[1]}", expected, str(link[2]))]
            seq, digest = link[0], expected
        if len(links) < _CHAIN_STEP:
            return seq, digest, []
