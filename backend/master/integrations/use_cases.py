"""What is done with webhooks: subscribed, changed, followed, delivered or given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core.db import insert_once, locked
from backend.core.errors import Forbidden, NotFound, Refusal
from backend.core.execute import Actor, Command
from backend.core.jobs import enqueue
from backend.core.outbox import OutboxEvent, emit
from backend.master.integrations.events import DeliveryDied, WebhookStopped
from backend.master.integrations.models import Webhook, WebhookDelivery
from backend.master.integrations.queries import (
    DeliveryRow,
    WebhookRow,
    delivery_row,
    last_number,
    mine,
    news_after,
    webhook_in_sight,
    webhook_row,
)
from backend.master.integrations.rules import (
    OLD_SECRET_HOURS,
    PAUSE_S,
    PING,
    address_of,
    checked_names,
    may_hear,
    retry_s,
    wants,
)
from backend.master.people.use_cases import record

DELIVER = "integrations.deliver"
_AT_A_TIME = 500
_GONE = 410
_KEEP_DELIVERED_DAYS = 30
_KEEP_DEAD_DAYS = 180


@dataclass(frozen=True, kw_only=True)
class CreateWebhook(Command):
    """Subscribe an address; `secret_box` is the encrypted signing secret. A scope of None is unlimited."""

    name: str
    url: str
    names: tuple[str, ...]
    secret_box: str
    warehouses: tuple[int, ...] | None = None
    shops: tuple[str, ...] | None = None


def create_webhook(session: Session, command: CreateWebhook, *, now: datetime) -> WebhookRow:
    """Subscribe an address to what happens from now on.

    Raises:
        Refusal: `bad_event_name`, `bad_webhook_url`, `scope_too_wide`, `user_needed`.
    """
    if command.by.user_id is None:
        raise Forbidden("user_needed")
    _check_scope(command.by, command.warehouses, command.shops)
    address_of(command.url, private_allowed=True)
    webhook = Webhook(
        name=command.name,
        url=command.url,
        names=list(checked_names(command.names)),
        warehouses=None if command.warehouses is None else list(command.warehouses),
        shops=None if command.shops is None else list(command.shops),
        secret_box=command.secret_box,
        active=True,
        after_seq=last_number(session),
        owner_id=command.by.user_id,
        created_at=now,
    )
    session.add(webhook)
    session.flush()
    _audit(session, command.by, "webhook_created", webhook, now)
    return webhook_row(webhook)


@dataclass(frozen=True, kw_only=True)
class ChangeWebhook(Command):
    """Put a webhook's data; off and on again skips what happened in between."""

    webhook_id: int
    name: str
    url: str
    names: tuple[str, ...]
    active: bool
    warehouses: tuple[int, ...] | None = None
    shops: tuple[str, ...] | None = None


def change_webhook(session: Session, command: ChangeWebhook, *, now: datetime) -> WebhookRow:
    """Change a webhook.

    Raises:
        Refusal: `webhook_not_found`, `bad_event_name`, `bad_webhook_url`, `scope_too_wide`.
    """
    _check_scope(command.by, command.warehouses, command.shops)
    webhook = webhook_in_sight(session, command.webhook_id, by=command.by)
    address_of(command.url, private_allowed=True)
    if command.active and not webhook.active:
        webhook.after_seq = last_number(session)
    if webhook.active and not command.active:
        _drop_waiting(session, webhook, now)
    webhook.name, webhook.url, webhook.active = command.name, command.url, command.active
    webhook.names = list(checked_names(command.names))
    webhook.warehouses = None if command.warehouses is None else list(command.warehouses)
    webhook.shops = None if command.shops is None else list(command.shops)
    webhook.paused_until_at = None
    _audit(session, command.by, "webhook_changed", webhook, now)
    return webhook_row(webhook)


@dataclass(frozen=True, kw_only=True)
class RotateSecret(Command):
    """Give a webhook another signing secret."""

    webhook_id: int
    secret_box: str


def rotate_secret(session: Session, command: RotateSecret, *, now: datetime) -> WebhookRow:
    """Sign with a new secret, and for a day with the old one too.

    Raises:
        NotFound: `webhook_not_found`.
    """
    webhook = webhook_in_sight(session, command.webhook_id, by=command.by)
    webhook.old_secret_box, webhook.secret_box = webhook.secret_box, command.secret_box
    webhook.old_secret_until_at = now + timedelta(hours=OLD_SECRET_HOURS)
    _audit(session, command.by, "webhook_secret_rotated", webhook, now)
    return webhook_row(webhook)


