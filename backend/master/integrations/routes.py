"""Webhooks over HTTP."""

from typing import Any

from flask import Response

from backend.core.execute import Actor, Command, execute
from backend.core.house import House, Principal, actor_of
from backend.core.http import (
    check_plain,
    command_id_of_request,
    command_route,
    json_object,
    query_route,
    raw_route,
    reply,
    room,
)
from backend.master.devices.rules import derived_bytes
from backend.master.integrations.queries import deliveries, event_names, webhooks
from backend.master.integrations.rules import address_of, boxed, secret_text
from backend.master.integrations.schemas import (
    ChangeWebhookIn,
    DeliveryOut,
    DeliveryQuery,
    EventNameOut,
    PingWebhookIn,
    RetryDeliveryIn,
    SecretOut,
    WebhookIn,
    WebhookOut,
)
from backend.master.integrations.use_cases import (
    CreateWebhook,
    RotateSecret,
    change_webhook,
    create_webhook,
    ping_webhook,
    retry_delivery,
    rotate_secret,
)

_MAY = "integrate"
_SECRET_BYTES = 32

bp = room("integrations", "/api/integrations")


def subscribe(at: House, principal: Principal | None) -> Response:
    """Subscribe an address and show its signing secret once."""
    body = json_object()
    check_plain(body)
    given: dict[str, Any] = WebhookIn().load(body)
    wanted: dict[str, Any] = {name: tuple(it) if isinstance(it, list) else it for name, it in given.items()}
    address_of(wanted["url"], private_allowed=at.settings.webhooks_to_private)
    by, secret, box = _secret(at, principal)
    return _show(at, create_webhook, CreateWebhook(by=by, secret_box=box, **wanted), secret, 201)


def replace_secret(at: House, principal: Principal | None, webhook_id: int) -> Response:
    """Give a webhook another signing secret and show it once; the old one signs too for a day."""
    by, secret, box = _secret(at, principal)
    return _show(at, rotate_secret, RotateSecret(by=by, webhook_id=webhook_id, secret_box=box), secret, 200)


def _secret(at: House, principal: Principal | None) -> tuple[Actor, str, str]:
    command_id = command_id_of_request()
    secret = secret_text(derived_bytes(at.settings.secret, "webhook", command_id, _SECRET_BYTES))
    return actor_of(principal, command_id), secret, boxed(secret, at.settings.secret, command_id)


def _show(at: House, use_case: Any, command: Command, secret: str, status: int) -> Response:
    body = execute(at.db, use_case, command, clock=at.clock, dump=WebhookOut().dump).body
    return reply(body | {"secret": secret}, status)


_JSON = "application/json"
query_route(bp, "/events", event_names, gives=EventNameOut, may=_MAY, many=True)
query_route(bp, "/webhooks", webhooks, gives=WebhookOut, may=_MAY, many=True)
raw_route(
    bp,
    "/webhooks",
    subscribe,
    takes=WebhookIn,
    gives=SecretOut,
    may=_MAY,
    method="POST",
    media_type=_JSON,
    needs_key=True,
    status=201,
)
command_route(
    bp,
    "/webhooks/<int:webhook_id>",
    change_webhook,
    takes=ChangeWebhookIn,
    gives=WebhookOut,
    may=_MAY,
    method="PUT",
)
raw_route(
    bp,
    "/webhooks/<int:webhook_id>/secret",
    replace_secret,
    gives=SecretOut,
    may=_MAY,
    method="POST",
    media_type=_JSON,
    needs_key=True,
)
command_route(
    bp, "/webhooks/<int:webhook_id>/ping", ping_webhook, takes=PingWebhookIn, gives=DeliveryOut, may=_MAY
)
query_route(bp, "/deliveries", deliveries, takes=DeliveryQuery, gives=DeliveryOut, may=_MAY, paged=True)
command_route(
    bp,
    "/deliveries/<int:delivery_id>/retry",
    retry_delivery,
    takes=RetryDeliveryIn,
    gives=DeliveryOut,
    may=_MAY,
)
