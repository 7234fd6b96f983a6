"""A warehouse at work as rows: orders, waves, tasks, picks. For readers of many tables; verbs have their own tests."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.core.db import bulk_insert
from backend.floor.models import Whereabouts
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location, Warehouse
from backend.master.people.models import User
from backend.orders.models import SalesOrder, SalesOrderLine
from backend.outbound.picking.models import Pick, PickLine, PickSplit, PickTask, PickTote
from backend.outbound.waves.models import Wave, WaveStrategy
from backend.stock.models import Allocation, Balance, HandlingUnit, Reservation


@dataclass
class FloorAtWork:
    """What was laid down, by id."""

    warehouse_id: int
    user_ids: list[int]
    location_ids: list[int]
    sku_ids: list[int]
    wave_id: int
    order_ids: list[int]
    task_ids: list[int]
    line_ids: list[int]


def floor_at_work(
    session: Session,
    now: datetime,
    *,
    tasks: int = 4,
    lines: int = 5,
    picked: int = 2,
    people: int = 2,
    cut_off_at: datetime | None = None,
) -> FloorAtWork:
    """One released wave of `tasks` discrete tasks with `lines` lines each; the first `people` are claimed, and in
    them the first `picked` lines are picked, one a minute, the last of them now.
    """
    cut_off_at = cut_off_at or now + timedelta(hours=4)
    warehouse_id = _one(session, Warehouse, code="W1", name="Hall one", timezone="Asia/Shanghai")
    user_ids = bulk_insert(session, User, [_user(number, now) for number in range(people)])
    location_ids = bulk_insert(session, Location, [_bin(warehouse_id, number) for number in range(50)])
    sku_ids = bulk_insert(session, Sku, [_sku(number, now) for number in range(50)])
    strategy_id = _one(session, WaveStrategy, **_strategy(warehouse_id))
    wave_id = _one(session, Wave, **_wave(warehouse_id, strategy_id, now, cut_off_at, tasks, lines))
    order_ids = bulk_insert(
        session, SalesOrder, [_order(warehouse_id, number, now, cut_off_at, lines) for number in range(tasks)]
    )
    tote_ids = bulk_insert(session, HandlingUnit, [
        {"lpn": f"TOTE-{number:05}", "kind": "tote", "warehouse_id": warehouse_id, "created_at": now}
        for number in range(tasks)
    ])  # fmt: skip
    task_ids = bulk_insert(session, PickTask, [
        _task(warehouse_id, wave_id, number, user_ids[number] if number < people else None, now, cut_off_at)
        for number in range(tasks)
    ])  # fmt: skip
    bulk_insert(session, PickTote, [
        {"task_id": task_id, "slot_no": 1, "order_id": order_id, "hu_id": tote_id, "lpn": None, "bound_at": now}
        for task_id, order_id, tote_id in zip(task_ids, order_ids, tote_ids, strict=True)
    ])  # fmt: skip
    at_work = FloorAtWork(warehouse_id, user_ids, location_ids, sku_ids, wave_id, order_ids, task_ids, [])
    _lines(session, at_work, tote_ids, lines=lines, picked=picked, people=people, now=now)
    session.add_all(
        Whereabouts(
            user_id=user_id,
            warehouse_id=warehouse_id,
            location_id=location_ids[0],
            seen_at=now,
            last_scan_at=now,
        )
        for user_id in user_ids
    )
    return at_work


def _lines(
    session: Session,
    floor: FloorAtWork,
    tote_ids: list[int],
    *,
    lines: int,
    picked: int,
    people: int,
    now: datetime,
) -> None:
    every = [(task, seq) for task in range(len(floor.task_ids)) for seq in range(lines)]
    done = {(task, seq) for task, seq in every if task < people and seq < picked}
    place = [
        (floor.location_ids[(task + seq) % 50], floor.sku_ids[(task * 7 + seq) % 50]) for task, seq in every
    ]
    order_line_ids = bulk_insert(session, SalesOrderLine, [
        {
            "order_id": floor.order_ids[task], "line_no": seq + 1, "sku_id": sku_id, "qty": 2, "reserved_qty": 2,
            "picked_qty": 2 if (task, seq) in done else 0, "short_qty": 0, "source_code": "", "price_minor": 0,
            "currency": "CNY",
        }
        for (task, seq), (_, sku_id) in zip(every, place, strict=True)
    ])  # fmt: skip
    floor.line_ids = bulk_insert(session, PickLine, [
        {
            "task_id": floor.task_ids[task], "seq": seq, "location_id": location_id, "sku_id": sku_id, "qty": 2,
            "picked_qty": 2 if (task, seq) in done else 0, "short_qty": 0,
            "state": "picked" if (task, seq) in done else "open",
        }
        for (task, seq), (location_id, sku_id) in zip(every, place, strict=True)
    ])  # fmt: skip
    allocation_id = _allocation(session, floor, now)
    split_ids = bulk_insert(session, PickSplit, [
        {
            "line_id": line_id, "slot_no": 1, "order_id": floor.order_ids[task], "order_line_id": order_line_id,
            "allocation_id": allocation_id, "qty": 2, "picked_qty": 2 if (task, seq) in done else 0, "short_qty": 0,
            "stopped": False,
        }
        for (task, seq), line_id, order_line_id in zip(every, floor.line_ids, order_line_ids, strict=True)
    ])  # fmt: skip
    bulk_insert(session, Pick, [
        {
            "warehouse_id": floor.warehouse_id, "task_id": floor.task_ids[task], "line_id": line_id,
            "split_id": split_id, "slot_no": 1, "order_id": floor.order_ids[task], "sku_id": sku_id, "qty": 2,
            "returned_qty": 0, "location_id": location_id, "hu_id": tote_ids[task], "command_id": f"pick-{split_id}",
            "picked_by": floor.user_ids[task], "picked_at": now - timedelta(minutes=picked - 1 - seq),
            "recorded_at": now,
        }
        for (task, seq), (location_id, sku_id), line_id, split_id in zip(
            every, place, floor.line_ids, split_ids, strict=True
        )
        if (task, seq) in done
    ])  # fmt: skip


def _one(session: Session, model: Any, **values: Any) -> int:
    return bulk_insert(session, model, [values])[0]


def _user(number: int, now: datetime) -> dict[str, Any]:
    return {
        "login": f"picker-{number}", "name": f"Picker {number}", "language": "en", "jobs": [], "every_warehouse": True,
        "every_shop": True, "every_owner": True, "active": True, "created_at": now,
    }  # fmt: skip


def _bin(warehouse_id: int, number: int) -> dict[str, Any]:
    return {
        "warehouse_id": warehouse_id, "kind": "bin", "code": f"A-01-{number:03}", "check_code": "7K", "side": "L",
        "x_mm": 1000 * number, "y_mm": 0, "floor": 0, "level": 1, "pick_seq": number, "blocked": False,
        "sellable": True,
    }  # fmt: skip


def _sku(number: int, now: datetime) -> dict[str, Any]:
    return {"code": f"SKU-{number:03}", "name": f"Thing {number}", "changed_at": now}


def _strategy(warehouse_id: int) -> dict[str, Any]:
    lists = ("shops", "carriers", "zones", "tags", "lanes", "group_by", "trigger_times")
    return {
        "warehouse_id": warehouse_id, "name": "All", "enabled": True, "priority": 0, "pick_mode": "discrete",
        "print_timing": "none", "scan_mode": "quantity", "cart_totes": 1, "trigger": "manual", "plan_seconds": 1,
    } | {name: [] for name in lists}  # fmt: skip


def _wave(
    warehouse_id: int, strategy_id: int, now: datetime, due_at: datetime, tasks: int, lines: int
) -> dict[str, Any]:
    return {
        "number": "W-000001", "warehouse_id": warehouse_id, "strategy_id": strategy_id, "state": "released",
        "mode": "discrete", "scan_each": False, "print_timing": "none", "priority": 0, "due_at": due_at, "cart": {},
        "auto_release": False, "orders": tasks, "lines": tasks * lines, "units": 2 * tasks * lines, "weight_g": 0,
        "volume_mm3": 0, "plan_stop": False, "composed_at": now, "released_at": now,
    }  # fmt: skip


def _order(warehouse_id: int, number: int, now: datetime, cut_off_at: datetime, lines: int) -> dict[str, Any]:
    return {
        "number": f"O-{number:06}", "shop": "demo", "external_no": str(number), "warehouse_id": warehouse_id,
        "state": "picking", "priority": 0, "carrier": "SF", "placed_at": now, "cut_off_at": cut_off_at, "tags": [],
        "customer_ref": "", "country": "", "ship_to": {}, "note": "", "line_count": lines, "units": 2 * lines,
        "weight_g": 0, "volume_mm3": 0, "content": {}, "hash": "", "wait_reason": "",
        "imported_at": now, "state_at": now,
    }  # fmt: skip


def _task(
    warehouse_id: int, wave_id: int, number: int, picker_id: int | None, now: datetime, due_at: datetime
) -> dict[str, Any]:
    return {
        "wave_id": wave_id, "warehouse_id": warehouse_id, "mode": "discrete", "scan_each": False,
        "state": "claimed" if picker_id else "open", "picker_id": picker_id, "past_picker_ids": [], "due_at": due_at,
        "route_mm": 100_000, "route": [], "version": 1, "created_at": now, "started_at": now if picker_id else None,
    }  # fmt: skip


def _allocation(session: Session, floor: FloorAtWork, now: datetime) -> int:
    """One allocation stands for all: readers do not follow it."""
    sku_id, location_id = floor.sku_ids[0], floor.location_ids[0]
    balance_id = _one(
        session, Balance, key="all", warehouse_id=floor.warehouse_id, location_id=location_id, sku_id=sku_id,
        quality="good", on_hand=100_000, reserved=0,
    )  # fmt: skip
    reservation_id = _one(
        session, Reservation, warehouse_id=floor.warehouse_id, sku_id=sku_id, qty=1, taken_qty=0, doc_kind="order",
        doc_id=0, state="active", created_at=now, command_id="all",
    )  # fmt: skip
    return _one(
        session, Allocation, reservation_id=reservation_id, balance_id=balance_id, location_id=location_id,
        sku_id=sku_id, qty=1, picked_qty=0, state="open", created_at=now,
    )  # fmt: skip
