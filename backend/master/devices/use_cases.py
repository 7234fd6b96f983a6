"""What is done with devices: offer a code, enrol, rename, revoke. No command carries a token, only its hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from backend.core.db import locked
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.devices.events import DeviceEnrolled, DeviceRenamed, DeviceRevoked, EnrolmentOffered
from backend.master.devices.models import Device, Enrolment
from backend.master.devices.queries import open_enrolment
from backend.master.devices.rules import ENROLMENT_MINUTES, LONGEST_ENROLMENT_MINUTES, Kind

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class OfferEnrolment(Command):
    """Let one device in within some minutes; `code_hash` is the fingerprint of the code that is shown."""

    warehouse_id: int
    code_hash: str
    kind: str = Kind.HANDHELD.value
    minutes: int = ENROLMENT_MINUTES


@dataclass(frozen=True)
class OfferedEnrolment:
    """An open code, without the code."""

    id: int
    warehouse_id: int
    kind: str
    expires_at: datetime


def offer_enrolment(session: Session, command: OfferEnrolment, *, now: datetime) -> OfferedEnrolment:
    """Open a one-time code.

    Raises:
        Refusal: `outside_scope`, `enrolment_too_long`.
    """
    command.by.check_warehouse(command.warehouse_id)
    if not 1 <= command.minutes <= LONGEST_ENROLMENT_MINUTES:
        raise Refusal("enrolment_too_long", minutes=command.minutes, most=LONGEST_ENROLMENT_MINUTES)
    enrolment = Enrolment(
        code_hash=command.code_hash,
        kind=Kind(command.kind).value,
        warehouse_id=command.warehouse_id,
        made_by=command.by.user_id,
        made_at=now,
        expires_at=now + timedelta(minutes=command.minutes),
    )
    session.add(enrolment)
    session.flush()
    emit(
        session,
        EnrolmentOffered(
            enrolment_id=enrolment.id, warehouse_id=command.warehouse_id, by_user_id=command.by.user_id
        ),
        now=now,
    )
    return OfferedEnrolment(enrolment.id, command.warehouse_id, enrolment.kind, enrolment.expires_at)


@dataclass(frozen=True, kw_only=True)
class EnrolDevice(Command):
    """Use a code; `token_hash` is the fingerprint of the token that the device will keep."""

    code_hash: str
    token_hash: str
    name: str
    address: str = ""


@dataclass(frozen=True)
class EnrolledDevice:
    """A device that was let in."""

    id: int
    name: str
    kind: str
    warehouse_id: int


def enrol_device(session: Session, command: EnrolDevice, *, now: datetime) -> EnrolledDevice:
    """Let a device in with a one-time code.

    Raises:
        Refusal: `enrolment_code_invalid` when the code is unknown, used or too old: one answer for all three.
    """
    enrolment = session.scalar(locked(open_enrolment(command.code_hash)))
    if enrolment is None or enrolment.used_at is not None or enrolment.expires_at <= now:
        raise Refusal("enrolment_code_invalid")
    device = Device(
        name=command.name,
        kind=enrolment.kind,
        warehouse_id=enrolment.warehouse_id,
        token_hash=command.token_hash,
        registered_at=now,
        last_seen_at=now,
    )
    session.add(device)
    session.flush()
    enrolment.used_at, enrolment.device_id = now, device.id
    emit(
        session,
        DeviceEnrolled(
            device_id=device.id,
            warehouse_id=device.warehouse_id,
            device_name=device.name,
            enrolment_id=enrolment.id,
            by_user_id=enrolment.made_by,
            address=command.address,
        ),
        now=now,
    )
    return EnrolledDevice(device.id, device.name, device.kind, device.warehouse_id)


@dataclass(frozen=True, kw_only=True)
class RenameDevice(Command):
    """Give a device another name."""

    device_id: int
    name: str


def rename_device(session: Session, command: RenameDevice, *, now: datetime) -> EnrolledDevice:
    """Name a device.

    Raises:
        Refusal: `device_not_found`, `outside_scope`.
    """
    device = _device(session, command.device_id)
    command.by.check_warehouse(device.warehouse_id)
    device.name = command.name
    emit(
        session,
        DeviceRenamed(
            device_id=device.id,
            warehouse_id=device.warehouse_id,
            device_name=device.name,
            by_user_id=command.by.user_id,
        ),
        now=now,
    )
    return EnrolledDevice(device.id, device.name, device.kind, device.warehouse_id)


@dataclass(frozen=True, kw_only=True)
class RevokeDevice(Command):
    """Shut a device out."""

    device_id: int


def revoke_device(session: Session, command: RevokeDevice, *, now: datetime) -> EnrolledDevice:
    """Shut a device out for good; whoever works on it is logged out. Doing it twice changes nothing.

    Raises:
        Refusal: `device_not_found`, `outside_scope`.
    """
    device = _device(session, command.device_id)
    command.by.check_warehouse(device.warehouse_id)
    if device.revoked_at is None:
        device.revoked_at = now
        emit(
            session,
            DeviceRevoked(
                device_id=device.id,
                warehouse_id=device.warehouse_id,
                device_name=device.name,
                by_user_id=command.by.user_id,
            ),
            now=now,
        )
    return EnrolledDevice(device.id, device.name, device.kind, device.warehouse_id)


def note_device_seen(session: Session, device_id: int, *, now: datetime) -> None:
    """Remember that the device showed itself; at most one write a minute."""
    session.execute(
        update(Device)
        .where(Device.id == device_id)
        .where(or_(Device.last_seen_at.is_(None), Device.last_seen_at <= now - SEEN_EVERY))
        .values(last_seen_at=now)
    )


def _device(session: Session, device_id: int) -> Device:
    device = session.get(Device, device_id, with_for_update=True)
    if device is None:
        raise NotFound("device_not_found", device_id=device_id)
    return device
