"""Confirming a pick, and taking one back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.floor.use_cases import note_whereabouts
from backend.master.catalog.queries import read_scan
from backend.outbound.picking.events import PickConfirmed, PickUndone
from backend.outbound.picking.models import Pick, PickSplit, PutBackTask
from backend.outbound.picking.queries import LineFacts, SplitFacts, ToteFacts, line_facts, splits_of, tote_facts
from backend.outbound.picking.queries.loads import pack_qty_of
from backend.outbound.picking.rules import (
    MODES,
    LineState,
    check_lot,
    check_qty,
    check_serial,
    location_matches,
)
from backend.outbound.picking.use_cases.turn import Answer, Turn, answer, set_line, take_turn
from backend.orders.models import SalesOrder
from backend.stock.models import Allocation, Balance, Reservation
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import post


@dataclass(frozen=True, kw_only=True)
class ConfirmPick(Command):
    """Bin, SKU (with lot or serial), quantity and tote, as scanned."""

    task_id: int
    line_id: int
    slot_no: int
    qty: int
    location_code: str
    sku_barcode: str
    lot_code: str | None = None
    serial: str | None = None
    lpn: str | None = None
    knows_version: int | None = None


@dataclass(frozen=True, slots=True)
class _Scanned:
    """What the scan of the goods said."""

    pack_qty: int
    lot_code: str | None
    serial: str | None


def confirm_pick(session: Session, command: ConfirmPick, *, now: datetime) -> Answer:
    """Goods go from the bin into the tote of their order.

    Raises:
        NotFound: `task_not_found`, `line_not_found`, `slot_not_found`.
        Refusal: those of `rules.check_picker`; `line_already_done`, `slot_has_no_part`, `wrong_bin`, `unknown_barcode`,
            `wrong_sku`, `lot_required`, `wrong_lot`, `lot_expired`, `serial_required`, `serial_one_at_a_time`,
            `more_than_asked`, `scan_each_piece`, `tote_not_bound`, `wrong_tote`, `order_held`, `order_cancelled`; and
            those of `stock.post`.

    Transitions:
        line done → the next line; line not done → the same line; nothing left → finish.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    line = line_facts(session, command.task_id, command.line_id)
    tote = tote_facts(session, command.task_id, command.slot_no)
    check_order(tote, line)
    splits = splits_of(session, line.id)
    left = _left(line, splits, command)
    if not location_matches(command.location_code, line.location_code, line.check_code):
        raise Refusal("wrong_bin", expected=line.location_code, scanned=command.location_code)
    scanned = _read_goods(session, line, command)
    _check_goods(line, scanned, command, left, turn.scan_each, by.at(now))
    _check_tote(tote, command.lpn)
    poured = _pour(turn.mode, splits, command.slot_no, command.qty)
    moves = [_move(turn, line, tote, split, qty, scanned.serial) for split, qty in poured]
    post(session, moves, by=by, now=now)
    pick_id = _record(session, turn, line, tote, poured, scanned.serial, by, now)
    picked = line.picked_qty + command.qty
    state = set_line(session, line.id, line.qty, picked, line.short_qty)
    note_whereabouts(
        session, warehouse_id=turn.warehouse_id, location_id=line.location_id, floor_task_id=turn.floor_task_id,
        by=by, now=now,
    )  # fmt: skip
    _tell(session, turn, line, tote, pick_id, command.qty, state, by, now)
    change = _change(line, picked, state, splits, poured, pick_id, command, by.at(now))
    stay_at = line.id if state == LineState.OPEN else None
    return answer(session, turn, change=change, knows_version=command.knows_version, stay_at=stay_at)


def check_order(tote: ToteFacts, line: LineFacts) -> None:
    """A held or cancelled order stops at the next scan.

    Raises:
        Refusal: `order_cancelled`, `order_held` with the reasons and the bin into which goods in the hand belong.
    """
    facts = {"order_number": tote.order_number, "slot_no": tote.slot_no, "put_back_to": line.location_code}
    if tote.order_state == "cancelled":
        raise Refusal("order_cancelled", **facts)
    if tote.holds:
        raise Refusal("order_held", reasons=list(tote.holds), **facts)


def _left(line: LineFacts, splits: Sequence[SplitFacts], command: ConfirmPick) -> int:
    mine = [split.view for split in splits if split.view.slot_no == command.slot_no]
    if not mine:
        raise Refusal("slot_has_no_part", line_id=line.id, slot_no=command.slot_no)
    left = sum(view.left for view in mine)
    if not left:
        raise Refusal("line_already_done", line_id=line.id, state=line.state, put_back_to=line.location_code)
    return left


