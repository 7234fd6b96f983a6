"""Warehouses: each one is born with its system locations."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, insert_once
from backend.core.errors import Refusal, Unprocessable
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.layout.events import WarehouseCreated
from backend.master.layout.models import Location, Warehouse
from backend.master.layout.rules.places import BORN_KINDS, check_code, place_code


@dataclass(frozen=True, kw_only=True)
class CreateWarehouse(Command):
    """`timezone` is an IANA name; cut-offs are given in it."""

    code: str
    name: str
    timezone: str = "UTC"


@dataclass(frozen=True)
class SavedWarehouse:
    """The warehouse that was written."""

    id: int
    code: str


def create_warehouse(session: Session, command: CreateWarehouse, *, now: datetime) -> SavedWarehouse:
    """Open a warehouse with its system locations (STAGING, PACKING, SHORTAGE, PICKED, SUPPLIER, CUSTOMER, ADJUSTMENT).

    Raises: `place_code`, `timezone_unknown`, `warehouse_exists`.
    """
    code = place_code(command.code)
    _check_timezone(command.timezone)
    if not insert_once(
        session, Warehouse, code=code, name=command.name.strip() or code, timezone=command.timezone
    ):
        raise Refusal("warehouse_exists", code=code)
    warehouse_id = session.scalars(select(Warehouse.id).where(Warehouse.code == code)).one()
    bulk_insert(session, Location, [_born(warehouse_id, kind) for kind in BORN_KINDS])
    emit(session, WarehouseCreated(warehouse_id=warehouse_id, code=code), now=now)
    return SavedWarehouse(warehouse_id, code)


def _born(warehouse_id: int, kind: str) -> dict[str, object]:
    code = kind.upper()
    return {
        "warehouse_id": warehouse_id,
        "kind": kind,
        "code": code,
        "check_code": check_code(code),
        "sellable": False,
    }


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise Unprocessable("timezone_unknown", timezone=name[:64]) from unknown
