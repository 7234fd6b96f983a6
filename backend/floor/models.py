"""Tables of the pool."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Instant, Ref


class FloorTask(Base):
    """A piece of work on the floor; `kind` and `ref_id` say whose and which."""

    __tablename__ = "floor_task"
    __table_args__ = (
        CheckConstraint("state IN ('open','claimed','suspended','done','cancelled')", name="state"),
        CheckConstraint("state NOT IN ('claimed','suspended') OR claimed_by IS NOT NULL", name="held"),
        Index("ix_floor_task_pool", "warehouse_id", "state", "kind", "due_at", "priority"),
        Index("ix_floor_task_holder", "claimed_by", "state"),
        Index("uq_floor_task_ref", "kind", "ref_id", unique=True),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    ref_id: Mapped[Ref]
    state: Mapped[str]
    priority: Mapped[int]
    due_at: Mapped[Instant | None]
    zone_id: Mapped[Ref | None] = mapped_column(ForeignKey("zone.id"))
    x_mm: Mapped[int]
    y_mm: Mapped[int]
    floor: Mapped[int]
    claimed_by: Mapped[Ref | None] = mapped_column(ForeignKey("app_user.id"))
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
    claimed_at: Mapped[Instant | None]
    opened_at: Mapped[Instant]
    closed_at: Mapped[Instant | None]


class Whereabouts(Base):
    """Where a person was last seen; written with every scan. Its row also serialises that person's claims."""

    __tablename__ = "whereabouts"

    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"), index=True)
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"))
    location_id: Mapped[Ref | None] = mapped_column(ForeignKey("location.id"))
    floor_task_id: Mapped[Ref | None] = mapped_column(ForeignKey("floor_task.id"))
    seen_at: Mapped[Instant]
    last_scan_at: Mapped[Instant | None]