def _read_goods(session: Session, line: LineFacts, command: ConfirmPick) -> _Scanned:
    """What the code in the hand stands for: a plain code first, everything else through the catalogue's reader."""
    plain = pack_qty_of(session, line.sku_id, line.sku_code, command.sku_barcode)
    if plain is not None:
        return _Scanned(plain, command.lot_code, command.serial)
    scan = read_scan(session, command.sku_barcode)
    if not scan.candidates:
        raise Refusal("unknown_barcode", scanned=command.sku_barcode, expected=line.sku_code)
    for candidate in scan.candidates:
        if candidate.sku_id == line.sku_id:
            return _Scanned(candidate.qty, command.lot_code or scan.lot, command.serial or scan.serial)
    raise Refusal("wrong_sku", scanned=scan.candidates[0].code, expected=line.sku_code)


def _check_goods(
    line: LineFacts, scanned: _Scanned, command: ConfirmPick, left: int, scan_each: bool, at: datetime
) -> None:
    check_qty(command.qty, left, scan_each=scan_each, pack_qty=scanned.pack_qty)
    check_lot(
        policy=line.lot_policy,
        wanted=line.lot_code,
        given=scanned.lot_code,
        sku_code=line.sku_code,
        expiry_on=line.expiry_on,
        today=at.astimezone(ZoneInfo(line.timezone)).date(),
    )
    check_serial(policy=line.serial_policy, serial=scanned.serial, qty=command.qty, sku_code=line.sku_code)


def _check_tote(tote: ToteFacts, lpn: str | None) -> None:
    if tote.hu_id is None:
        raise Refusal("tote_not_bound", slot_no=tote.slot_no, order_number=tote.order_number)
    if lpn is not None and lpn.strip().upper() != (tote.lpn or "").upper():
        raise Refusal("wrong_tote", slot_no=tote.slot_no, expected=tote.lpn, scanned=lpn)


def _pour(
    mode: str, splits: Sequence[SplitFacts], slot_no: int, qty: int
) -> list[tuple[SplitFacts, int]]:
    by_id = {split.view.id: split for split in splits}
    poured = MODES[mode].pour([split.view for split in splits], slot_no, qty)
    return [(by_id[view.id], part) for view, part in poured]


def _move(
    turn: Turn, line: LineFacts, tote: ToteFacts, split: SplitFacts, qty: int, serial: str | None
) -> Move:
    return Move(
        sku_id=line.sku_id,
        qty=qty,
        from_location_id=line.location_id,
        to_location_id=line.picked_location_id,
        reason=Reason.PICK,
        lot_id=line.lot_id,
        serial=serial,
        quality=split.quality,
        from_hu_id=split.hu_id,
        to_hu_id=tote.hu_id,
        allocation_id=split.allocation_id,
        doc_kind="pick_task",
        doc_id=turn.task_id,
    )


_FILL_SPLIT = (
    update(PickSplit)
    .where(PickSplit.id == bindparam("b_id"))
    .values(picked_qty=PickSplit.picked_qty + bindparam("b_qty"))
    .execution_options(synchronize_session=False)
)


def fill_splits(session: Session, poured: Sequence[tuple[int, int]]) -> None:
    """Add (or take, when negative) picked pieces of splits, as (split id, pieces)."""
    session.connection().execute(_FILL_SPLIT, [{"b_id": split_id, "b_qty": qty} for split_id, qty in poured])


_RECORD = insert(Pick).returning(Pick.id)


def _record(
    session: Session,
    turn: Turn,
    line: LineFacts,
    tote: ToteFacts,
    poured: Sequence[tuple[SplitFacts, int]],
    serial: str | None,
    by: Actor,
    now: datetime,
) -> int:
    fill_splits(session, [(split.view.id, qty) for split, qty in poured])
    rows = [
        {
            "warehouse_id": turn.warehouse_id, "task_id": turn.task_id, "line_id": line.id, "split_id": split.view.id,
            "slot_no": tote.slot_no, "order_id": tote.order_id, "sku_id": line.sku_id, "lot_id": line.lot_id,
            "serial": serial, "qty": qty, "returned_qty": 0, "location_id": line.location_id, "hu_id": tote.hu_id,
            "command_id": by.command_id, "picked_by": by.user_id, "picked_at": by.at(now), "recorded_at": now,
        }
        for split, qty in poured
    ]  # fmt: skip
    connection = session.connection()
    return min(connection.execute(_RECORD, row).scalar_one() for row in rows)


def _tell(
    session: Session,
    turn: Turn,
    line: LineFacts,
    tote: ToteFacts,
    pick_id: int,
    qty: int,
    state: str,
    by: Actor,
    now: datetime,
) -> None:
    fact = PickConfirmed(
        warehouse_id=turn.warehouse_id,
        task_id=turn.task_id,
        wave_id=turn.wave_id,
        pick_id=pick_id,
        line_id=line.id,
        line_done=state in (LineState.PICKED, LineState.SHORT),
        order_id=tote.order_id,
        sku_id=line.sku_id,
        qty=qty,
        location_id=line.location_id,
        location_code=line.location_code,
        user_id=by.user_id or 0,
    )
    emit(session, fact, now=now)


