"""Orders that are held or cancelled while a picker has them on the cart, and the goods that must go back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.floor.use_cases import note_whereabouts
from backend.master.layout.models import Location
from backend.orders.queries import active_holds
from backend.orders.use_cases import conclude_cancellation, mark_picking
from backend.outbound.picking.events import OrderGoesOn, OrderStopped, PutBack
from backend.outbound.picking.models import Pick, PickLine, PickSplit, PickTask, PickTote, PutBackTask
from backend.outbound.picking.queries import line_facts
from backend.outbound.picking.rules import TaskState, location_matches
from backend.outbound.picking.use_cases.confirming import fill_splits
from backend.outbound.picking.use_cases.turn import Answer, Turn, answer, lock_task, set_line, take_turn
from backend.outbound.picking.use_cases.undoing import give_back
from backend.stock.use_cases import post

_LIVING = (TaskState.OPEN, TaskState.CLAIMED, TaskState.SUSPENDED)
CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class StopOrder(Command):
    """The order has been held."""

    order_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class ResumeOrder(Command):
    """The last hold of the order has been released."""

    order_id: int


@dataclass(frozen=True, kw_only=True)
class PutBackGoods(Command):
    """Goods of a stopped order lie in this bin again."""

    task_id: int
    order_id: int
    line_id: int
    qty: int
    location_code: str


@dataclass(frozen=True)
class Stopped:
    """The task that was touched, and how many pieces must return."""

    task_id: int | None
    put_backs: int


def stop_order(session: Session, command: StopOrder, *, now: datetime) -> Stopped:
    """Take the order's share out of the picker's list; what is in its tote becomes put-backs.

    An order that is in no living task is left alone, and so is one whose hold is gone by now.
    """
    tote = _tote_of(session, command.order_id)
    if tote is None or not active_holds(session, [command.order_id]).get(command.order_id):
        return Stopped(None, 0)
    turn = lock_task(session, tote.task_id)
    tote.stopped = command.reason
    session.flush()
    _set_stopped(session, turn.task_id, command.order_id, stopped=True)
    pieces = _write_put_backs(session, turn.task_id, command, now)
    if turn.picker_id is not None:
        told = OrderStopped(
            user_id=turn.picker_id, task_id=turn.task_id, order_id=command.order_id, slot_no=tote.slot_no,
            reason=command.reason, put_backs=pieces,
        )  # fmt: skip
        emit(session, told, now=now)
    if not pieces:
        _conclude(session, command.order_id, command.by, now)
    return Stopped(turn.task_id, pieces)


def resume_order(session: Session, command: ResumeOrder, *, now: datetime) -> Stopped:
    """The order's share comes back into the list; put-backs that nobody has begun are withdrawn."""
    tote = _tote_of(session, command.order_id)
    if (
        tote is None
        or tote.stopped is None
        or active_holds(session, [command.order_id]).get(command.order_id)
    ):
        return Stopped(None, 0)
    turn = lock_task(session, tote.task_id)
    tote.stopped = None
    session.flush()
    session.execute(
        update(PutBackTask)
        .where(PutBackTask.order_id == command.order_id, PutBackTask.state == "open")
        .values(state="withdrawn", done_at=now)
        .execution_options(synchronize_session=False)
    )
    _set_stopped(session, turn.task_id, command.order_id, stopped=False)
    if turn.state != TaskState.OPEN:
        mark_picking(session, [command.order_id], now=now)
    if turn.picker_id is not None:
        told = OrderGoesOn(
            user_id=turn.picker_id, task_id=turn.task_id, order_id=command.order_id, slot_no=tote.slot_no
        )
        emit(session, told, now=now)
    return Stopped(turn.task_id, 0)


def _tote_of(session: Session, order_id: int) -> PickTote | None:
    """The slot of the order in a task that is not over."""
    return session.scalars(
        select(PickTote)
        .join(PickTask, PickTask.id == PickTote.task_id)
        .where(PickTote.order_id == order_id, PickTask.state.in_(_LIVING))
        .execution_options(populate_existing=True)
    ).first()


def _set_stopped(session: Session, task_id: int, order_id: int, *, stopped: bool) -> None:
    """Take the order's splits out of their lines' sums, or back into them."""
    splits = session.scalars(
        select(PickSplit)
        .join(PickLine, PickLine.id == PickSplit.line_id)
        .where(
            PickLine.task_id == task_id, PickSplit.order_id == order_id, PickSplit.stopped.is_(not stopped)
        )
        .execution_options(populate_existing=True)
    ).all()
    for split in splits:
        split.stopped = stopped
    session.flush()
    recount(session, {split.line_id for split in splits})


def recount(session: Session, line_ids: set[int]) -> None:
    """Write the sums of lines anew from their live splits."""
    sums: dict[int, list[int]] = {line_id: [0, 0, 0] for line_id in line_ids}
    for split in session.execute(
        select(PickSplit.line_id, PickSplit.qty, PickSplit.picked_qty, PickSplit.short_qty).where(
            PickSplit.line_id.in_(line_ids), PickSplit.stopped.is_(False)
        )
    ):
        for index, value in enumerate(split[1:]):
            sums[split.line_id][index] += value
    for line_id, (qty, picked, short) in sorted(sums.items()):
        set_line(session, line_id, qty, picked, short)


