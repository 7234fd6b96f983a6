"""Reads about webhooks and what is on its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.events import catalogue
from backend.core.execute import Actor
from backend.core.outbox import OutboxEvent, OutboxState
from backend.core.pages import Page, paginate
from backend.master.integrations.models import Webhook, WebhookDelivery
from backend.master.integrations.rules import OWN_EVENTS


@dataclass(frozen=True)
class WebhookRow:
    """A webhook as it is listed; never its secret."""

    id: int
    name: str
    url: str
    names: tuple[str, ...]
    warehouses: tuple[int, ...] | None
    shops: tuple[str, ...] | None
    active: bool
    owner_id: int
    created_at: datetime
    paused_until_at: datetime | None


@dataclass(frozen=True)
class DeliveryRow:
    """A delivery as it is listed."""

    id: int
    webhook_id: int
    message_id: str
    name: str
    state: str
    tries: int
    status: int | None
    error: str | None
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class Letter:
    """A delivery ready to be sent."""

    url: str
    message_id: str
    body: dict[str, Any]
    boxes: tuple[str, ...]
    tries: int
    paused_until_at: datetime | None


@dataclass(frozen=True)
class EventName:
    """An event that may be subscribed to, and what it means."""

    name: str
    about: str


def mine(by: Actor) -> ColumnElement[bool]:
    """One's own webhooks; all of them for those who manage people."""
    return true() if by.may("manage_people") or by.may("*") else Webhook.owner_id == by.user_id


def webhooks(session: Session, *, by: Actor, now: datetime) -> list[WebhookRow]:
    """The webhooks in the caller's sight."""
    found = session.scalars(select(Webhook).where(mine(by)).order_by(Webhook.name, Webhook.id))
    return [webhook_row(webhook) for webhook in found]


def webhook_in_sight(session: Session, webhook_id: int, *, by: Actor) -> Webhook:
    """One webhook.

    Raises:
        NotFound: `webhook_not_found`.
    """
    found = session.scalar(select(Webhook).where(Webhook.id == webhook_id, mine(by)))
    if found is None:
        raise NotFound("webhook_not_found", webhook_id=webhook_id)
    return found


def webhook_row(webhook: Webhook) -> WebhookRow:
    """A webhook as it is listed."""
    return WebhookRow(
        webhook.id,
        webhook.name,
        webhook.url,
        tuple(webhook.names),
        None if webhook.warehouses is None else tuple(webhook.warehouses),
        None if webhook.shops is None else tuple(webhook.shops),
        webhook.active,
        webhook.owner_id,
        webhook.created_at,
        webhook.paused_until_at,
    )


def deliveries(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
    webhook_id: int | None = None,
    state: str | None = None,
) -> Page:
    """Deliveries, newest first."""
    wanted = select(WebhookDelivery).join(Webhook, Webhook.id == WebhookDelivery.webhook_id).where(mine(by))
    if webhook_id is not None:
        wanted = wanted.where(WebhookDelivery.webhook_id == webhook_id)
    if state is not None:
        wanted = wanted.where(WebhookDelivery.state == state)
    key = WebhookDelivery.id
    return paginate(session, wanted, cursor=cursor, limit=limit, key=key, descending=True, row=delivery_row)


def delivery_row(found: WebhookDelivery) -> DeliveryRow:
    """A delivery as it is listed."""
    return DeliveryRow(
        found.id,
        found.webhook_id,
        found.message_id,
        found.name,
        found.state,
        found.tries,
        found.status,
        found.error,
        found.created_at,
        found.next_at,
        found.ended_at,
    )


def letter_to_send(session: Session, delivery_id: int, *, now: datetime) -> Letter | None:
    """What is to be sent; None when it is done with, or its webhook is off."""
    found = session.execute(
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(
            WebhookDelivery.id == delivery_id, WebhookDelivery.state == "waiting", Webhook.active.is_(True)
        )
    ).one_or_none()
    if found is None:
        return None
    delivery, webhook = found
    boxes = [webhook.secret_box]
    if webhook.old_secret_box and webhook.old_secret_until_at and webhook.old_secret_until_at > now:
        boxes.append(webhook.old_secret_box)
    return Letter(
        webhook.url, delivery.message_id, delivery.body, tuple(boxes), delivery.tries, webhook.paused_until_at
    )


def last_number(session: Session) -> int:
    """How far the news has been numbered."""
    return session.scalar(select(OutboxState.numbered_seq).where(OutboxState.id == 1)) or 0


def is_behind(session: Session) -> bool:
    """Whether some webhook has news to hear."""
    least = session.scalar(select(func.min(Webhook.after_seq)).where(Webhook.active.is_(True)))
    return least is not None and least < last_number(session)


def news_after(session: Session, after_seq: int, *, limit: int) -> Sequence[OutboxEvent]:
    """Numbered news, oldest first."""
    wanted = select(OutboxEvent).where(OutboxEvent.seq > after_seq).order_by(OutboxEvent.seq)
    return session.scalars(wanted.limit(limit)).all()


def event_names(session: Session, *, by: Actor, now: datetime) -> list[EventName]:
    """Every event that may be subscribed to."""
    found = sorted(catalogue().items())
    return [
        EventName(name, (kind.__doc__ or "").strip().partition("\n")[0])
        for name, kind in found
        if not name.startswith(OWN_EVENTS)
    ]