def _change(
    line: LineFacts,
    picked: int,
    state: str,
    splits: Sequence[SplitFacts],
    poured: Sequence[tuple[SplitFacts, int]],
    pick_id: int,
    command: ConfirmPick,
    at: datetime,
) -> dict[str, Any]:
    more = {split.view.id: qty for split, qty in poured}
    after = [
        replace(split.view, picked_qty=split.view.picked_qty + more.get(split.view.id, 0)) for split in splits
    ]
    return {
        "line": {
            "id": line.id, "state": state, "qty": line.qty, "picked_qty": picked, "short_qty": line.short_qty,
            "splits": [
                {
                    "slot_no": v.slot_no, "order_id": v.order_id, "qty": v.qty, "picked_qty": v.picked_qty,
                    "short_qty": v.short_qty,
                }
                for v in after if not v.stopped
            ],
        },
        "pick": {
            "id": pick_id, "command_id": command.by.command_id, "line_id": line.id, "slot_no": command.slot_no,
            "qty": command.qty, "at": at.isoformat(), "undone": False,
        },
    }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class UndoPick(Command):
    """Take a pick back: named by its id, or by the command that made it (a pick made off-line has no id yet)."""

    task_id: int
    pick_id: int | None = None
    made_by: str | None = None


def undo_pick(session: Session, command: UndoPick, *, now: datetime) -> Answer:
    """The goods go from the tote back into the bin they came from, by a counter-move; the pick stays on record.

    Raises:
        NotFound: `task_not_found`, `pick_not_found`.
        Refusal: those of `rules.check_picker`; `pick_already_undone`, `pick_put_back`.

    Transitions:
        the line of the pick, open again.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    picks = _picks_of(session, command)
    if any(pick.undone_at is not None for pick in picks):
        raise Refusal("pick_already_undone", pick_id=picks[0].id)
    if any(pick.returned_qty for pick in picks):
        raise Refusal("pick_put_back", pick_id=picks[0].id)
    line = line_facts(session, turn.task_id, picks[0].line_id)
    post(session, [give_back(session, pick, pick.qty, line) for pick in picks], by=by, now=now)
    for pick in picks:
        pick.returned_qty, pick.undone_at, pick.undone_by = pick.qty, now, by.user_id
    session.flush()
    settled = update(PutBackTask).where(PutBackTask.pick_id.in_([pick.id for pick in picks]), PutBackTask.state == "open")
    session.execute(settled.values(state="done", done_qty=PutBackTask.qty, done_at=now))
    total = sum(pick.qty for pick in picks)
    stopped = {split.view.id: split.view.stopped for split in splits_of(session, line.id)}
    live = sum(pick.qty for pick in picks if not stopped[pick.split_id])
    fill_splits(session, [(pick.split_id, -pick.qty) for pick in picks])
    set_line(session, line.id, line.qty, line.picked_qty - live, line.short_qty)
    undone = PickUndone(
        warehouse_id=turn.warehouse_id, task_id=turn.task_id, wave_id=turn.wave_id, pick_id=picks[0].id,
        line_id=line.id, order_id=picks[0].order_id, sku_id=line.sku_id, qty=total, user_id=by.user_id or 0,
    )  # fmt: skip
    emit(session, undone, now=now)
    return answer(session, turn, tone="warn")


def _picks_of(session: Session, command: UndoPick) -> Sequence[Pick]:
    """All picks of one confirmation (it may have filled two order lines)."""
    made_by = command.made_by
    if command.pick_id is not None:
        made_by = session.scalar(select(Pick.command_id).where(Pick.id == command.pick_id))
    mine = select(Pick).where(Pick.task_id == command.task_id, Pick.command_id == (made_by or "").lower())
    picks = session.scalars(mine.order_by(Pick.id)).all()
    if not picks:
        raise NotFound("pick_not_found", pick_id=command.pick_id, made_by=command.made_by)
    return picks


def give_back(session: Session, pick: Pick, qty: int, line: LineFacts) -> Move:
    """The move from the tote into the bin the pick came from.

    The goods are held for the order again, unless it is cancelled or its reservation gone: then they are free.
    """
    home = session.execute(
        select(Allocation.id, Allocation.state, Reservation.state, SalesOrder.state, Balance.hu_id, Balance.quality)
        .join(Balance, Balance.id == Allocation.balance_id)
        .join(Reservation, Reservation.id == Allocation.reservation_id)
        .join(PickSplit, PickSplit.allocation_id == Allocation.id)
        .join(SalesOrder, SalesOrder.id == PickSplit.order_id)
        .where(PickSplit.id == pick.split_id)
    ).one()
    allocation_id, *states, hu_id, quality = home
    to_order = "released" not in states and "cancelled" not in states
    return Move(
        sku_id=pick.sku_id,
        qty=qty,
        from_location_id=line.picked_location_id,
        to_location_id=pick.location_id,
        reason=Reason.UNPICK if to_order else Reason.PUTBACK,
        lot_id=pick.lot_id,
        serial=pick.serial,
        quality=quality,
        from_hu_id=pick.hu_id,
        to_hu_id=hu_id,
        allocation_id=allocation_id if to_order else None,
        doc_kind="pick_task",
        doc_id=pick.task_id,
    )
