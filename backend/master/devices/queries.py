"""Reads about devices."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.master.devices.models import Device, Enrolment


@dataclass(frozen=True)
class DeviceRow:
    """A device as the board lists it."""

    id: int
    name: str
    kind: str
    warehouse_id: int
    registered_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class KnownDevice:
    """The device behind a token."""

    id: int
    name: str
    kind: str
    warehouse_id: int


def device_by_token(session: Session, token_hash: str) -> KnownDevice | None:
    """The enrolled device that holds the token; None when it is unknown or revoked."""
    found = session.execute(
        select(Device.id, Device.name, Device.kind, Device.warehouse_id).where(
            Device.token_hash == token_hash, Device.revoked_at.is_(None)
        )
    ).one_or_none()
    return KnownDevice(*found) if found else None


def device_name(session: Session, device_id: int | None) -> str | None:
    """The name of a device, revoked or not."""
    return None if device_id is None else session.scalar(select(Device.name).where(Device.id == device_id))


def devices(session: Session, *, by: Actor, now: datetime, revoked: bool = False) -> list[DeviceRow]:
    """The devices of the caller's warehouses; revoked ones only when asked for."""
    wanted = select(
        Device.id,
        Device.name,
        Device.kind,
        Device.warehouse_id,
        Device.registered_at,
        Device.last_seen_at,
        Device.revoked_at,
    ).order_by(Device.name, Device.id)
    if by.warehouses is not None:
        wanted = wanted.where(Device.warehouse_id.in_(by.warehouses))
    if not revoked:
        wanted = wanted.where(Device.revoked_at.is_(None))
    return [DeviceRow(*row) for row in session.execute(wanted)]


def open_enrolment(code_hash: str) -> Select[Enrolment]:
    """The enrolment behind a code."""
    return select(Enrolment).where(Enrolment.code_hash == code_hash)
