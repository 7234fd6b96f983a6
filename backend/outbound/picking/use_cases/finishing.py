"""The cart arrives at packing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.floor import use_cases as floor
from backend.master.layout.queries import system_location
from backend.orders.models import SalesOrder, SalesOrderLine
from backend.orders.use_cases import mark_backordered, mark_picked, place_hold, record_line_picked
from backend.orders.use_cases.progress import orders_for_update
from backend.outbound.allocation.use_cases import deallocate_orders
from backend.outbound.picking.events import PickFinished
from backend.outbound.picking.models import (
    Pick,
    PickLine,
    PickSplit,
    PickTask,
    PickTote,
    PutBackTask,
    ToteInUse,
)
from backend.outbound.picking.rules import TO_DO, TaskState
from backend.outbound.picking.use_cases.turn import Answer, Turn, answer, take_turn
from backend.outbound.waves.use_cases import finish_wave
from backend.stock.models import HandlingUnit
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import MoveHandlingUnit, move_handling_unit, post


@dataclass(frozen=True, kw_only=True)
class FinishTask(Command):
    """All done: the totes stand at packing."""

    task_id: int


def finish_task(session: Session, command: FinishTask, *, now: datetime) -> Answer:
    """Orders are picked, totes and goods are at PACKING, the picker is free.

    Orders that were stopped and have nothing in their tote any more leave the task; their goods stay promised. Orders
    of which a part is missing are held: whether to send what is there, to wait or to ask, a person decides.

    Raises:
        NotFound: `task_not_found`.
        Refusal: those of `rules.check_picker`; `lines_open`, `put_back_first`.

    Transitions:
        → the next task.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    _check_lines(session, turn.task_id)
    _check_put_backs(session, turn.task_id)
    totes = session.scalars(select(PickTote).where(PickTote.task_id == turn.task_id)).all()
    picked = _orders_with_goods(session, turn.task_id)
    units = _carry_to_packing(session, turn, by, now)
    done = [tote.order_id for tote in totes if tote.order_id in picked]
    _count_lines(session, turn.task_id)
    mark_picked(session, done, by=by, now=now)
    _hold_short(session, done, by, now)
    _let_go(session, [tote.order_id for tote in totes if tote.order_id not in picked], now)
    session.execute(delete(ToteInUse).where(ToteInUse.task_id == turn.task_id))
    session.execute(
        update(PickTask)
        .where(PickTask.id == turn.task_id)
        .values(state=TaskState.DONE, finished_at=by.at(now))
        .execution_options(synchronize_session=False)
    )
    if turn.floor_task_id is not None:
        floor.finish(session, turn.floor_task_id, by=by, now=now)
    finished = PickFinished(
        warehouse_id=turn.warehouse_id, task_id=turn.task_id, wave_id=turn.wave_id, orders=len(done), units=units,
        user_id=by.user_id or 0,
    )  # fmt: skip
    emit(session, finished, now=now)
    if turn.wave_id is not None and not _wave_goes_on(session, turn.wave_id):
        finish_wave(session, turn.wave_id, now=now)
    return answer(session, turn)


def _check_lines(session: Session, task_id: int) -> None:
    left = session.scalars(
        select(PickLine.id)
        .where(PickLine.task_id == task_id, PickLine.state.in_(TO_DO))
        .order_by(PickLine.seq)
    ).all()
    if left:
        raise Refusal("lines_open", task_id=task_id, lines=len(left), line_ids=list(left[:20]))


def _check_put_backs(session: Session, task_id: int) -> None:
    waiting = session.scalar(
        select(func.count())
        .select_from(PutBackTask)
        .where(PutBackTask.task_id == task_id, PutBackTask.state == "open")
    )
    if waiting:
        raise Refusal("put_back_first", task_id=task_id, put_backs=waiting)


def _orders_with_goods(session: Session, task_id: int) -> set[int]:
    rows = session.scalars(
        select(Pick.order_id).where(Pick.task_id == task_id, Pick.qty > Pick.returned_qty).distinct()
    )
    return set(rows)


