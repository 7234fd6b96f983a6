"""Tables of strategies, waves and their plans."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigInt, Id, Instant, Ref


class WaveStrategy(Base):
    """How waves of one kind are made. Empty filter lists let everything through; None means no limit."""

    __tablename__ = "wave_strategy"
    __table_args__ = (
        CheckConstraint("pick_mode IN ('discrete','cluster')", name="pick_mode"),
        CheckConstraint("print_timing IN ('none','on_claim','after_pick')", name="print_timing"),
        CheckConstraint("scan_mode IN ('quantity','each')", name="scan_mode"),
        CheckConstraint("trigger IN ('manual','time','count','both')", name="trigger"),
        CheckConstraint("cart_totes > 0", name="cart_totes"),
        Index("uq_wave_strategy_name", "warehouse_id", "name", unique=True),
    )

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    name: Mapped[str]
    enabled: Mapped[bool]
    priority: Mapped[int]
    # filters
    shops: Mapped[list[str]]
    carriers: Mapped[list[str]]
    zones: Mapped[list[str]]
    tags: Mapped[list[str]]
    lines_min: Mapped[int | None]
    lines_max: Mapped[int | None]
    units_min: Mapped[int | None]
    units_max: Mapped[int | None]
    weight_min_g: Mapped[BigInt | None]
    weight_max_g: Mapped[BigInt | None]
    deadline_within_s: Mapped[int | None]
    lanes: Mapped[list[str]]
    # grouping
    group_by: Mapped[list[str]]
    hot_orders: Mapped[int | None]
    # how it is picked
    pick_mode: Mapped[str]
    print_timing: Mapped[str]
    scan_mode: Mapped[str]
    # limits of one wave
    min_orders: Mapped[int | None]
    max_orders: Mapped[int | None]
    min_wave_units: Mapped[int | None]
    max_wave_units: Mapped[int | None]
    min_wave_weight_g: Mapped[BigInt | None]
    max_wave_weight_g: Mapped[BigInt | None]
    min_wave_volume_mm3: Mapped[BigInt | None]
    max_wave_volume_mm3: Mapped[BigInt | None]
    # cart
    cart_totes: Mapped[int]
    cart_units: Mapped[int | None]
    cart_weight_g: Mapped[BigInt | None]
    cart_volume_mm3: Mapped[BigInt | None]
    cart_lines: Mapped[int | None]
    # trigger
    trigger: Mapped[str]
    trigger_times: Mapped[list[str]]
    trigger_count: Mapped[int | None]
    plan_seconds: Mapped[int]
    last_triggered_at: Mapped[Instant | None]


class Wave(Base):
    """Orders released together, and how their plan stands."""

    __tablename__ = "wave"
    __table_args__ = (
        CheckConstraint(
            "state IN ('composed','planning','planned','released','done','cancelled')", name="state"
        ),
        Index("ix_wave_warehouse_state", "warehouse_id", "state"),
        Index("uq_wave_number", "number", unique=True),
    )

    id: Mapped[Id]
    number: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    strategy_id: Mapped[Ref] = mapped_column(ForeignKey("wave_strategy.id"))
    state: Mapped[str]
    mode: Mapped[str]
    scan_each: Mapped[bool]
    print_timing: Mapped[str]
    priority: Mapped[int]
    due_at: Mapped[Instant | None]
    cart: Mapped[dict[str, Any]]
    auto_release: Mapped[bool]
    orders: Mapped[int]
    lines: Mapped[int]
    units: Mapped[int]
    weight_g: Mapped[BigInt]
    volume_mm3: Mapped[BigInt]
    plan_best_mm: Mapped[BigInt | None]
    plan_bound_mm: Mapped[BigInt | None]
    plan_status: Mapped[str | None]
    plan_elapsed_s: Mapped[int | None]
    plan_stop: Mapped[bool]
    composed_by: Mapped[Ref | None] = mapped_column(ForeignKey("app_user.id"))
    composed_at: Mapped[Instant]
    planned_at: Mapped[Instant | None]
    released_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]


class WaveOrder(Base):
    """An order of a wave, or one that fell out while it was composed, with the reason."""

    __tablename__ = "wave_order"
    __table_args__ = (
        CheckConstraint("state IN ('in','dropped','returned')", name="state"),
        Index("uq_wave_order_wave", "wave_id", "order_id", unique=True),
        Index("ix_wave_order_order", "order_id"),
    )

    id: Mapped[Id]
    wave_id: Mapped[Ref] = mapped_column(ForeignKey("wave.id"))
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    lane: Mapped[str]
    group_key: Mapped[str]
    state: Mapped[str]
    code: Mapped[str | None]
    facts: Mapped[dict[str, Any]]


class WaveBatch(Base):
    """Orders that one picker takes on one cart; `sequence` are location ids in walking order."""

    __tablename__ = "wave_batch"
    __table_args__ = (Index("uq_wave_batch_no", "wave_id", "no", unique=True),)

    id: Mapped[Id]
    wave_id: Mapped[Ref] = mapped_column(ForeignKey("wave.id"))
    no: Mapped[int]
    group_key: Mapped[str]
    route_mm: Mapped[BigInt]
    bound_mm: Mapped[BigInt | None]
    sequence: Mapped[list[int]]


class WaveBatchOrder(Base):
    """Which tote of the batch's cart an order goes into."""

    __tablename__ = "wave_batch_order"
    __table_args__ = (Index("uq_wave_batch_order_slot", "batch_id", "slot_no", unique=True),)

    id: Mapped[Id]
    batch_id: Mapped[Ref] = mapped_column(ForeignKey("wave_batch.id"))
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"), index=True)
    slot_no: Mapped[int]
