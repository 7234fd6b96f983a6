"""Taking picked goods back into their bin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.orders.models import SalesOrder
from backend.outbound.picking.events import PickUndone
from backend.outbound.picking.models import Pick, PickSplit, PutBackTask
from backend.outbound.picking.queries import LineFacts, line_facts, splits_of
from backend.outbound.picking.use_cases.confirming import fill_splits
from backend.outbound.picking.use_cases.turn import Answer, answer, set_line, take_turn
from backend.stock.models import Allocation, Balance, Reservation
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import post


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
    settled = update(PutBackTask).where(
        PutBackTask.pick_id.in_([pick.id for pick in picks]), PutBackTask.state == "open"
    )
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
        select(
            Allocation.id,
            Allocation.state,
            Reservation.state,
            SalesOrder.state,
            Balance.hu_id,
            Balance.quality,
        )
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
