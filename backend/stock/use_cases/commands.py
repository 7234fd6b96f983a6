"""What a person does to stock directly: receive, move, adjust, change the quality, correct a line."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.master.layout.queries import system_location
from backend.stock.models import Balance, StockMove
from backend.stock.queries.figures import places_of
from backend.stock.rules import DEFECTIVE, GOOD, Move, Reason, counter_entry
from backend.stock.use_cases.carriers import ensure_handling_unit, ensure_lot
from backend.stock.use_cases.ledger import post
from backend.stock.use_cases.losses import Bumped, post_loss


@dataclass(frozen=True)
class ReceivedLine:
    """Goods that came in. Lot, dates and LPN are opened when they are new; `serials` for goods kept by piece."""

    sku_id: int
    qty: int
    to_location_id: int | None = None
    lot_code: str | None = None
    expiry_on: date | None = None
    mfg_on: date | None = None
    quality: str = GOOD
    lpn: str | None = None
    serials: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReceiveStock(Command):
    """Take goods from the supplier into the house, to staging where a line names no location."""

    warehouse_id: int
    lines: tuple[ReceivedLine, ...]
    doc_kind: str = "receipt"
    doc_id: int = 0
    note: str = ""


@dataclass(frozen=True)
class Posted:
    """The ledger lines that a command wrote, and who lost a promise by it."""

    move_ids: tuple[int, ...]
    bumped: tuple[Bumped, ...] = ()


def receive_stock(session: Session, command: ReceiveStock, *, now: datetime) -> Posted:
    """Post the receipt of all lines at once.

    Raises:
        Refusal: those of `post`, serials_do_not_match_qty, lot_dates_differ, handling_unit_elsewhere.
    """
    command.by.check_warehouse(command.warehouse_id)
    supplier = system_location(session, command.warehouse_id, "supplier")
    staging = system_location(session, command.warehouse_id, "staging")
    moves: list[Move] = []
    for line in command.lines:
        move = Move(
            sku_id=line.sku_id,
            qty=line.qty,
            from_location_id=supplier,
            to_location_id=line.to_location_id or staging,
            reason=Reason.RECEIPT,
            lot_id=_lot_of(session, line),
            quality=line.quality,
            to_hu_id=_unit_of(session, line, command, staging, now),
            doc_kind=command.doc_kind,
            doc_id=command.doc_id,
            note=command.note,
        )
        moves += _pieces(move, line)
    return Posted(post(session, moves, by=command.by, now=now))


def _lot_of(session: Session, line: ReceivedLine) -> int | None:
    if line.lot_code is None:
        return None
    return ensure_lot(session, line.sku_id, line.lot_code, expiry_on=line.expiry_on, mfg_on=line.mfg_on)


def _unit_of(
    session: Session, line: ReceivedLine, command: ReceiveStock, staging: int, now: datetime
) -> int | None:
    if line.lpn is None:
        return None
    return ensure_handling_unit(
        session,
        line.lpn,
        kind="carton",
        warehouse_id=command.warehouse_id,
        now=now,
        location_id=line.to_location_id or staging,
    )


def _pieces(move: Move, line: ReceivedLine) -> list[Move]:
    if not line.serials:
        return [move]
    if len(set(line.serials)) != line.qty:
        raise Refusal(
            "serials_do_not_match_qty", sku_id=line.sku_id, qty=line.qty, serials=len(set(line.serials))
        )
    return [replace(move, qty=1, serial=serial) for serial in line.serials]


@dataclass(frozen=True, kw_only=True)
class MoveStock(Command):
    """Carry free goods from one balance to another location of the warehouse."""

    balance_id: int
    qty: int
    to_location_id: int
    serial: str | None = None
    note: str = ""


def move_stock(session: Session, command: MoveStock, *, now: datetime) -> Posted:
    """Post one transfer.

    Raises:
        Refusal: balance_not_found, location_not_found, location_not_for_hands, not_enough_stock, goods_are_promised.
    """
    balance = balance_by_id(session, command.balance_id)
    command.by.check_warehouse(balance.warehouse_id)
    target = places_of(session, [command.to_location_id]).get(command.to_location_id)
    if target is None or target.warehouse_id != balance.warehouse_id:
        raise NotFound("location_not_found", location_id=command.to_location_id)
    if not target.is_physical:
        raise Refusal("location_not_for_hands", code=target.code)
    move = Move(
        sku_id=balance.sku_id,
        qty=command.qty,
        from_location_id=balance.location_id,
        to_location_id=command.to_location_id,
        reason=Reason.TRANSFER,
        lot_id=balance.lot_id,
        serial=command.serial,
        quality=balance.quality,
        from_hu_id=balance.hu_id,
        note=command.note,
    )
    return Posted(post(session, [move], by=command.by, now=now))


def balance_by_id(session: Session, balance_id: int) -> Balance:
    """The balance.

    Raises:
        NotFound: balance_not_found.
    """
    balance = session.get(Balance, balance_id)
    if balance is None:
        raise NotFound("balance_not_found", balance_id=balance_id)
    return balance


@dataclass(frozen=True, kw_only=True)
class AdjustStock(Command):
    """Say that `qty_delta` pieces more (or, negative, fewer) lie at a location than the books say, and why."""

    location_id: int
    sku_id: int
    qty_delta: int
    note: str
    lot_code: str | None = None
    quality: str = GOOD
    lpn: str | None = None
    serial: str | None = None


def adjust_stock(session: Session, command: AdjustStock, *, now: datetime) -> Posted:
    """Post the difference against the adjustment location; goods that are gone may cost somebody a promise.

    Raises:
        Refusal: location_not_found, location_not_for_hands, adjustment_is_nothing, reason_needed, and those of `post`.
    """
    place = places_of(session, [command.location_id]).get(command.location_id)
    if place is None:
        raise NotFound("location_not_found", location_id=command.location_id)
    command.by.check_warehouse(place.warehouse_id)
    if not place.is_physical:
        raise Refusal("location_not_for_hands", code=place.code)
    if command.qty_delta == 0:
        raise Refusal("adjustment_is_nothing")
    if not command.note.strip():
        raise Refusal("reason_needed")
    unit = None
    if command.lpn is not None:
        unit = ensure_handling_unit(
            session,
            command.lpn,
            kind="carton",
            warehouse_id=place.warehouse_id,
            now=now,
            location_id=place.location_id,
        )
    outside = system_location(session, place.warehouse_id, "adjustment")
    gain = command.qty_delta > 0
    move = Move(
        sku_id=command.sku_id,
        qty=abs(command.qty_delta),
        from_location_id=outside if gain else place.location_id,
        to_location_id=place.location_id if gain else outside,
        reason=Reason.ADJUST,
        lot_id=ensure_lot(session, command.sku_id, command.lot_code) if command.lot_code else None,
        serial=command.serial,
        quality=command.quality,
        from_hu_id=None if gain else unit,
        to_hu_id=unit if gain else None,
        doc_kind="adjustment",
        note=command.note,
    )
    if gain:
        return Posted(post(session, [move], by=command.by, now=now))
    loss = post_loss(session, [move], by=command.by, now=now)
    return Posted(loss.move_ids, loss.bumped)


@dataclass(frozen=True, kw_only=True)
class ChangeQuality(Command):
    """Turn free pieces of a balance from good to defective, or back."""

    balance_id: int
    qty: int
    note: str
    serial: str | None = None


def change_quality(session: Session, command: ChangeQuality, *, now: datetime) -> Posted:
    """Post the change where the goods lie; goods that turn out defective may cost somebody a promise.

    Raises:
        Refusal: balance_not_found, reason_needed, and those of `post`.
    """
    balance = balance_by_id(session, command.balance_id)
    command.by.check_warehouse(balance.warehouse_id)
    if not command.note.strip():
        raise Refusal("reason_needed")
    move = Move(
        sku_id=balance.sku_id,
        qty=command.qty,
        from_location_id=balance.location_id,
        to_location_id=balance.location_id,
        reason=Reason.QUALITY,
        lot_id=balance.lot_id,
        serial=command.serial,
        quality=balance.quality,
        to_quality=DEFECTIVE if balance.quality == GOOD else GOOD,
        from_hu_id=balance.hu_id,
        to_hu_id=balance.hu_id,
        doc_kind="quality",
        note=command.note,
    )
    if balance.quality == DEFECTIVE:
        return Posted(post(session, [move], by=command.by, now=now))
    loss = post_loss(session, [move], by=command.by, now=now)
    return Posted(loss.move_ids, loss.bumped)


@dataclass(frozen=True, kw_only=True)
class CorrectMove(Command):
    """Undo a ledger line by a counter-entry that names it."""

    move_id: int
    note: str


def correct_move(session: Session, command: CorrectMove, *, now: datetime) -> Posted:
    """Post the line the other way round. Lines that took or gave a promise are undone by their own verb (undo a pick).

    Raises:
        Refusal: move_not_found, move_corrected_already, move_belongs_to_a_pick, reason_needed, and those of `post`.
    """
    line = session.get(StockMove, command.move_id)
    if line is None:
        raise NotFound("move_not_found", move_id=command.move_id)
    command.by.check_warehouse(line.warehouse_id)
    if not command.note.strip():
        raise Refusal("reason_needed")
    # Locked: two people who correct the same line must not both succeed.
    session.refresh(line, with_for_update=True)
    if session.scalar(select(StockMove.id).where(StockMove.corrects_id == line.id)):
        raise Refusal("move_corrected_already", move_id=line.id)
    if line.allocation_id is not None:
        raise Refusal("move_belongs_to_a_pick", move_id=line.id)
    loss = post_loss(session, [counter_entry(move_of(line), line.id, command.note)], by=command.by, now=now)
    return Posted(loss.move_ids, loss.bumped)


def move_of(line: StockMove) -> Move:
    """The move that a ledger line records."""
    return Move(
        sku_id=line.sku_id,
        qty=line.qty,
        from_location_id=line.from_location_id,
        to_location_id=line.to_location_id,
        reason=Reason(line.reason),
        lot_id=line.lot_id,
        serial=line.serial,
        quality=line.quality,
        to_quality=None if line.to_quality == line.quality else line.to_quality,
        from_hu_id=line.from_hu_id,
        to_hu_id=line.to_hu_id,
        allocation_id=line.allocation_id,
        doc_kind=line.doc_kind,
        doc_id=line.doc_id,
        note=line.note,
        corrects_id=line.corrects_id,
    )