def _carry_to_packing(session: Session, turn: Turn, by: Actor, now: datetime) -> int:
    """Goods and totes move from the cart to PACKING; how many pieces."""
    origin = system_location(session, turn.warehouse_id, "picked")
    target = system_location(session, turn.warehouse_id, "packing")
    goods: dict[tuple[int, int, int, str], int] = defaultdict(int)
    for pick in session.execute(
        select(Pick.hu_id, Pick.sku_id, Pick.lot_id, Pick.serial, Pick.qty, Pick.returned_qty).where(
            Pick.task_id == turn.task_id, Pick.qty > Pick.returned_qty
        )
    ):
        goods[pick.hu_id, pick.sku_id, pick.lot_id or 0, pick.serial or ""] += pick.qty - pick.returned_qty
    moves = [
        Move(
            sku_id=sku_id, qty=qty, from_location_id=origin, to_location_id=target, reason=Reason.TRANSFER,
            lot_id=lot_id or None, serial=serial or None, from_hu_id=hu_id, to_hu_id=hu_id, doc_kind="pick_task",
            doc_id=turn.task_id,
        )
        for (hu_id, sku_id, lot_id, serial), qty in sorted(goods.items())
    ]  # fmt: skip
    post(session, moves, by=by, now=now)
    units = {key[0] for key in goods}
    lpns = session.scalars(
        select(HandlingUnit.lpn).where(HandlingUnit.id.in_(units)).order_by(HandlingUnit.id)
    )
    for lpn in lpns.all():  # the goods are there already: only the totes themselves are left to place
        move_handling_unit(session, MoveHandlingUnit(by=by, lpn=lpn, to_location_id=target), now=now)
    return sum(goods.values())


def _count_lines(session: Session, task_id: int) -> None:
    """Tell the orders how much of each of their lines was picked."""
    rows = session.execute(
        select(PickSplit.order_line_id, func.sum(PickSplit.picked_qty))
        .join(PickLine, PickLine.id == PickSplit.line_id)
        .where(PickLine.task_id == task_id, PickSplit.picked_qty > 0)
        .group_by(PickSplit.order_line_id)
        .order_by(PickSplit.order_line_id)
    ).all()
    for order_line_id, qty in rows:
        record_line_picked(session, order_line_id, int(qty))


def _hold_short(session: Session, order_ids: Sequence[int], by: Actor, now: datetime) -> None:
    lines = session.execute(
        select(
            SalesOrderLine.order_id, SalesOrderLine.line_no, SalesOrderLine.qty - SalesOrderLine.picked_qty
        )
        .where(SalesOrderLine.order_id.in_(order_ids), SalesOrderLine.picked_qty < SalesOrderLine.qty)
        .order_by(SalesOrderLine.order_id, SalesOrderLine.line_no)
    ).all()
    missing: dict[int, list[dict[str, int]]] = defaultdict(list)
    for order_id, line_no, qty in lines:
        missing[order_id].append({"line_no": line_no, "qty": qty})
    for order in orders_for_update(session, missing):
        detail = {"missing": missing[order.id]}
        place_hold(session, order, "picked_short", by=by, now=now, detail=detail)


def _let_go(session: Session, order_ids: Sequence[int], now: datetime) -> None:
    """Orders of which nothing is in a tote: stopped ones keep their promise, short ones wait for goods."""
    living = session.scalars(
        select(SalesOrder.id).where(
            SalesOrder.id.in_(order_ids), SalesOrder.state.in_(("in_wave", "picking"))
        )
    ).all()
    short = set(
        session.scalars(
            select(SalesOrderLine.order_id).where(
                SalesOrderLine.order_id.in_(living), SalesOrderLine.short_qty > 0
            )
        )
    )
    deallocate_orders(session, [each for each in living if each not in short], now=now)
    mark_backordered(session, sorted(short), now=now, reason="short_pick")


def _wave_goes_on(session: Session, wave_id: int) -> bool:
    over = (TaskState.DONE, TaskState.CANCELLED)
    going = select(PickTask.id).where(PickTask.wave_id == wave_id, PickTask.state.not_in(over)).limit(1)
    return session.scalar(going) is not None
