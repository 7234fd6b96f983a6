"""Close and open aisles and locations."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal, Unprocessable
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.layout.events import AisleBlocked, AisleUnblocked, LocationBlocked, LocationUnblocked
from backend.master.layout.models import Aisle, AisleStretch, Location
from backend.master.layout.queries import Place, the_place
from backend.master.layout.rules.places import VIRTUAL_KINDS


@dataclass(frozen=True, kw_only=True)
class BlockAisle(Command):
    """Both `y_from_mm` and `y_to_mm` for a stretch, neither for the whole aisle."""

    aisle_id: int
    y_from_mm: int | None = None
    y_to_mm: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class UnblockAisle(Command):
    """Opens the whole aisle, every blocked stretch included."""

    aisle_id: int


@dataclass(frozen=True, kw_only=True)
class BlockLocation(Command):
    location_id: int
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class UnblockLocation(Command):
    location_id: int


@dataclass(frozen=True)
class AisleState:
    """The aisle after the command."""

    id: int
    code: str
    blocked: bool


def block_aisle(session: Session, command: BlockAisle, *, now: datetime) -> AisleState:
    """Close an aisle or a stretch of it: routes go round it from now on. Closing a closed aisle changes nothing.

    Raises: `aisle_not_found`, `outside_scope`, `aisle_stretch`.
    """
    aisle = _the_aisle(session, command, command.aisle_id)
    stretch = _stretch(aisle, command.y_from_mm, command.y_to_mm)
    whole = stretch is None
    if whole and aisle.blocked:
        return AisleState(aisle.id, aisle.code, blocked=True)
    low, high = stretch or (aisle.y_from_mm, aisle.y_to_mm)
    if whole:
        aisle.blocked = True
    else:
        session.add(
            AisleStretch(
                warehouse_id=aisle.warehouse_id, aisle_id=aisle.id, y_from_mm=low, y_to_mm=high,
                reason=command.reason, since_at=now,
            )
        )  # fmt: skip
    session.flush()
    told = AisleBlocked(
        warehouse_id=aisle.warehouse_id, aisle_id=aisle.id, code=aisle.code, y_from_mm=low, y_to_mm=high,
        whole=whole, reason=command.reason,
    )  # fmt: skip
    emit(session, told, now=now)
    return AisleState(aisle.id, aisle.code, blocked=aisle.blocked)


def _stretch(aisle: Aisle, low: int | None, high: int | None) -> tuple[int, int] | None:
    if low is None and high is None:
        return None
    if low is None or high is None or not aisle.y_from_mm <= low <= high <= aisle.y_to_mm:
        raise Unprocessable("aisle_stretch", y_from_mm=aisle.y_from_mm, y_to_mm=aisle.y_to_mm)
    return low, high


def unblock_aisle(session: Session, command: UnblockAisle, *, now: datetime) -> AisleState:
    """Open an aisle again; opening an open one changes nothing.

    Raises: `aisle_not_found`, `outside_scope`.
    """
    aisle = _the_aisle(session, command, command.aisle_id)
    opened = session.execute(
        update(AisleStretch)
        .where(AisleStretch.aisle_id == aisle.id, AisleStretch.released_at.is_(None))
        .values(released_at=now)
    )
    if aisle.blocked or _touched(opened):
        aisle.blocked = False
        session.flush()
        emit(
            session,
            AisleUnblocked(warehouse_id=aisle.warehouse_id, aisle_id=aisle.id, code=aisle.code),
            now=now,
        )
    return AisleState(aisle.id, aisle.code, blocked=False)


def _touched(result: object) -> bool:
    return bool(getattr(result, "rowcount", 0))


def _the_aisle(session: Session, command: Command, aisle_id: int) -> Aisle:
    aisle = session.get(Aisle, aisle_id)
    if aisle is None:
        raise NotFound("aisle_not_found", aisle_id=aisle_id)
    command.by.check_warehouse(aisle.warehouse_id)
    return aisle


def block_location(session: Session, command: BlockLocation, *, now: datetime) -> Place:
    """Take a location out of use: nothing is allocated from it or put into it. Blocking it twice changes nothing.

    Raises: `location_not_found`, `outside_scope`, `location_is_virtual`.
    """
    location = _the_location(session, command, command.location_id)
    if not location.blocked:
        location.blocked = True
        session.flush()
        told = LocationBlocked(
            warehouse_id=location.warehouse_id,
            location_id=location.id,
            code=location.code,
            reason=command.reason,
        )
        emit(session, told, now=now)
    return the_place(session, location.id)


def unblock_location(session: Session, command: UnblockLocation, *, now: datetime) -> Place:
    """Take a location into use again.

    Raises: `location_not_found`, `outside_scope`, `location_is_virtual`, `location_retired`.
    """
    location = _the_location(session, command, command.location_id)
    if location.retired_at is not None:
        raise Refusal("location_retired", code=location.code)
    if location.blocked:
        location.blocked = False
        session.flush()
        told = LocationUnblocked(
            warehouse_id=location.warehouse_id, location_id=location.id, code=location.code
        )
        emit(session, told, now=now)
    return the_place(session, location.id)


def _the_location(session: Session, command: Command, location_id: int) -> Location:
    location = session.get(Location, location_id)
    if location is None:
        raise NotFound("location_not_found", location_id=location_id)
    command.by.check_warehouse(location.warehouse_id)
    if location.kind in VIRTUAL_KINDS:
        raise Refusal("location_is_virtual", code=location.code)
    return location
