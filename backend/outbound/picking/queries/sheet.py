"""The task as a handheld shows it (`TaskOut`), in JSON values, built by hand because every scan answers with it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.floor.models import Whereabouts
from backend.master.catalog.models import Barcode, Sku
from backend.master.layout.models import Aisle, Location, Zone
from backend.orders.models import OrderHold, SalesOrder
from backend.outbound.picking.models import (
    Pick,
    PickLine,
    PickSplit,
    PickTask,
    PickTote,
    PutBackTask,
    ToteInUse,
)
from backend.outbound.picking.rules import LineState
from backend.outbound.waves.models import Wave
from backend.stock.models import HandlingUnit, Lot

Json = dict[str, Any]


def task_sheet(session: Session, *, by: Actor, now: datetime, task_id: int) -> Json:
    """One task with everything a picker needs, also without a network.

    Raises:
        NotFound: `task_not_found`.
        Forbidden: `outside_scope`.
    """
    sheet = sheet_of(session, task_id)
    by.check_warehouse(sheet["warehouse_id"])
    return sheet


def sheet_of(session: Session, task_id: int) -> Json:
    """The sheet, without asking who wants it. Nine statements.

    Raises:
        NotFound: `task_not_found`.
    """
    db, mine = session.connection(), {"task_id": task_id}
    task = db.execute(_TASK, mine).first()
    if task is None:
        raise NotFound("task_not_found", task_id=task_id)
    codes = _codes(db, mine)
    return {
        "id": task.id,
        "warehouse_id": task.warehouse_id,
        "state": task.state,
        "mode": task.mode,
        "wave": {"id": task.wave_id, "number": task.number} if task.number else None,
        "due_at": _iso(task.due_at),
        "picker_id": task.picker_id,
        "scan_each": task.scan_each,
        "route_mm": task.route_mm,
        "route": task.route,
        "here": _here(task),
        "totes": _totes(db, mine),
        "lines": _lines(db, mine, codes),
        "picks": _picks(db, mine),
        "put_backs": _put_backs(db, mine, codes),
        "version": task.version,
    }


_TASK = (
    select(
        PickTask.id, PickTask.warehouse_id, PickTask.state, PickTask.mode, PickTask.wave_id, PickTask.due_at,
        PickTask.picker_id, PickTask.scan_each, PickTask.route_mm, PickTask.route, PickTask.version, Wave.number,
        Location.x_mm, Location.y_mm, Location.floor,
    )
    .outerjoin(Wave, Wave.id == PickTask.wave_id)
    .outerjoin(
        Whereabouts,
        (Whereabouts.user_id == PickTask.picker_id) & (Whereabouts.warehouse_id == PickTask.warehouse_id),
    )
    .outerjoin(Location, Location.id == Whereabouts.location_id)
    .where(PickTask.id == bindparam("task_id"))
)  # fmt: skip
_TOTES = (
    select(
        PickTote.slot_no,
        PickTote.order_id,
        SalesOrder.number,
        PickTote.lpn,
        SalesOrder.state,
        OrderHold.reason,
    )
    .join(SalesOrder, SalesOrder.id == PickTote.order_id)
    .outerjoin(OrderHold, (OrderHold.order_id == SalesOrder.id) & OrderHold.released_at.is_(None))
    .where(PickTote.task_id == bindparam("task_id"))
    .order_by(PickTote.slot_no, OrderHold.reason)
)
_TOTES_IN_USE = (
    select(ToteInUse.slot_no, HandlingUnit.lpn)
    .join(HandlingUnit, HandlingUnit.id == ToteInUse.hu_id)
    .where(ToteInUse.task_id == bindparam("task_id"))
    .order_by(HandlingUnit.lpn)
)
_CODES = (
    select(Barcode.sku_id, Barcode.code, Barcode.qty)
    .where(Barcode.sku_id.in_(select(PickLine.sku_id).where(PickLine.task_id == bindparam("task_id"))))
    .order_by(Barcode.id)
)
_SPLITS = (
    select(
        PickSplit.line_id, PickSplit.slot_no, PickSplit.order_id, PickSplit.qty, PickSplit.picked_qty,
        PickSplit.short_qty,
    )
    .join(PickLine, PickLine.id == PickSplit.line_id)
    .where(PickLine.task_id == bindparam("task_id"), PickSplit.stopped.is_(False))
    .order_by(PickSplit.slot_no, PickSplit.id)
)  # fmt: skip
_PICKS = (
    select(Pick.id, Pick.command_id, Pick.line_id, Pick.slot_no, Pick.qty, Pick.picked_at, Pick.undone_at)
    .where(Pick.task_id == bindparam("task_id"))
    .order_by(Pick.id)
)
_SKU = (
    Sku.id.label("sku_id"), Sku.code.label("sku_code"), Sku.name, Sku.image_url, Sku.unit, Sku.lot_policy,
    Sku.serial_policy, Sku.fragile,
)  # fmt: skip
_LINES = (
    select(
        PickLine.id, PickLine.seq, PickLine.state, PickLine.qty, PickLine.picked_qty, PickLine.short_qty,
        Location.id.label("location_id"), Location.code, Location.check_code, Location.side, Location.level,
        Location.x_mm, Location.y_mm, Location.floor, Zone.code.label("zone"), Aisle.code.label("aisle"),
        *_SKU, Lot.code.label("lot_code"), Lot.expiry_on,
    )
    .join(Location, Location.id == PickLine.location_id)
    .outerjoin(Zone, Zone.id == Location.zone_id)
    .outerjoin(Aisle, Aisle.id == Location.aisle_id)
    .join(Sku, Sku.id == PickLine.sku_id)
    .outerjoin(Lot, Lot.id == PickLine.lot_id)
    .where(PickLine.task_id == bindparam("task_id"), PickLine.state != LineState.STOPPED)
    .order_by(PickLine.seq)
)  # fmt: skip


def _here(task: Any) -> Json | None:
    if task.x_mm is None:
        return None
    return {"x_mm": task.x_mm, "y_mm": task.y_mm, "floor": task.floor}


def _totes(db: Connection, mine: Json) -> list[Json]:
    totes: dict[int, Json] = {}
    for slot_no, order_id, number, lpn, state, reason in db.execute(_TOTES, mine).all():
        tote = totes.get(slot_no)
        if tote is None:
            tote = {
                "slot_no": slot_no, "order_id": order_id, "order_number": number, "lpn": lpn, "full_lpns": [],
                "holds": [],
            }  # fmt: skip
            if state == "cancelled":
                tote["holds"].append("cancelled")
            totes[slot_no] = tote
        if reason is not None:
            tote["holds"].append(reason)
    for slot_no, lpn in db.execute(_TOTES_IN_USE, mine).all():
        if slot_no in totes and lpn != totes[slot_no]["lpn"]:
            totes[slot_no]["full_lpns"].append(lpn)
    return list(totes.values())


def _codes(db: Connection, mine: Json) -> dict[int, list[Json]]:
    codes: dict[int, list[Json]] = defaultdict(list)
    for sku_id, code, qty in db.execute(_CODES, mine).all():
        codes[sku_id].append({"code": code, "qty": qty})
    return codes


def _lines(db: Connection, mine: Json, codes: dict[int, list[Json]]) -> list[Json]:
    splits: dict[int, list[Json]] = defaultdict(list)
    for line_id, slot_no, order_id, qty, picked, short in db.execute(_SPLITS, mine).all():
        add_split(splits[line_id], slot_no, order_id, (qty, picked, short))
    return [_line(row, codes, splits) for row in db.execute(_LINES, mine).all()]


def add_split(found: list[Json], slot_no: int, order_id: int, sums: tuple[int, int, int]) -> None:
    """Add a split's (qty, picked, short); two order lines of the same SKU are one instruction to the picker."""
    qty, picked, short = sums
    if found and found[-1]["slot_no"] == slot_no:
        found[-1]["qty"] += qty
        found[-1]["picked_qty"] += picked
        found[-1]["short_qty"] += short
        return
    split = {"slot_no": slot_no, "order_id": order_id, "qty": qty, "picked_qty": picked, "short_qty": short}
    found.append(split)


