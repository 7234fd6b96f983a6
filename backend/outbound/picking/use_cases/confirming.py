"""Confirming a pick."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.floor.use_cases import note_whereabouts
from backend.master.catalog.queries import read_scan
from backend.outbound.picking.events import PickConfirmed
from backend.outbound.picking.models import Pick, PickSplit
from backend.outbound.picking.queries import (
    LineFacts,
    ScanFacts,
    SplitFacts,
    ToteFacts,
    scan_facts,
)
from backend.outbound.picking.queries.sheet import add_split
from backend.outbound.picking.rules import (
    MODES,
    LineState,
    check_lot,
    check_qty,
    check_serial,
    location_matches,
)
from backend.outbound.picking.use_cases.turn import Answer, Turn, brief_answer, set_line, take_turn
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


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the picker stands before: the command, and what the books say about it."""

    session: Session
    command: ConfirmPick
    turn: Turn
    facts: ScanFacts
    now: datetime

    @property
    def line(self) -> LineFacts:
        """The line that is picked."""
        return self.facts.line

    @property
    def tote(self) -> ToteFacts:
        """The tote that the goods go into."""
        return self.facts.tote

    @property
    def splits(self) -> Sequence[SplitFacts]:
        """The parts of the line."""
        return self.facts.splits

    @property
    def at(self) -> datetime:
        """When the scan was made."""
        return self.command.by.at(self.now)


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
    turn = take_turn(session, command.task_id, command.by)
    facts = scan_facts(session, command.task_id, command.line_id, command.slot_no, command.sku_barcode)
    scene, line = _Scene(session, command, turn, facts, now), facts.line
    scanned = _check(scene)
    poured = _pour(scene)
    moves = [_move(scene, split, qty, scanned) for split, qty in poured]
    post(session, moves, by=command.by, now=now, known=facts.known)
    pick_id = _record(scene, poured, scanned)
    picked = line.picked_qty + command.qty
    state = set_line(session, line.id, line.qty, picked, line.short_qty)
    note_whereabouts(
        session, warehouse_id=turn.warehouse_id, location_id=line.location_id, floor_task_id=turn.floor_task_id,
        by=command.by, now=now,
    )  # fmt: skip
    _tell(scene, pick_id, state)
    change = {"line": _changed_line(scene, poured, picked, state), "pick": _pick_entry(scene, pick_id)}
    following = line.id if state == LineState.OPEN else facts.next_line_id
    return brief_answer(session, turn, following, change=change, knows_version=command.knows_version)


def _check(scene: _Scene) -> _Scanned:
    """Everything that must fit, in the order in which a person would notice it."""
    command, line = scene.command, scene.line
    check_order(scene.tote, line)
    left = _left(scene)
    if not location_matches(command.location_code, line.location_code, line.check_code):
        raise Refusal("wrong_bin", expected=line.location_code, scanned=command.location_code)
    scanned = _read_goods(scene)
    check_qty(command.qty, left, scan_each=scene.turn.scan_each, pack_qty=scanned.pack_qty)
    check_lot(
        policy=line.lot_policy,
        wanted=line.lot_code,
        given=scanned.lot_code,
        sku_code=line.sku_code,
        expiry_on=line.expiry_on,
        today=scene.at.astimezone(ZoneInfo(line.timezone)).date(),
    )
    check_serial(policy=line.serial_policy, serial=scanned.serial, qty=command.qty, sku_code=line.sku_code)
    _check_tote(scene.tote, command.lpn)
    return scanned


def check_order(tote: ToteFacts, line: LineFacts) -> None:
    """A held or cancelled order stops at the next scan.

    Raises:
        Refusal: `order_cancelled`, `order_held` with the reasons and the bin into which goods in the hand belong.
    """
    number, slot_no, home = tote.order_number, tote.slot_no, line.location_code
    if tote.order_state == "cancelled":
        raise Refusal("order_cancelled", order_number=number, slot_no=slot_no, put_back_to=home)
    if tote.holds:
        reasons = list(tote.holds)
        raise Refusal("order_held", reasons=reasons, order_number=number, slot_no=slot_no, put_back_to=home)


def _left(scene: _Scene) -> int:
    line, slot_no = scene.line, scene.command.slot_no
    mine = [split.view for split in scene.splits if split.view.slot_no == slot_no]
    if not mine:
        raise Refusal("slot_has_no_part", line_id=line.id, slot_no=slot_no)
    left = sum(view.left for view in mine)
    if not left:
        raise Refusal("line_already_done", line_id=line.id, state=line.state, put_back_to=line.location_code)
    return left


