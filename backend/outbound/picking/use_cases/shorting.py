"""A bin without the goods: the book is put right, other bins are tried, the route is walked anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.floor.use_cases import note_whereabouts
from backend.master.layout.models import Location
from backend.master.layout.queries import system_location
from backend.orders.use_cases import record_line_short
from backend.outbound.allocation.use_cases import Need, allocate_needs
from backend.outbound.picking.events import ReplenishmentWanted, ShortPicked
from backend.outbound.picking.models import PickLine, PickSplit, ShortPick
from backend.outbound.picking.queries import LineFacts, SplitFacts, line_facts, splits_of
from backend.outbound.picking.queries.promises import promised_beyond, promised_without_bin
from backend.outbound.picking.rules import CLEARS_BIN, TO_DO, LineState, ShortReason, SplitView, spread_short
from backend.outbound.picking.use_cases.rerouting import reroute
from backend.outbound.picking.use_cases.turn import Answer, Turn, answer, set_line, take_turn
from backend.stock.models import Allocation, Balance
from backend.stock.rules import DEFECTIVE, GOOD, Move, Reason
from backend.stock.use_cases import deallocate, open_reservations, post_loss, shrink_reservations


@dataclass(frozen=True, kw_only=True)
class PickShort(Command):
    """`qty` pieces of the line are not to be had here."""

    task_id: int
    line_id: int
    qty: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Missing:
    """Pieces that one split lacks."""

    split: SplitFacts
    qty: int


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the picker stands before: the command, and what the books say about it."""

    session: Session
    command: PickShort
    turn: Turn
    line: LineFacts
    missing: Sequence[_Missing]
    now: datetime


