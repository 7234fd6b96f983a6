"""Tables of webhooks."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigInt, Id, Instant, Ref


class Webhook(Base):
    """An address, the events it wants, and how far it has been told (`after_seq`, a number of the outbox)."""

    __tablename__ = "webhook"

    id: Mapped[Id]
    name: Mapped[str]
    url: Mapped[str]
    names: Mapped[list[str]]
    warehouses: Mapped[list[int] | None]
    shops: Mapped[list[str] | None]
    secret_box: Mapped[str]
    old_secret_box: Mapped[str | None]
    old_secret_until_at: Mapped[Instant | None]
    active: Mapped[bool]
    after_seq: Mapped[BigInt]
    paused_until_at: Mapped[Instant | None]
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[Instant]


class WebhookDelivery(Base):
    """One event on its way to one address."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "message_id"),
        Index("ix_webhook_delivery_state", "state", "id"),
        CheckConstraint("state IN ('waiting', 'delivered', 'dead')", name="state_known"),
    )

    id: Mapped[Id]
    webhook_id: Mapped[Ref] = mapped_column(ForeignKey("webhook.id"))
    message_id: Mapped[str]
    name: Mapped[str]
    body: Mapped[dict[str, Any]]
    state: Mapped[str]
    tries: Mapped[int]
    status: Mapped[int | None]
    error: Mapped[str | None]
    created_at: Mapped[Instant]
    next_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
