"""Shapes of webhooks on the wire."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.execute import Command
from backend.core.http import CommandSchema
from backend.master.integrations.use_cases import ChangeWebhook, PingWebhook, RetryDelivery

_NAME = validate.And(validate.Length(1, 80), validate.Regexp(r"^\S(.*\S)?$"))
_ID = 2**53 - 1


def _names() -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(1, 80)), required=True, validate=validate.Length(1, 100)
    )


def _warehouses() -> fields.List:
    return fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, _ID)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={"description": "null: every warehouse"},
    )


def _shops() -> fields.List:
    return fields.List(
        fields.String(validate=validate.Length(1, 80)),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=500),
        metadata={"description": "null: every shop"},
    )


class WebhookIn(Schema):
    """A new webhook: `names` are events, `room.*`, or `*`."""

    name = fields.String(required=True, validate=_NAME)
    url = fields.String(required=True, validate=validate.Length(1, 2000))
    names = _names()
    warehouses = _warehouses()
    shops = _shops()


class ChangeWebhookIn(CommandSchema):
    """A webhook's data, all of it."""

    command = ChangeWebhook
    webhook_id = fields.Integer(required=True, strict=True)
    name = fields.String(required=True, validate=_NAME)
    url = fields.String(required=True, validate=validate.Length(1, 2000))
    names = _names()
    warehouses = _warehouses()
    shops = _shops()
    active = fields.Boolean(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The command, with tuples for lists."""
        return super().build({name: tuple(it) if isinstance(it, list) else it for name, it in data.items()})


class PingWebhookIn(CommandSchema):
    """Which webhook."""

    command = PingWebhook
    webhook_id = fields.Integer(required=True, strict=True)


class RetryDeliveryIn(CommandSchema):
    """Which delivery."""

    command = RetryDelivery
    delivery_id = fields.Integer(required=True, strict=True)


class WebhookOut(Schema):
    """A webhook on the list."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    names = fields.List(fields.String(), required=True)
    warehouses = fields.List(fields.Integer(), required=True, allow_none=True)
    shops = fields.List(fields.String(), required=True, allow_none=True)
    active = fields.Boolean(required=True)
    owner_id = fields.Integer(required=True)
    created_at = fields.DateTime(required=True)
    paused_until_at = fields.DateTime(required=True, allow_none=True)


class SecretOut(WebhookOut):
    """A webhook with its signing secret, shown this once."""

    secret = fields.String(required=True)


class DeliveryQuery(Schema):
    """Which deliveries."""

    webhook_id = fields.Integer(load_default=None, validate=validate.Range(1, _ID))
    state = fields.String(load_default=None, validate=validate.OneOf(["waiting", "delivered", "dead"]))


class DeliveryOut(Schema):
    """A delivery on the list."""

    id = fields.Integer(required=True)
    webhook_id = fields.Integer(required=True)
    message_id = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "delivered", "dead"]))
    tries = fields.Integer(required=True)
    status = fields.Integer(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    created_at = fields.DateTime(required=True)
    next_at = fields.DateTime(required=True, allow_none=True)
    ended_at = fields.DateTime(required=True, allow_none=True)


class EventNameOut(Schema):
    """An event that may be subscribed to."""

    name = fields.String(required=True)
    about = fields.String(required=True)