def short_pick(session: Session, command: PickShort, *, now: datetime) -> Answer:
    """What the book has in the bin beyond other pickers' goods goes to SHORTAGE; other bins fill the gap if they can.

    Pieces that no bin can give are short on their order line. For `blocked` the goods are believed to be there, and the
    book stays as it is; for `damaged` only the missing pieces go, as defective.

    Raises:
        NotFound: `task_not_found`, `line_not_found`.
        Refusal: those of `rules.check_picker`; `line_already_done`, `more_than_asked`.

    Transitions:
        → the next line of the new route, which may be a new line in another bin.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    line = line_facts(session, command.task_id, command.line_id)
    splits = {split.view.id: split for split in splits_of(session, line.id)}
    views = [split.view for split in splits.values()]
    missing = [_Missing(splits[view.id], qty) for view, qty in _missing(line, views, command.qty)]
    deallocate(session, {each.split.allocation_id: each.qty for each in missing})
    scene = _Scene(session, command, turn, line, missing, now)
    book = _correct_book(scene)
    replaced = _other_bins(scene)
    lost = _give_up(session, missing, replaced, now)
    _mark_short(session, line, missing, command.qty)
    _record(scene, book, sum(replaced.values()))
    note_whereabouts(
        session, warehouse_id=turn.warehouse_id, location_id=line.location_id, floor_task_id=turn.floor_task_id,
        by=by, now=now,
    )  # fmt: skip
    reroute(session, turn.task_id, turn.warehouse_id, line.location_id)
    wanted = ReplenishmentWanted(
        warehouse_id=turn.warehouse_id, sku_id=line.sku_id, location_id=line.location_id, missing=lost,
        reason=command.reason,
    )  # fmt: skip
    emit(session, wanted, now=now)
    return answer(session, turn, tone="warn")


def _missing(line: LineFacts, views: Sequence[SplitView], qty: int) -> tuple[tuple[SplitView, int], ...]:
    left = sum(view.left for view in views)
    if not left:
        raise Refusal("line_already_done", line_id=line.id, state=line.state, put_back_to=line.location_code)
    if qty > left:
        raise Refusal("more_than_asked", qty=qty, left=left)
    return spread_short(views, qty)


def _correct_book(scene: _Scene) -> int:
    """Move what is not there to SHORTAGE; how many pieces the book lost."""
    session, command, turn, line = scene.session, scene.command, scene.turn, scene.line
    if command.reason == ShortReason.BLOCKED:
        return 0
    rows = session.execute(
        select(Balance.id, Balance.hu_id, Balance.on_hand - Balance.reserved)
        .where(
            Balance.location_id == line.location_id,
            Balance.sku_id == line.sku_id,
            Balance.lot_id.is_(None) if line.lot_id is None else Balance.lot_id == line.lot_id,
            Balance.quality == GOOD,
        )
        .order_by(Balance.id)
    ).all()
    limit = None if command.reason in CLEARS_BIN else command.qty
    shortage = system_location(session, turn.warehouse_id, "shortage")
    moves = []
    for _, hu_id, free in rows:
        qty = free if limit is None else min(free, limit)
        if qty <= 0:
            continue
        limit = None if limit is None else limit - qty
        moves.append(
            Move(
                sku_id=line.sku_id, qty=qty, from_location_id=line.location_id, to_location_id=shortage,
                reason=Reason.SHORT, lot_id=line.lot_id, from_hu_id=hu_id,
                to_quality=DEFECTIVE if command.reason == ShortReason.DAMAGED else None, doc_kind="pick_task",
                doc_id=turn.task_id, note=command.reason,
            )
        )  # fmt: skip
    lost = sum(move.qty for move in moves)
    if moves:
        spare = frozenset(each.split.reservation_id for each in scene.missing)
        _yield_to_allocated(scene, lost)
        post_loss(session, moves, by=command.by, now=scene.now, spare=spare)
    return lost


def _yield_to_allocated(scene: _Scene, lost: int) -> None:
    """Orders that stand before no bin yet lose their promise first, then the order that is short here.

    Without this, the loss could take the promise of another order for which goods are already held at a bin.
    """
    session, turn, line = scene.session, scene.turn, scene.line
    mine = {each.split.reservation_id for each in scene.missing}
    excess = promised_beyond(session, turn.warehouse_id, line.sku_id, lost)
    excess -= promised_without_bin(session, turn.warehouse_id, line.sku_id, besides=mine)
    cuts: dict[int, int] = {}
    for each in scene.missing:
        part = min(each.qty, max(excess, 0))
        if part:
            excess -= part
            cuts[each.split.reservation_id] = cuts.get(each.split.reservation_id, 0) + part
    shrink_reservations(session, cuts, now=scene.now)


def _other_bins(scene: _Scene) -> dict[int, int]:
    """Hold the missing pieces at other bins and write lines for them; pieces per split that were found."""
    session, turn, line = scene.session, scene.turn, scene.line
    promised = {
        each: known.unallocated
        for each, known in open_reservations(
            session, {each.split.reservation_id for each in scene.missing}
        ).items()
    }
    needs, owners = [], []
    for each in scene.missing:
        reservation_id = each.split.reservation_id
        qty = min(each.qty, promised.get(reservation_id, 0))
        if qty:
            promised[reservation_id] -= qty
            needs.append(Need(each.split.view.order_id, reservation_id, line.sku_id, qty))
            owners.append(each.split)
    found = allocate_needs(
        session, turn.warehouse_id, needs, by=scene.command.by, now=scene.now, near=_next_places(session, turn.task_id),
        avoid=(line.location_id,),
    )  # fmt: skip
    rows = session.execute(
        select(
            Allocation.id,
            Allocation.reservation_id,
            Allocation.location_id,
            Allocation.lot_id,
            Allocation.qty,
        )
        .where(Allocation.id.in_(found.allocation_ids))
        .order_by(Allocation.id)
    ).all()
    for row in rows:
        split = next(each for each in owners if each.reservation_id == row.reservation_id)
        line_id = _line_at(session, turn.task_id, line.sku_id, row.location_id, row.lot_id)
        _add_split(session, line_id, split, row.id, row.qty)
    return {
        split.view.id: need.qty - lacking
        for split, need, lacking in zip(owners, needs, found.missing, strict=True)
    }


def _next_places(session: Session, task_id: int) -> list[tuple[int, int, int]]:
    """Where the picker goes anyway."""
    rows = session.execute(
        select(Location.x_mm, Location.y_mm, Location.floor)
        .join(PickLine, PickLine.location_id == Location.id)
        .where(PickLine.task_id == task_id, PickLine.state.in_(TO_DO))
    )
    return [(row.x_mm, row.y_mm, row.floor) for row in rows]


def _line_at(session: Session, task_id: int, sku_id: int, location_id: int, lot_id: int | None) -> int:
    """The task's line at that bin, opened at the end of the route when there is none."""
    same_lot = PickLine.lot_id.is_(None) if lot_id is None else PickLine.lot_id == lot_id
    known = session.scalar(
        select(PickLine.id).where(
            PickLine.task_id == task_id, PickLine.sku_id == sku_id, PickLine.location_id == location_id, same_lot,
            PickLine.state.in_(TO_DO),
        )
    )  # fmt: skip
    if known is not None:
        return known
    last = session.scalar(select(func.max(PickLine.seq)).where(PickLine.task_id == task_id)) or 0
    return session.execute(
        insert(PickLine)
        .values(
            task_id=task_id, seq=last + 1, location_id=location_id, sku_id=sku_id, lot_id=lot_id, qty=0, picked_qty=0,
            short_qty=0, state=LineState.STOPPED,
        )
        .returning(PickLine.id)
    ).scalar_one()  # fmt: skip


