"""Tables of sales orders."""

from datetime import time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigInt, Id, Instant, Ref
from backend.orders.rules import STATES

_STATES = ", ".join(f"'{state}'" for state in STATES)


class SalesOrder(Base):
    """What one customer wants sent in one go. `hash` is that of the content it came with last."""

    __tablename__ = "sales_order"
    __table_args__ = (
        UniqueConstraint("shop", "external_no"),
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        Index("ix_sales_order_queue", "warehouse_id", "state", "priority", "promise_at"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(unique=True)
    shop: Mapped[str]
    external_no: Mapped[str]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    state: Mapped[str]
    priority: Mapped[int] = mapped_column(default=0)
    carrier: Mapped[str]
    zone_tag: Mapped[str | None]
    placed_at: Mapped[Instant]
    promise_at: Mapped[Instant | None]
    cut_off_at: Mapped[Instant | None]
    tags: Mapped[list[str]]
    customer_ref: Mapped[str]
    country: Mapped[str]
    ship_to: Mapped[dict[str, Any]]
    note: Mapped[str]
    line_count: Mapped[int]
    units: Mapped[int]
    weight_g: Mapped[BigInt]
    volume_mm3: Mapped[BigInt]
    hash: Mapped[str]
    content: Mapped[dict[str, Any]]
    wait_reason: Mapped[str]
    imported_at: Mapped[Instant]
    approved_at: Mapped[Instant | None]
    state_at: Mapped[Instant]
    reserve_tried_at: Mapped[Instant | None]


class SalesOrderLine(Base):
    """So many pieces of a SKU. `source_code` is what the customer's file called it; prices are of one piece."""

    __tablename__ = "sales_order_line"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no"),
        CheckConstraint("qty > 0", name="qty_positive"),
        CheckConstraint("reserved_qty >= 0 AND reserved_qty <= qty", name="reserved_within_qty"),
        CheckConstraint("picked_qty >= 0 AND picked_qty <= qty", name="picked_within_qty"),
        CheckConstraint("short_qty >= 0 AND short_qty <= qty", name="short_within_qty"),
        Index("ix_sales_order_line_sku_id", "sku_id"),
    )

    id: Mapped[Id]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    line_no: Mapped[int]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("sku.id"))
    qty: Mapped[int]
    reserved_qty: Mapped[int] = mapped_column(default=0)
    picked_qty: Mapped[int] = mapped_column(default=0)
    short_qty: Mapped[int] = mapped_column(default=0)
    source_code: Mapped[str]
    bundle_sku_id: Mapped[Ref | None] = mapped_column(ForeignKey("sku.id"))
    price_minor: Mapped[BigInt]
    currency: Mapped[str]


class OrderHold(Base):
    """A reason to stop. Open while `released_at` is empty; one open hold per order and reason."""

    __tablename__ = "order_hold"
    __table_args__ = (Index("ix_order_hold_order_released", "order_id", "released_at"),)

    id: Mapped[Id]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    reason: Mapped[str]
    detail: Mapped[dict[str, Any]]
    since_at: Mapped[Instant]
    held_by: Mapped[Ref | None]
    released_at: Mapped[Instant | None]
    released_by: Mapped[Ref | None]
    release_note: Mapped[str]


class OrderMark(Base):
    """Progress made: picked, sorted, checked, packed, weighed, labelled."""

    __tablename__ = "order_mark"

    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"), primary_key=True)
    mark: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    by: Mapped[Ref | None] = mapped_column("by_user_id")


class OrderRevision(Base):
    """Content that came for an order after work on it had begun; a person decides what becomes of it."""

    __tablename__ = "order_revision"
    __table_args__ = (UniqueConstraint("order_id", "hash"),)

    id: Mapped[Id]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("sales_order.id"))
    hash: Mapped[str]
    content: Mapped[dict[str, Any]]
    changes: Mapped[list[str]]
    came_at: Mapped[Instant]
    applied_at: Mapped[Instant | None]


class OrderPolicy(Base):
    """How a shop's orders are treated; shop '' is for every shop without a policy of its own."""

    __tablename__ = "order_policy"

    id: Mapped[Id]
    shop: Mapped[str] = mapped_column(unique=True)
    auto_approve: Mapped[bool] = mapped_column(default=True)
    whole_orders: Mapped[bool] = mapped_column(default=True)
    promise_hours: Mapped[int] = mapped_column(default=24)
    most_units: Mapped[int | None]
    changed_at: Mapped[Instant]


class CarrierCutOff(Base):
    """When a carrier collects, in the warehouse's local time; carrier '' is for every carrier without its own."""

    __tablename__ = "carrier_cut_off"
    __table_args__ = (UniqueConstraint("warehouse_id", "carrier"),)

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    carrier: Mapped[str]
    local_time: Mapped[time]
    weekdays: Mapped[list[int]]


class OrderImport(Base):
    """One delivery of orders and what became of it. `state`: running or done."""

    __tablename__ = "order_import"

    id: Mapped[Id]
    warehouse_id: Mapped[Ref] = mapped_column(ForeignKey("warehouse.id"))
    shop: Mapped[str]
    source: Mapped[str]
    file_name: Mapped[str]
    state: Mapped[str]
    create_skus: Mapped[bool]
    rows: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    held: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    problems: Mapped[int] = mapped_column(default=0)
    lines: Mapped[int] = mapped_column(default=0)
    new_skus: Mapped[int] = mapped_column(default=0)
    user_id: Mapped[Ref | None]
    command_id: Mapped[str]
    began_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class OrderImportFile(Base):
    """The file as it came; chunks are read from it again after a crash."""

    __tablename__ = "order_import_file"

    import_id: Mapped[Ref] = mapped_column(ForeignKey("order_import.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    columns: Mapped[dict[str, Any]]


class OrderImportProblem(Base):
    """A row that was not taken in as it stands, and why; `raw` is the row itself."""

    __tablename__ = "order_import_problem"

    id: Mapped[Id]
    import_id: Mapped[Ref] = mapped_column(ForeignKey("order_import.id"), index=True)
    row_no: Mapped[int]
    external_no: Mapped[str]
    code: Mapped[str]
    facts: Mapped[dict[str, Any]]
    raw: Mapped[dict[str, Any]]
