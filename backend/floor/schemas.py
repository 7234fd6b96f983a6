"""Shapes of floor work on the wire."""

from marshmallow import Schema, fields, validate

from backend.core.http import CommandSchema
from backend.floor.use_cases import Prioritise

_STATE = validate.OneOf(["open", "claimed", "suspended", "done", "cancelled"])


class PoolQuery(Schema):
    """Which part of the pool."""

    warehouse_id = fields.Integer(required=True)
    state = fields.String(load_default="open", validate=_STATE)


class WhereaboutsQuery(Schema):
    """Where."""

    warehouse_id = fields.Integer(required=True)


class PoolTaskOut(Schema):
    """A piece of floor work."""

    id = fields.Integer()
    kind = fields.String()
    warehouse_id = fields.Integer()
    ref_id = fields.Integer()
    state = fields.String(validate=_STATE)
    priority = fields.Integer()
    due_at = fields.AwareDateTime(allow_none=True)
    zone_id = fields.Integer(allow_none=True)
    claimed_by = fields.Integer(allow_none=True)
    claimed_name = fields.String(allow_none=True)
    claimed_at = fields.AwareDateTime(allow_none=True)
    x_mm = fields.Integer()
    y_mm = fields.Integer()
    floor = fields.Integer()


class SeenOut(Schema):
    """Where a person was last seen."""

    user_id = fields.Integer()
    name = fields.String()
    device_id = fields.Integer(allow_none=True)
    location_code = fields.String(allow_none=True)
    x_mm = fields.Integer(allow_none=True)
    y_mm = fields.Integer(allow_none=True)
    floor = fields.Integer(allow_none=True)
    floor_task_id = fields.Integer(allow_none=True)
    seen_at = fields.AwareDateTime()
    last_scan_at = fields.AwareDateTime(allow_none=True)


class PrioritiseIn(CommandSchema):
    """Which task, how important; smaller goes first."""

    command = Prioritise
    task_id = fields.Integer(required=True, strict=True)
    priority = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1000))