def _line(row: Sequence[Any], codes: dict[int, list[Json]], splits: dict[int, list[Json]]) -> Json:
    # Unpacked in the order of _LINES: by name it takes three times as long, and a list has a hundred lines.
    (
        id_,
        seq,
        state,
        qty,
        picked,
        short,
        location_id,
        code,
        check_code,
        side,
        level,
        x_mm,
        y_mm,
        floor,
        zone,
        aisle,
    ) = row[:16]
    lot_code, expiry_on = row[24:]
    return {
        "id": id_,
        "seq": seq,
        "state": state,
        "location": {
            "id": location_id, "code": code, "check_code": check_code, "zone": zone, "aisle": aisle, "side": side,
            "level": level, "x_mm": x_mm, "y_mm": y_mm, "floor": floor,
        },
        "sku": _sku(row[16:24], codes),
        "lot": {"code": lot_code, "expiry_on": _iso(expiry_on)} if lot_code else None,
        "qty": qty,
        "picked_qty": picked,
        "short_qty": short,
        "splits": splits.get(id_, []),
    }  # fmt: skip


def _sku(row: Sequence[Any], codes: dict[int, list[Json]]) -> Json:
    id_, code, name, image_url, unit, lot_policy, serial_policy, fragile = row
    return {
        "id": id_, "code": code, "name": name, "image_url": image_url, "unit": unit, "barcodes": codes.get(id_, []),
        "lot_policy": lot_policy, "serial_policy": serial_policy, "fragile": fragile,
    }  # fmt: skip


