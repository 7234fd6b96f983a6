"""Which tote stands in which slot of the cart."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.db import insert_once
from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.layout.queries import system_location
from backend.outbound.picking.events import ToteBound
from backend.outbound.picking.models import PickTote, ToteInUse
from backend.outbound.picking.queries import tote_facts
from backend.outbound.picking.use_cases.turn import Answer, answer, take_turn
from backend.stock.models import Balance
from backend.stock.use_cases import MoveHandlingUnit, ensure_handling_unit, move_handling_unit


@dataclass(frozen=True, kw_only=True)
class BindTote(Command):
    """The scanned tote stands in this slot. `further`: the one before is full and stays with its goods."""

    task_id: int
    slot_no: int
    lpn: str
    further: bool = False


def bind_tote(session: Session, command: BindTote, *, now: datetime) -> Answer:
    """One free tote for one order, or a further one when the first is full; later picks go into the newest.

    The same tote in the same slot again changes nothing.

    Raises:
        NotFound: `task_not_found`, `slot_not_found`.
        Refusal: those of `rules.check_picker`; `slot_has_tote` (another one, with goods in it), `tote_in_use`,
            `tote_not_empty`, `handling_unit_elsewhere`, `handling_unit_is_other_kind`.

    Transitions:
        the next slot without a tote; none left → the first line.
    """
    by = command.by
    turn = take_turn(session, command.task_id, by)
    tote = tote_facts(session, command.task_id, command.slot_no)
    lpn = command.lpn.strip().upper()
    hu_id = ensure_handling_unit(session, lpn, kind="tote", warehouse_id=turn.warehouse_id, now=now)
    if tote.hu_id == hu_id:
        return answer(session, turn)
    if tote.hu_id is not None:
        _leave_slot(session, tote.hu_id, tote.slot_no, tote.lpn, further=command.further)
    if _has_goods(session, hu_id):
        raise Refusal("tote_not_empty", lpn=lpn)
    if not insert_once(session, ToteInUse, hu_id=hu_id, task_id=turn.task_id, slot_no=command.slot_no):
        taken = session.get_one(ToteInUse, hu_id)
        raise Refusal("tote_in_use", lpn=lpn, task_id=taken.task_id, slot_no=taken.slot_no)
    cart = system_location(session, turn.warehouse_id, "picked")
    move_handling_unit(session, MoveHandlingUnit(by=by, lpn=lpn, to_location_id=cart), now=now)
    session.execute(
        update(PickTote)
        .where(PickTote.id == tote.id)
        .values(hu_id=hu_id, lpn=lpn, bound_at=by.at(now))
        .execution_options(synchronize_session=False)
    )
    bound = ToteBound(
        warehouse_id=turn.warehouse_id,
        task_id=turn.task_id,
        slot_no=tote.slot_no,
        lpn=lpn,
        user_id=by.user_id or 0,
    )
    emit(session, bound, now=now)
    return answer(session, turn)


def _leave_slot(session: Session, hu_id: int, slot_no: int, lpn: str | None, *, further: bool) -> None:
    """An empty tote is free again; one with goods stays on the cart, and only on purpose."""
    if _has_goods(session, hu_id):
        if not further:
            raise Refusal("slot_has_tote", slot_no=slot_no, lpn=lpn)
        return
    held = session.get(ToteInUse, hu_id)
    if held is not None:
        session.delete(held)
        session.flush()


def _has_goods(session: Session, hu_id: int) -> bool:
    lies = select(Balance.id).where(Balance.hu_id == hu_id, Balance.on_hand > 0).limit(1)
    return session.scalar(lies) is not None
