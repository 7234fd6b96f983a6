"""Tables of the ledger. CHECK constraints state again what the verbs promise."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Instant, Ref


class Lot(Base):
    """Goods that share a lot number."""

    __tablename__ = "stock_lot"
    __table_args__ = (UniqueConstraint("sku_id", "code"),)

    id: Mapped[Id]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    code: Mapped[str]
    expiry_on: Mapped[date | None]
    mfg_on: Mapped[date | None]


class HandlingUnit(Base):
    """Goods plus packaging with a scannable number. It stands where its outermost parent stands."""

    __tablename__ = "stock_handling_unit"
    __table_args__ = (CheckConstraint("kind IN ('tote', 'carton', 'pallet')", name="kind"),)

    id: Mapped[Id]
    lpn: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    parent_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_handling_unit.id"), index=True)
    location_id: Mapped[Ref | None] = mapped_column(ForeignKey("location.id"), index=True)
    created_at: Mapped[Instant]


class Serial(Base):
    """One piece with its own number, and where it is. A virtual location means that it is not in the house."""

    __tablename__ = "stock_serial"
    __table_args__ = (UniqueConstraint("sku_id", "code"),)

    id: Mapped[Id]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    code: Mapped[str]
    lot_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_lot.id"))
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"), index=True)
    hu_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_handling_unit.id"))
    quality: Mapped[str]


class Balance(Base):
    """What lies at one physical location. `key` is the text of its coordinates, unique where NULLs are not.

    `fifo_at`: when the oldest goods in it came into the house; it travels with them from bin to bin.
    """

    __tablename__ = "stock_balance"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_within_on_hand"),
        CheckConstraint("quality IN ('good', 'defective')", name="quality"),
        Index("ix_stock_balance_warehouse_sku", "warehouse_id", "sku_id"),
    )

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"), index=True)
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_lot.id"))
    quality: Mapped[str]
    hu_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_handling_unit.id"), index=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    fifo_at: Mapped[Instant | None]


class Availability(Base):
    """What may be promised: ATP = sellable - reserved, never negative."""

    __tablename__ = "stock_availability"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("sellable - reserved >= 0", name="atp_not_negative"),
    )

    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"), primary_key=True)
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"), primary_key=True)
    sellable: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)


class StockMove(Base):
    """A line of the ledger. Inserted by `post`, never updated, never deleted."""

    __tablename__ = "stock_move"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty_positive"),
        Index("ix_stock_move_doc", "doc_kind", "doc_id"),
        Index("ix_stock_move_sku_recorded", "sku_id", "recorded_at"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    qty: Mapped[int]
    from_location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    to_location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    from_balance_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_balance.id"), index=True)
    to_balance_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_balance.id"), index=True)
    reason: Mapped[str]
    lot_id: Mapped[Ref | None]
    serial: Mapped[str | None]
    quality: Mapped[str]
    to_quality: Mapped[str]
    from_hu_id: Mapped[Ref | None]
    to_hu_id: Mapped[Ref | None]
    allocation_id: Mapped[Ref | None]
    corrects_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_move.id"))
    doc_kind: Mapped[str]
    doc_id: Mapped[Ref]
    note: Mapped[str]
    user_id: Mapped[Ref | None]
    session_id: Mapped[Ref | None]
    device_id: Mapped[Ref | None]
    command_id: Mapped[str] = mapped_column(index=True)
    event_at: Mapped[Instant]
    recorded_at: Mapped[Instant]


class Reservation(Base):
    """So many pieces of a SKU belong to a document line. `taken_qty` of them have been picked."""

    __tablename__ = "stock_reservation"
    __table_args__ = (
        CheckConstraint("taken_qty >= 0 AND taken_qty <= qty", name="taken_within_qty"),
        CheckConstraint("state IN ('active', 'consumed', 'released')", name="state"),
        Index("ix_stock_reservation_doc", "doc_kind", "doc_id"),
        Index("ix_stock_reservation_open", "warehouse_id", "sku_id", "state"),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    qty: Mapped[int]
    taken_qty: Mapped[int] = mapped_column(default=0)
    doc_kind: Mapped[str]
    doc_id: Mapped[Ref]
    state: Mapped[str]
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    command_id: Mapped[str]


class Allocation(Base):
    """Goods of a reservation, to be taken from one balance. Open: `qty - picked_qty` pieces are still held there."""

    __tablename__ = "stock_allocation"
    __table_args__ = (
        CheckConstraint("picked_qty >= 0 AND picked_qty <= qty", name="picked_within_qty"),
        CheckConstraint("state IN ('open', 'done', 'released')", name="state"),
        Index("ix_stock_allocation_balance_state", "balance_id", "state"),
    )

    id: Mapped[Id]
    reservation_id: Mapped[Ref] = mapped_column(ForeignKey("stock_reservation.id"), index=True)
    balance_id: Mapped[Ref] = mapped_column(ForeignKey("stock_balance.id"))
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[Ref | None]
    qty: Mapped[int]
    picked_qty: Mapped[int] = mapped_column(default=0)
    state: Mapped[str]
    created_at: Mapped[Instant]


class StockSeal(Base):
    """A link of the hash chain: digest = sha256(digest before + canonical line). Numbered after commit."""

    __tablename__ = "stock_seal"

    seq: Mapped[Id]
    move_id: Mapped[Ref] = mapped_column(ForeignKey("stock_move.id"), unique=True)
    digest: Mapped[str]


class StockTruth(Base):
    """One row: the last verdict on the ledger, and up to where the chain has been proved."""

    __tablename__ = "stock_truth"

    id: Mapped[Id]
    checked_at: Mapped[Instant | None]
    sound: Mapped[bool | None]
    moves: Mapped[Ref] = mapped_column(default=0)
    sealed_seq: Mapped[Ref] = mapped_column(default=0)
    proved_seq: Mapped[Ref] = mapped_column(default=0)
    proved_digest: Mapped[str]
    report: Mapped[dict[str, Any]]
