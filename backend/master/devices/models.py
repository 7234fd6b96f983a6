"""Tables of devices."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Instant, Ref


class Device(Base):
    """A machine that was let in."""

    __tablename__ = "device"
    __table_args__ = (CheckConstraint("length(name) > 0", name="named"),)

    id: Mapped[Id]
    name: Mapped[str]
    kind: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    registered_at: Mapped[Instant]
    last_seen_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class Enrolment(Base):
    """A code that lets one device in for some minutes."""

    __tablename__ = "device_enrolment"
    __table_args__ = (Index("ix_device_enrolment_expires_at", "expires_at"),)

    id: Mapped[Id]
    code_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    made_by: Mapped[Ref | None]
    made_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