def _add_split(session: Session, line_id: int, like: SplitFacts, allocation_id: int, qty: int) -> None:
    session.execute(
        insert(PickSplit).values(
            line_id=line_id, slot_no=like.view.slot_no, order_id=like.view.order_id, order_line_id=like.order_line_id,
            allocation_id=allocation_id, qty=qty, picked_qty=0, short_qty=0, stopped=False,
        )
    )  # fmt: skip
    line = session.execute(
        select(PickLine.qty, PickLine.picked_qty, PickLine.short_qty).where(PickLine.id == line_id)
    ).one()
    set_line(session, line_id, line.qty + qty, line.picked_qty, line.short_qty)


def _give_up(
    session: Session, missing: Sequence[_Missing], replaced: Mapping[int, int], now: datetime
) -> int:
    """Pieces that no bin can give lose their promise and are short on their order line; how many."""
    gaps = {each.split.view.id: each.qty - replaced.get(each.split.view.id, 0) for each in missing}
    open_ones = open_reservations(session, {each.split.reservation_id for each in missing})
    free = {each: known.unallocated for each, known in open_ones.items()}
    cuts: dict[int, int] = {}
    for each in missing:
        gap = gaps[each.split.view.id]
        if not gap:
            continue
        record_line_short(session, each.split.order_line_id, gap)
        cut = min(gap, free.get(each.split.reservation_id, 0))
        if cut:
            free[each.split.reservation_id] -= cut
            cuts[each.split.reservation_id] = cuts.get(each.split.reservation_id, 0) + cut
    shrink_reservations(session, cuts, now=now)
    return sum(gaps.values())


_SHORT_SPLIT = (
    update(PickSplit)
    .where(PickSplit.id == bindparam("b_id"))
    .values(short_qty=PickSplit.short_qty + bindparam("b_qty"))
    .execution_options(synchronize_session=False)
)


def _mark_short(session: Session, line: LineFacts, missing: Sequence[_Missing], qty: int) -> None:
    rows = [{"b_id": each.split.view.id, "b_qty": each.qty} for each in missing]
    session.connection().execute(_SHORT_SPLIT, rows)
    set_line(session, line.id, line.qty, line.picked_qty, line.short_qty + qty)


def _record(scene: _Scene, book: int, replaced: int) -> None:
    session, command, turn, line = scene.session, scene.command, scene.turn, scene.line
    by = command.by
    session.execute(
        insert(ShortPick).values(
            task_id=turn.task_id, line_id=line.id, location_id=line.location_id, sku_id=line.sku_id, qty=command.qty,
            replaced_qty=replaced, book_qty=book, reason=command.reason, user_id=by.user_id, at=by.at(scene.now),
        )
    )  # fmt: skip
    told = ShortPicked(
        warehouse_id=turn.warehouse_id, task_id=turn.task_id, wave_id=turn.wave_id, line_id=line.id,
        sku_id=line.sku_id, location_id=line.location_id, location_code=line.location_code, qty=command.qty,
        replaced=replaced, reason=command.reason, user_id=by.user_id or 0,
    )  # fmt: skip
    emit(session, told, now=scene.now)
