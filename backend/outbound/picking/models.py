"""Tables of picking."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigInt, Id, Instant, Ref


class PickTask(Base):
    """One cart, one route, one picker at a time. `version` grows with every change a picker must see."""

    __tablename__ = "pick_task"
    __table_args__ = (
        CheckConstraint("state IN ('open','claimed','suspended','done','cancelled')", name="state"),
        Index("ix_pick_task_wave", "wave_id", "state"),
        Index("ix_pick_task_picker", "picker_id", "state"),
        Index("ix_pick_task_warehouse", "warehouse_id", "state"),
        Index("uq_pick_task_batch", "batch_id", unique=True),
    )

    id: Mapped[Id]
    floor_task_id: Mapped[Ref | None] = mapped_column(ForeignKey("floor_task.id"))
    wave_id: Mapped[Ref | None] = mapped_column(ForeignKey("wave.id"))
    batch_id: Mapped[Ref | None] = mapped_column(ForeignKey("wave_batch.id"))
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    mode: Mapped[str]
    scan_each: Mapped[bool]
    state: Mapped[str]
    picker_id: Mapped[Ref | None] = mapped_column(ForeignKey("app_user.id"))
    past_picker_ids: Mapped[list[int]]
    due_at: Mapped[Instant | None]
    route_mm: Mapped[BigInt]
    route: Mapped[list[Any]]
    version: Mapped[int]
    created_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]


class PickTote(Base):
    """A slot of the cart: one order, and the tote that was scanned for it."""

    __tablename__ = "pick_tote"
    __table_args__ = (
        Index("uq_pick_tote_slot", "task_id", "slot_no", unique=True),
        Index("ix_pick_tote_order", "order_id"),
    )

    id: Mapped[Id]
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"))
    slot_no: Mapped[int]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    hu_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_handling_unit.id"))
    lpn: Mapped[str | None]
    stopped: Mapped[str | None]
    bound_at: Mapped[Instant | None]


class ToteInUse(Base):
    """A tote stands on one cart at a time; the row goes when the cart is unloaded."""

    __tablename__ = "tote_in_use"

    hu_id: Mapped[Ref] = mapped_column(ForeignKey("stock_handling_unit.id"), primary_key=True)
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"), index=True)
    slot_no: Mapped[int]


class PickLine(Base):
    """A stop of the route: so much of a SKU (and lot) from a bin. Sums over the splits that are not stopped."""

    __tablename__ = "pick_line"
    __table_args__ = (
        CheckConstraint("state IN ('open','picked','short','skipped','stopped')", name="state"),
        CheckConstraint("picked_qty >= 0 AND short_qty >= 0 AND picked_qty + short_qty <= qty", name="qty"),
        Index("ix_pick_line_task", "task_id", "seq"),
        Index("ix_pick_line_location", "location_id"),
    )

    id: Mapped[Id]
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"))
    seq: Mapped[int]
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_lot.id"))
    qty: Mapped[int]
    picked_qty: Mapped[int]
    short_qty: Mapped[int]
    state: Mapped[str]


class PickSplit(Base):
    """Which order gets how much of a line, and the allocation that covers it."""

    __tablename__ = "pick_split"
    __table_args__ = (
        CheckConstraint("picked_qty >= 0 AND short_qty >= 0 AND picked_qty + short_qty <= qty", name="qty"),
        Index("ix_pick_split_line", "line_id"),
        Index("ix_pick_split_order", "order_id"),
    )

    id: Mapped[Id]
    line_id: Mapped[Ref] = mapped_column(ForeignKey("pick_line.id"))
    slot_no: Mapped[int]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    order_line_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order_line.id"))
    allocation_id: Mapped[Ref] = mapped_column(ForeignKey("stock_allocation.id"))
    qty: Mapped[int]
    picked_qty: Mapped[int]
    short_qty: Mapped[int]
    stopped: Mapped[bool]


class Pick(Base):
    """What was confirmed: never changed, only marked undone when a counter-move took it back."""

    __tablename__ = "pick"
    __table_args__ = (
        CheckConstraint("qty > 0", name="qty"),
        CheckConstraint("returned_qty >= 0 AND returned_qty <= qty", name="returned_qty"),
        Index("ix_pick_task", "task_id"),
        Index("ix_pick_warehouse_at", "warehouse_id", "picked_at"),
        Index("uq_pick_command", "command_id", "split_id", unique=True),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"))
    line_id: Mapped[Ref] = mapped_column(ForeignKey("pick_line.id"))
    split_id: Mapped[Ref] = mapped_column(ForeignKey("pick_split.id"))
    slot_no: Mapped[int]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    lot_id: Mapped[Ref | None] = mapped_column(ForeignKey("stock_lot.id"))
    serial: Mapped[str | None]
    qty: Mapped[int]
    returned_qty: Mapped[int]
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    hu_id: Mapped[Ref] = mapped_column(ForeignKey("stock_handling_unit.id"))
    command_id: Mapped[str]
    picked_by: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"))
    picked_at: Mapped[Instant]
    recorded_at: Mapped[Instant]
    undone_at: Mapped[Instant | None]
    undone_by: Mapped[Ref | None] = mapped_column(ForeignKey("app_user.id"))


class PutBackTask(Base):
    """Goods of a stopped order that lie in a tote and belong into a bin again."""

    __tablename__ = "put_back_task"
    __table_args__ = (
        CheckConstraint("state IN ('open','done','withdrawn')", name="state"),
        CheckConstraint("done_qty >= 0 AND done_qty <= qty", name="done_qty"),
        Index("ix_put_back_task_task", "task_id", "state"),
        Index("ix_put_back_task_order", "order_id"),
    )

    id: Mapped[Id]
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"))
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    line_id: Mapped[Ref] = mapped_column(ForeignKey("pick_line.id"))
    pick_id: Mapped[Ref] = mapped_column(ForeignKey("pick.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    qty: Mapped[int]
    done_qty: Mapped[int]
    state: Mapped[str]
    reason: Mapped[str]
    created_at: Mapped[Instant]
    done_at: Mapped[Instant | None]


class ShortPick(Base):
    """A bin that held less than the book said."""

    __tablename__ = "short_pick"

    id: Mapped[Id]
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"), index=True)
    line_id: Mapped[Ref] = mapped_column(ForeignKey("pick_line.id"))
    location_id: Mapped[Ref] = mapped_column(ForeignKey("location.id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    qty: Mapped[int]
    replaced_qty: Mapped[int]
    book_qty: Mapped[int]
    reason: Mapped[str]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[Instant] = mapped_column(index=True)


class MisScan(Base):
    """A scan that the handheld refused: what was meant, what was read."""

    __tablename__ = "mis_scan"

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    task_id: Mapped[Ref] = mapped_column(ForeignKey("pick_task.id"), index=True)
    line_id: Mapped[Ref | None]
    step: Mapped[str]
    scanned: Mapped[str]
    expected: Mapped[str]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("app_user.id"))
    at: Mapped[Instant] = mapped_column(index=True)