def _picks(db: Connection, mine: Json) -> list[Json]:
    """One entry per confirmation, even where it filled two order lines."""
    picks: dict[str, Json] = {}
    for id_, command_id, line_id, slot_no, qty, picked_at, undone_at in db.execute(_PICKS, mine).all():
        known = picks.get(command_id)
        if known:
            known["qty"] += qty
            continue
        picks[command_id] = {
            "id": id_, "command_id": command_id, "line_id": line_id, "slot_no": slot_no, "qty": qty,
            "at": picked_at.isoformat(), "undone": undone_at is not None,
        }  # fmt: skip
    return list(picks.values())


_PUT_BACKS = (
    select(
        PutBackTask.order_id, SalesOrder.number, PutBackTask.line_id, PutBackTask.location_id,
        (PutBackTask.qty - PutBackTask.done_qty).label("left"), Location.code.label("location_code"), *_SKU,
    )
    .join(SalesOrder, SalesOrder.id == PutBackTask.order_id)
    .join(Location, Location.id == PutBackTask.location_id)
    .join(Sku, Sku.id == PutBackTask.sku_id)
    .where(PutBackTask.task_id == bindparam("task_id"), PutBackTask.state == "open")
    .order_by(PutBackTask.id)
)  # fmt: skip


def _put_backs(db: Connection, mine: Json, codes: dict[int, list[Json]]) -> list[Json]:
    found: dict[tuple[int, int, int], Json] = {}
    for row in db.execute(_PUT_BACKS, mine).all():
        entry = found.setdefault(
            (row.order_id, row.line_id, row.location_id),
            {
                "order_id": row.order_id, "order_number": row.number, "line_id": row.line_id, "sku_id": row.sku_id,
                "sku": _sku(row[6:], codes), "qty": 0, "location_code": row.location_code,
            },
        )  # fmt: skip
        entry["qty"] += row.left
    return list(found.values())


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None