@dataclass(frozen=True, kw_only=True)
class PingWebhook(Command):
    """Send a message that means nothing, to see whether it arrives."""

    webhook_id: int


def ping_webhook(session: Session, command: PingWebhook, *, now: datetime) -> DeliveryRow:
    """Send a test message.

    Raises:
        Refusal: `webhook_not_found`, `webhook_off`.
    """
    webhook = webhook_in_sight(session, command.webhook_id, by=command.by)
    if not webhook.active:
        raise Refusal("webhook_off", webhook_id=webhook.id)
    message = {"message_id": f"ping_{command.by.command_id}", "name": PING, "body": _message(PING, now, {})}
    return delivery_row(_deliver(session, webhook, message, now))


@dataclass(frozen=True, kw_only=True)
class FollowNews(Command):
    """Put what has happened on its way to whoever wants it."""


def follow_news(session: Session, command: FollowNews, *, now: datetime) -> int:
    """Turn numbered events into deliveries, at most 500 events per webhook at a time; how many deliveries."""
    made = 0
    behind = select(Webhook).where(Webhook.active.is_(True), Webhook.after_seq < last_number(session))
    for webhook in session.scalars(locked(behind.order_by(Webhook.id))).all():
        for event in news_after(session, webhook.after_seq, limit=_AT_A_TIME):
            webhook.after_seq = event.seq or webhook.after_seq
            if wants(webhook.names, event.name) and may_hear(
                event.channel, webhook.warehouses, webhook.shops
            ):
                _deliver_event(session, webhook, event, now)
                made += 1
    return made


def _deliver_event(session: Session, webhook: Webhook, event: OutboxEvent, now: datetime) -> None:
    body = _message(event.name, event.at, event.body)
    _deliver(
        session,
        webhook,
        {"message_id": f"evt_{event.seq}_{webhook.id}", "name": event.name, "body": body},
        now,
    )


def _message(name: str, at: datetime, data: dict[str, Any]) -> dict[str, Any]:
    return {"type": name, "timestamp": at.isoformat(), "data": data}


def _deliver(session: Session, webhook: Webhook, message: dict[str, Any], now: datetime) -> WebhookDelivery:
    row = {"webhook_id": webhook.id, "state": "waiting", "tries": 0, "created_at": now, "next_at": now}
    insert_once(session, WebhookDelivery, **row, **message)
    wanted = select(WebhookDelivery).where(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.message_id == message["message_id"]
    )
    delivery = session.scalars(wanted).one()
    _schedule(session, delivery, now, now)
    return delivery


def _schedule(session: Session, delivery: WebhookDelivery, at: datetime, now: datetime) -> None:
    delivery.next_at = at
    enqueue(session, DELIVER, {"delivery_id": delivery.id, "tries": delivery.tries}, now=now, run_at=at)


@dataclass(frozen=True, kw_only=True)
class NoteAttempt(Command):
    """What came of one attempt: the status of the answer, or the error when there was none."""

    delivery_id: int
    tries: int
    status: int | None
    error: str | None
    permanent: bool


def note_attempt(session: Session, command: NoteAttempt, *, now: datetime) -> None:
    """Write down that a delivery arrived, or when it is tried again, or that it is given up."""
    delivery = session.get(WebhookDelivery, command.delivery_id, with_for_update=True)
    if delivery is None or delivery.state != "waiting" or delivery.tries != command.tries:
        return
    webhook = session.get_one(Webhook, delivery.webhook_id)
    delivery.tries += 1
    delivery.status, delivery.error = command.status, command.error
    if command.status is not None and 200 <= command.status < 300:
        delivery.state, delivery.ended_at, delivery.next_at = "delivered", now, None
        webhook.paused_until_at = None
        return
    wait_s = None if command.permanent else retry_s(delivery.tries)
    if command.status == _GONE:
        _stop(session, webhook, now)
    if wait_s is None or command.status == _GONE:
        _give_up(session, webhook, delivery, now)
        return
    webhook.paused_until_at = now + timedelta(seconds=min(wait_s, PAUSE_S))
    _schedule(session, delivery, now + timedelta(seconds=wait_s), now)


