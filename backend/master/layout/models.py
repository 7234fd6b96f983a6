"""Tables of the layout."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigInt, Id, Instant, Ref


class Warehouse(Base):
    """A building, or a part of one, with its own stock."""

    __tablename__ = "warehouse"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str]
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")


class Zone(Base):
    """Bins with one purpose."""

    __tablename__ = "zone"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        CheckConstraint(
            "kind IN ('pick', 'reserve', 'staging', 'packing', 'returns', 'defect')", name="kind"
        ),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10))


class Aisle(Base):
    """Runs along y at `x_mm`. `up` may only be walked towards larger y. `blocked`: nobody enters at all."""

    __tablename__ = "aisle"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        CheckConstraint("y_from_mm < y_to_mm", name="length"),
        CheckConstraint("direction IN ('both', 'up', 'down')", name="direction"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str] = mapped_column(String(40))
    floor: Mapped[int] = mapped_column(default=0)
    number: Mapped[int]
    x_mm: Mapped[int]
    y_from_mm: Mapped[int]
    y_to_mm: Mapped[int]
    direction: Mapped[str] = mapped_column(String(4), default="both")
    blocked: Mapped[bool] = mapped_column(default=False)


class AisleStretch(Base):
    """A part of an aisle that nobody may enter until it is released."""

    __tablename__ = "aisle_stretch"
    __table_args__ = (
        Index("ix_aisle_stretch_warehouse_id", "warehouse_id", "released_at"),
        CheckConstraint("y_from_mm <= y_to_mm", name="length"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    aisle_id: Mapped[Ref] = mapped_column(ForeignKey("aisle.id"))
    y_from_mm: Mapped[int]
    y_to_mm: Mapped[int]
    reason: Mapped[str]
    since_at: Mapped[Instant]
    released_at: Mapped[Instant | None]


class CrossAisle(Base):
    """Runs along x at `y_mm`, from the first to the last aisle of its floor."""

    __tablename__ = "cross_aisle"
    __table_args__ = (UniqueConstraint("warehouse_id", "floor", "y_mm"),)

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    floor: Mapped[int] = mapped_column(default=0)
    y_mm: Mapped[int]


class Lift(Base):
    """Joins floors; `cost_mm` is the price of one floor in mm of walking."""

    __tablename__ = "lift"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        CheckConstraint("floor_from < floor_to AND cost_mm >= 0", name="floors"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    code: Mapped[str] = mapped_column(String(40))
    x_mm: Mapped[int]
    y_mm: Mapped[int]
    floor_from: Mapped[int]
    floor_to: Mapped[int]
    cost_mm: Mapped[int]


class RoutePoint(Base):
    """Where walks begin (`start`), end (`end`) or both (`depot`)."""

    __tablename__ = "route_point"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "kind"),
        CheckConstraint("kind IN ('start', 'end', 'depot')", name="kind"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    kind: Mapped[str] = mapped_column(String(5))
    aisle_id: Mapped[Ref] = mapped_column(ForeignKey("aisle.id"))
    y_mm: Mapped[int]


class Location(Base):
    """Any place stock can be, real or not. Never deleted: the ledger refers to it for ever."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("warehouse_id", "code"),
        Index("ix_location_zone_id", "zone_id"),
        Index("ix_location_aisle_id", "aisle_id"),
        CheckConstraint(
            "kind IN ('bin', 'staging', 'packing', 'dock', 'shortage', 'picked', 'supplier', 'customer', 'adjustment')",
            name="kind",
        ),
        CheckConstraint("side IN ('', 'L', 'R')", name="side"),
        CheckConstraint("max_volume_mm3 >= 0 AND max_weight_g >= 0", name="capacity"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    zone_id: Mapped[Ref | None] = mapped_column(ForeignKey("zone.id"))
    kind: Mapped[str] = mapped_column(String(10))
    code: Mapped[str] = mapped_column(String(40))
    check_code: Mapped[str] = mapped_column(String(3))
    aisle_id: Mapped[Ref | None] = mapped_column(ForeignKey("aisle.id"))
    side: Mapped[str] = mapped_column(String(1), default="")
    x_mm: Mapped[int] = mapped_column(default=0)
    y_mm: Mapped[int] = mapped_column(default=0)
    floor: Mapped[int] = mapped_column(default=0)
    level: Mapped[int] = mapped_column(default=0)
    pick_seq: Mapped[int] = mapped_column(default=0)
    max_volume_mm3: Mapped[BigInt | None]
    max_weight_g: Mapped[int | None]
    blocked: Mapped[bool] = mapped_column(default=False)
    sellable: Mapped[bool] = mapped_column(default=False)
    retired_at: Mapped[Instant | None]
