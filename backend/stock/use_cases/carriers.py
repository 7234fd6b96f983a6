"""What goods are known by: lots, and handling units that stand, nest and travel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.db import insert_once
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Actor, Command
from backend.master.layout.models import Location
from backend.stock.models import Balance, HandlingUnit, Lot
from backend.stock.rules import Move, Reason
from backend.stock.use_cases.ledger import post

_DEEPEST_NESTING = 5


def ensure_lot(
    session: Session, sku_id: int, code: str, *, expiry_on: date | None = None, mfg_on: date | None = None
) -> int:
    """The lot of that number, opened when it is new; dates that were unknown are filled in.

    Raises:
        Refusal: lot_dates_differ when the lot is known with another expiry or manufacturing date.
    """
    insert_once(session, Lot, sku_id=sku_id, code=code, expiry_on=expiry_on, mfg_on=mfg_on)
    lot = session.scalars(select(Lot).where(Lot.sku_id == sku_id, Lot.code == code)).one()
    for name, given in (("expiry_on", expiry_on), ("mfg_on", mfg_on)):
        known = getattr(lot, name)
        if known is not None and given is not None and known != given:
            raise Refusal("lot_dates_differ", lot_code=code, field=name, known=known, given=given)
        if known is None and given is not None:
            setattr(lot, name, given)
    session.flush()
    return lot.id


def ensure_handling_unit(
    session: Session,
    lpn: str,
    *,
    kind: str,
    warehouse_id: int,
    now: datetime,
    location_id: int | None = None,
) -> int:
    """The handling unit with that number, opened when it is new.

    Raises:
        Refusal: handling_unit_elsewhere when it belongs to another warehouse, handling_unit_is_other_kind.
    """
    insert_once(
        session,
        HandlingUnit,
        lpn=lpn,
        kind=kind,
        warehouse_id=warehouse_id,
        parent_id=None,
        location_id=location_id,
        created_at=now,
    )
    unit = session.scalars(select(HandlingUnit).where(HandlingUnit.lpn == lpn)).one()
    if unit.warehouse_id != warehouse_id:
        raise Refusal("handling_unit_elsewhere", lpn=lpn)
    if unit.kind != kind:
        raise Refusal("handling_unit_is_other_kind", lpn=lpn, known=unit.kind, given=kind)
    return unit.id


@dataclass(frozen=True, kw_only=True)
class NestHandlingUnit(Command):
    """Put a handling unit into another one, or take it out (`parent_lpn` None)."""

    lpn: str
    parent_lpn: str | None


@dataclass(frozen=True)
class UnitPlace:
    """Where a handling unit is now."""

    id: int
    lpn: str
    parent_id: int | None
    location_id: int | None


def nest_handling_unit(session: Session, command: NestHandlingUnit, *, now: datetime) -> UnitPlace:
    """Nest or un-nest; both must stand at the same place, and no unit may end up inside itself.

    Raises:
        Refusal: handling_unit_not_found, handling_unit_in_itself, handling_unit_not_at_place, nested_too_deep.
    """
    unit = unit_by_lpn(session, command.lpn)
    command.by.check_warehouse(unit.warehouse_id)
    if command.parent_lpn is None:
        unit.parent_id = None
    else:
        parent = unit_by_lpn(session, command.parent_lpn)
        if unit.id in _line_of_parents(session, parent):
            raise Refusal("handling_unit_in_itself", lpn=unit.lpn)
        if unit.location_id != parent.location_id:
            raise Refusal("handling_unit_not_at_place", lpn=unit.lpn, parent=parent.lpn)
        unit.parent_id = parent.id
    session.flush()
    return UnitPlace(unit.id, unit.lpn, unit.parent_id, unit.location_id)


def unit_by_lpn(session: Session, lpn: str) -> HandlingUnit:
    """The handling unit of that number.

    Raises:
        NotFound: handling_unit_not_found.
    """
    unit = session.scalars(select(HandlingUnit).where(HandlingUnit.lpn == lpn)).one_or_none()
    if unit is None:
        raise NotFound("handling_unit_not_found", lpn=lpn)
    return unit


def _line_of_parents(session: Session, unit: HandlingUnit) -> set[int]:
    line = {unit.id}
    while unit.parent_id is not None:
        if len(line) > _DEEPEST_NESTING:
            raise Refusal("nested_too_deep", lpn=unit.lpn, most=_DEEPEST_NESTING)
        unit = session.get_one(HandlingUnit, unit.parent_id)
        line.add(unit.id)
    return line


@dataclass(frozen=True, kw_only=True)
class MoveHandlingUnit(Command):
    """Carry a handling unit, with all that is in it, to another location of its warehouse."""

    lpn: str
    to_location_id: int


def move_handling_unit(session: Session, command: MoveHandlingUnit, *, now: datetime) -> UnitPlace:
    """One ledger line per balance inside, nested units included; the unit leaves the parent it stood in.

    Raises:
        Refusal: handling_unit_not_found, location_not_found, not_enough_stock when goods in it are allocated.
    """
    unit = unit_by_lpn(session, command.lpn)
    command.by.check_warehouse(unit.warehouse_id)
    target = session.get(Location, command.to_location_id)
    if target is None or target.warehouse_id != unit.warehouse_id:
        raise NotFound("location_not_found", location_id=command.to_location_id)
    inside = with_all_inside(session, [unit.id])
    post(session, carry(session, inside, target.id, by=command.by), by=command.by, now=now)
    session.execute(update(HandlingUnit).where(HandlingUnit.id.in_(inside)).values(location_id=target.id))
    unit.parent_id, unit.location_id = None, target.id
    session.flush()
    return UnitPlace(unit.id, unit.lpn, unit.parent_id, unit.location_id)


def with_all_inside(session: Session, unit_ids: Iterable[int]) -> set[int]:
    """These units and every unit nested in them."""
    found, layer = set(unit_ids), set(unit_ids)
    while layer:
        layer = set(session.scalars(select(HandlingUnit.id).where(HandlingUnit.parent_id.in_(layer)))) - found
        found |= layer
    return found


def carry(session: Session, unit_ids: Iterable[int], to_location_id: int, *, by: Actor) -> list[Move]:
    """The moves that take everything in these units to a location."""
    rows = session.scalars(
        select(Balance).where(
            Balance.hu_id.in_(list(unit_ids)), Balance.on_hand > 0, Balance.location_id != to_location_id
        )
    )
    return [
        Move(
            sku_id=row.sku_id,
            qty=row.on_hand,
            from_location_id=row.location_id,
            to_location_id=to_location_id,
            reason=Reason.TRANSFER,
            lot_id=row.lot_id,
            quality=row.quality,
            from_hu_id=row.hu_id,
            to_hu_id=row.hu_id,
            doc_kind="handling_unit",
            doc_id=row.hu_id or 0,
        )
        for row in rows
    ]