@dataclass(frozen=True, kw_only=True)
class PostponeDelivery(Command):
    """The other side has just failed: wait with the rest."""

    delivery_id: int
    until: datetime


def postpone_delivery(session: Session, command: PostponeDelivery, *, now: datetime) -> None:
    """Put a delivery off without counting a try, so that one dead address does not keep the workers busy."""
    delivery = session.get(WebhookDelivery, command.delivery_id)
    if delivery is not None and delivery.state == "waiting":
        _schedule(session, delivery, command.until, now)


@dataclass(frozen=True, kw_only=True)
class RetryDelivery(Command):
    """Try a dead delivery again."""

    delivery_id: int


def retry_delivery(session: Session, command: RetryDelivery, *, now: datetime) -> DeliveryRow:
    """Try a dead delivery again, with all its tries.

    Raises:
        Refusal: `delivery_not_found`, `delivery_not_dead`, `webhook_off`.
    """
    wanted = (
        select(WebhookDelivery)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(mine(command.by))
    )
    delivery = session.scalar(wanted.where(WebhookDelivery.id == command.delivery_id))
    if delivery is None:
        raise NotFound("delivery_not_found", delivery_id=command.delivery_id)
    if delivery.state != "dead":
        raise Refusal("delivery_not_dead", delivery_id=delivery.id, state=delivery.state)
    if not session.get_one(Webhook, delivery.webhook_id).active:
        raise Refusal("webhook_off", webhook_id=delivery.webhook_id)
    delivery.state, delivery.tries, delivery.ended_at = "waiting", 0, None
    _schedule(session, delivery, now, now)
    return delivery_row(delivery)


def _give_up(session: Session, webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> None:
    delivery.state, delivery.ended_at, delivery.next_at = "dead", now, None
    emit(
        session,
        DeliveryDied(
            delivery_id=delivery.id,
            webhook_id=webhook.id,
            webhook_name=webhook.name,
            event_name=delivery.name,
            error=delivery.error or f"status {delivery.status}",
            owner_id=webhook.owner_id,
        ),
        now=now,
    )


def _stop(session: Session, webhook: Webhook, now: datetime) -> None:
    webhook.active = False
    _drop_waiting(session, webhook, now)
    emit(
        session,
        WebhookStopped(webhook_id=webhook.id, webhook_name=webhook.name, owner_id=webhook.owner_id),
        now=now,
    )


def _drop_waiting(session: Session, webhook: Webhook, now: datetime) -> None:
    waiting = (WebhookDelivery.webhook_id == webhook.id) & (WebhookDelivery.state == "waiting")
    given_up = {"state": "dead", "error": "webhook_off", "ended_at": now, "next_at": None}
    session.execute(update(WebhookDelivery).where(waiting).values(**given_up))


@dataclass(frozen=True, kw_only=True)
class ForgetDelivered(Command):
    """Drop what arrived long ago."""


def forget_delivered(session: Session, command: ForgetDelivered, *, now: datetime) -> None:
    """Drop delivered messages after 30 days; dead ones stay until a person has looked, at most half a year."""
    for state, days in (("delivered", _KEEP_DELIVERED_DAYS), ("dead", _KEEP_DEAD_DAYS)):
        session.execute(
            delete(WebhookDelivery).where(
                WebhookDelivery.state == state, WebhookDelivery.ended_at < now - timedelta(days=days)
            )
        )


def _check_scope(by: Actor, warehouses: tuple[int, ...] | None, shops: tuple[str, ...] | None) -> None:
    if by.warehouses is not None and (warehouses is None or set(warehouses) - by.warehouses):
        raise Forbidden(
            "scope_too_wide", kind="warehouse", missing=sorted(set(warehouses or ()) - by.warehouses)
        )
    if by.shops is not None and (shops is None or set(shops) - by.shops):
        raise Forbidden("scope_too_wide", kind="shop", missing=sorted(set(shops or ()) - by.shops))


def _audit(session: Session, by: Actor, action: str, webhook: Webhook, now: datetime) -> None:
    record(session, by, action, f"webhook:{webhook.id}", now=now, name=webhook.name, url=webhook.url)
