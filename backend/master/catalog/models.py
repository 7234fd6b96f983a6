"""Tables of the catalogue."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Instant, Ref


class Sku(Base):
    """The item as we keep it, counted in its base unit `unit`."""

    __tablename__ = "sku"
    __table_args__ = (
        CheckConstraint("lot_policy IN ('none', 'lot', 'lot_expiry')", name="lot_policy"),
        CheckConstraint("serial_policy IN ('none', 'weak', 'strong')", name="serial_policy"),
        CheckConstraint("issue_policy IN ('fefo', 'fifo')", name="issue_policy"),
        CheckConstraint("velocity IN ('A', 'B', 'C')", name="velocity"),
        CheckConstraint(
            "weight_g >= 0 AND length_mm >= 0 AND width_mm >= 0 AND height_mm >= 0", name="measures"
        ),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    image_url: Mapped[str | None]
    unit: Mapped[str] = mapped_column(String(20), default="pcs")
    weight_g: Mapped[int] = mapped_column(default=0)
    length_mm: Mapped[int] = mapped_column(default=0)
    width_mm: Mapped[int] = mapped_column(default=0)
    height_mm: Mapped[int] = mapped_column(default=0)
    lot_policy: Mapped[str] = mapped_column(String(10), default="none")
    serial_policy: Mapped[str] = mapped_column(String(10), default="none")
    shelf_life_days: Mapped[int | None]
    issue_policy: Mapped[str] = mapped_column(String(4), default="fifo")
    velocity: Mapped[str] = mapped_column(String(1), default="C")
    fragile: Mapped[bool] = mapped_column(default=False)
    is_bundle: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[Instant]

    @property
    def volume_mm3(self) -> int:
        """Volume of one base unit's outer box."""
        return self.length_mm * self.width_mm * self.height_mm


class Barcode(Base):
    """A code that names a SKU. The same code may name several SKUs; the picker is then asked which."""

    __tablename__ = "barcode"
    __table_args__ = (
        UniqueConstraint("code", "sku_id"),
        Index("ix_barcode_sku_id", "sku_id"),
        CheckConstraint("qty >= 1", name="qty"),
        CheckConstraint("kind IN ('own', 'gtin', 'isbn', 'carton')", name="kind"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(120))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    kind: Mapped[str] = mapped_column(String(10))
    qty: Mapped[int] = mapped_column(default=1)


class SkuPack(Base):
    """A named multiple of the base unit: box, carton, pallet layer. Outer size 0 means unknown."""

    __tablename__ = "sku_pack"
    __table_args__ = (
        UniqueConstraint("sku_id", "name"),
        CheckConstraint("qty >= 1", name="qty"),
        CheckConstraint(
            "weight_g >= 0 AND length_mm >= 0 AND width_mm >= 0 AND height_mm >= 0", name="measures"
        ),
    )

    id: Mapped[Id]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    name: Mapped[str] = mapped_column(String(64))
    qty: Mapped[int]
    weight_g: Mapped[int] = mapped_column(default=0)
    length_mm: Mapped[int] = mapped_column(default=0)
    width_mm: Mapped[int] = mapped_column(default=0)
    height_mm: Mapped[int] = mapped_column(default=0)


class BundlePart(Base):
    """How many pieces of a part one bundle holds."""

    __tablename__ = "bundle_part"
    __table_args__ = (
        UniqueConstraint("bundle_sku_id", "sku_id"),
        Index("ix_bundle_part_sku_id", "sku_id"),
        CheckConstraint("qty >= 1", name="qty"),
        CheckConstraint("bundle_sku_id <> sku_id", name="not_itself"),
    )

    id: Mapped[Id]
    bundle_sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    qty: Mapped[int]