def _read_goods(scene: _Scene) -> _Scanned:
    """What the code in the hand stands for: a plain code first, everything else through the catalogue's reader."""
    session, command, line = scene.session, scene.command, scene.line
    if scene.facts.pack_qty is not None:
        return _Scanned(scene.facts.pack_qty, command.lot_code, command.serial)
    scan = read_scan(session, command.sku_barcode)
    if not scan.candidates:
        raise Refusal("unknown_barcode", scanned=command.sku_barcode, expected=line.sku_code)
    for candidate in scan.candidates:
        if candidate.sku_id == line.sku_id:
            pieces = candidate.qty * (scan.qty or 1)
            return _Scanned(pieces, command.lot_code or scan.lot, command.serial or scan.serial)
    raise Refusal("wrong_sku", scanned=scan.candidates[0].code, expected=line.sku_code)


def _check_tote(tote: ToteFacts, lpn: str | None) -> None:
    if tote.hu_id is None:
        raise Refusal("tote_not_bound", slot_no=tote.slot_no, order_number=tote.order_number)
    if lpn is not None and lpn.strip().upper() != (tote.lpn or "").upper():
        raise Refusal("wrong_tote", slot_no=tote.slot_no, expected=tote.lpn, scanned=lpn)


def _pour(scene: _Scene) -> list[tuple[SplitFacts, int]]:
    by_id = {split.view.id: split for split in scene.splits}
    views = [split.view for split in scene.splits]
    poured = MODES[scene.turn.mode].pour(views, scene.command.slot_no, scene.command.qty)
    return [(by_id[view.id], part) for view, part in poured]


def _move(scene: _Scene, split: SplitFacts, qty: int, scanned: _Scanned) -> Move:
    line = scene.line
    return Move(
        sku_id=line.sku_id,
        qty=qty,
        from_location_id=line.location_id,
        to_location_id=line.picked_location_id,
        reason=Reason.PICK,
        lot_id=line.lot_id,
        serial=scanned.serial,
        quality=split.quality,
        from_hu_id=split.hu_id,
        to_hu_id=scene.tote.hu_id,
        allocation_id=split.allocation_id,
        doc_kind="pick_task",
        doc_id=scene.turn.task_id,
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


def _record(scene: _Scene, poured: Sequence[tuple[SplitFacts, int]], scanned: _Scanned) -> int:
    """Write the picks; the id of the first, which names them all."""
    turn, line, tote, by = scene.turn, scene.line, scene.tote, scene.command.by
    fill_splits(scene.session, [(split.view.id, qty) for split, qty in poured])
    rows = [
        {
            "warehouse_id": turn.warehouse_id, "task_id": turn.task_id, "line_id": line.id, "split_id": split.view.id,
            "slot_no": tote.slot_no, "order_id": tote.order_id, "sku_id": line.sku_id, "lot_id": line.lot_id,
            "serial": scanned.serial, "qty": qty, "returned_qty": 0, "location_id": line.location_id,
            "hu_id": tote.hu_id, "command_id": by.command_id, "picked_by": by.user_id, "picked_at": scene.at,
            "recorded_at": scene.now,
        }
        for split, qty in poured
    ]  # fmt: skip
    connection = scene.session.connection()
    return min(connection.execute(_RECORD, row).scalar_one() for row in rows)


def _tell(scene: _Scene, pick_id: int, state: str) -> None:
    turn, line = scene.turn, scene.line
    fact = PickConfirmed(
        warehouse_id=turn.warehouse_id,
        task_id=turn.task_id,
        wave_id=turn.wave_id,
        pick_id=pick_id,
        line_id=line.id,
        line_done=state in (LineState.PICKED, LineState.SHORT),
        order_id=scene.tote.order_id,
        sku_id=line.sku_id,
        qty=scene.command.qty,
        location_id=line.location_id,
        location_code=line.location_code,
        user_id=scene.command.by.user_id or 0,
    )
    emit(scene.session, fact, now=scene.now)


def _changed_line(
    scene: _Scene, poured: Sequence[tuple[SplitFacts, int]], picked: int, state: str
) -> dict[str, Any]:
    line, more = scene.line, {split.view.id: qty for split, qty in poured}
    splits: list[dict[str, int]] = []
    for view in (split.view for split in scene.splits):
        if not view.stopped:
            filled = view.picked_qty + more.get(view.id, 0)
            add_split(splits, view.slot_no, view.order_id, (view.qty, filled, view.short_qty))
    return {
        "id": line.id, "state": state, "qty": line.qty, "picked_qty": picked, "short_qty": line.short_qty,
        "splits": splits,
    }  # fmt: skip


def _pick_entry(scene: _Scene, pick_id: int) -> dict[str, Any]:
    command = scene.command
    return {
        "id": pick_id, "command_id": command.by.command_id, "line_id": scene.line.id, "slot_no": command.slot_no,
        "qty": command.qty, "at": scene.at.isoformat(), "undone": False,
    }  # fmt: skip