def _write_put_backs(session: Session, task_id: int, command: StopOrder, now: datetime) -> int:
    """One put-back for each pick whose goods are still in the tote; how many pieces."""
    pieces = 0
    known = set(
        session.scalars(
            select(PutBackTask.pick_id).where(
                PutBackTask.order_id == command.order_id, PutBackTask.state == "open"
            )
        )
    )
    for pick in session.execute(
        select(Pick.id, Pick.line_id, Pick.sku_id, Pick.location_id, Pick.qty - Pick.returned_qty)
        .where(Pick.task_id == task_id, Pick.order_id == command.order_id, Pick.qty > Pick.returned_qty)
        .order_by(Pick.id)
    ):
        pick_id, line_id, sku_id, location_id, qty = pick
        pieces += qty
        if pick_id in known:
            continue
        session.execute(
            insert(PutBackTask).values(
                task_id=task_id, order_id=command.order_id, line_id=line_id, pick_id=pick_id, sku_id=sku_id,
                location_id=location_id, qty=qty, done_qty=0, state="open", reason=command.reason, created_at=now,
            )
        )  # fmt: skip
    return pieces


def put_back(session: Session, command: PutBackGoods, *, now: datetime) -> Answer:
    """Goods go from the tote into the bin they came from; a held order keeps its claim on them.

    When the last goods of a cancelled order are back, the order's cancellation is concluded.

    Raises:
        NotFound: `task_not_found`, `line_not_found`.
        Refusal: those of `rules.check_picker`; `nothing_to_put_back`, `wrong_bin`, `more_than_asked`.

    Transitions:
        the next put-back; none left → the line where the picker was.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    line = line_facts(session, command.task_id, command.line_id)
    waiting = _waiting(session, command)
    _check(session, waiting, command)
    _return(session, turn, waiting, command, now)
    note_whereabouts(
        session, warehouse_id=turn.warehouse_id, location_id=line.location_id, floor_task_id=turn.floor_task_id,
        by=by, now=now,
    )  # fmt: skip
    told = PutBack(
        warehouse_id=turn.warehouse_id, task_id=turn.task_id, order_id=command.order_id, sku_id=line.sku_id,
        qty=command.qty, location_id=line.location_id, user_id=by.user_id or 0,
    )  # fmt: skip
    emit(session, told, now=now)
    if not _still_waiting(session, command.order_id):
        _conclude(session, command.order_id, by, now)
    return answer(session, turn)


def _waiting(session: Session, command: PutBackGoods) -> Sequence[PutBackTask]:
    waiting = session.scalars(
        select(PutBackTask)
        .where(
            PutBackTask.task_id == command.task_id,
            PutBackTask.order_id == command.order_id,
            PutBackTask.line_id == command.line_id,
            PutBackTask.state == "open",
        )
        .order_by(PutBackTask.id)
        .execution_options(populate_existing=True)
    ).all()
    if not waiting:
        raise Refusal("nothing_to_put_back", task_id=command.task_id, order_id=command.order_id)
    return waiting


def _check(session: Session, waiting: Sequence[PutBackTask], command: PutBackGoods) -> None:
    home = session.get_one(Location, waiting[0].location_id)
    if not location_matches(command.location_code, home.code, home.check_code):
        raise Refusal("wrong_bin", expected=home.code, scanned=command.location_code)
    left = sum(each.qty - each.done_qty for each in waiting)
    if command.qty > left:
        raise Refusal("more_than_asked", qty=command.qty, left=left)


def _return(
    session: Session, turn: Turn, waiting: Sequence[PutBackTask], command: PutBackGoods, now: datetime
) -> None:
    line = line_facts(session, turn.task_id, command.line_id)
    moves, per_split = [], defaultdict[int, int](int)
    left = command.qty
    for each in waiting:
        part = min(each.qty - each.done_qty, left)
        if not part:
            continue
        left -= part
        pick = session.get_one(Pick, each.pick_id, populate_existing=True)
        moves.append(give_back(session, pick, part, line))
        pick.returned_qty += part
        each.done_qty += part
        if each.done_qty == each.qty:
            each.state, each.done_at = "done", now
        per_split[pick.split_id] -= part
    session.flush()
    post(session, moves, by=command.by, now=now)
    fill_splits(session, sorted(per_split.items()))
    recount(session, {command.line_id})


def _still_waiting(session: Session, order_id: int) -> bool:
    found = select(PutBackTask.id).where(PutBackTask.order_id == order_id, PutBackTask.state == "open")
    return session.scalar(found.limit(1)) is not None


def _conclude(session: Session, order_id: int, by: Actor, now: datetime) -> None:
    """Nothing of the order is in a tote: if its cancellation was asked for, it is cancelled now."""
    if CANCELLED in active_holds(session, [order_id]).get(order_id, ()):
        conclude_cancellation(session, [order_id], by=by, now=now)
