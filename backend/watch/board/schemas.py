"""What the board takes and gives."""

from marshmallow import Schema, fields, validate

_LIGHTS = validate.OneOf(["ok", "warn", "stop"])


class BoardQuery(Schema):
    """Which warehouse."""

    warehouse_id = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=2**53 - 1))


class TruthLightOut(Schema):
    """The last proof of the ledger."""

    state = fields.String(required=True, validate=_LIGHTS)
    checked_at = fields.DateTime(required=True, allow_none=True)


class ConnectionLightOut(Schema):
    """How the news travel; `sockets` are those of the process that answers."""

    state = fields.String(required=True, validate=_LIGHTS)
    sockets = fields.Integer(required=True)


class NewsLightOut(Schema):
    """Facts not told yet."""

    state = fields.String(required=True, validate=_LIGHTS)
    waiting = fields.Integer(required=True)
    oldest_s = fields.Integer(required=True)


class JobsLightOut(Schema):
    """Background work."""

    state = fields.String(required=True, validate=_LIGHTS)
    waiting = fields.Integer(required=True)
    dead = fields.Integer(required=True)


class LightsOut(Schema):
    """The signs."""

    truth = fields.Nested(TruthLightOut, required=True)
    connection = fields.Nested(ConnectionLightOut, required=True)
    news = fields.Nested(NewsLightOut, required=True)
    jobs = fields.Nested(JobsLightOut, required=True)


class BoardWaveOut(Schema):
    """A wave and how far it is."""

    id = fields.Integer(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    due_at = fields.DateTime(required=True, allow_none=True)
    lines = fields.Integer(required=True)
    lines_done = fields.Integer(required=True)
    lines_short = fields.Integer(required=True)
    tasks = fields.Integer(required=True)
    tasks_done = fields.Integer(required=True)


class BoardPickerOut(Schema):
    """A person, where, and how fast."""

    user_id = fields.Integer(required=True)
    name = fields.String(required=True)
    task_id = fields.Integer(required=True, allow_none=True)
    location_code = fields.String(required=True, allow_none=True)
    lines_done = fields.Integer(required=True)
    lines = fields.Integer(required=True)
    lines_per_hour = fields.Integer(required=True)
    last_scan_at = fields.DateTime(required=True, allow_none=True)


class BoardCutOffOut(Schema):
    """What a carrier collects, and whether it will be ready."""

    cut_off_at = fields.DateTime(required=True)
    carrier = fields.String(required=True, allow_none=True)
    orders = fields.Integer(required=True)
    orders_done = fields.Integer(required=True)
    lines_open = fields.Integer(required=True)
    risk = fields.String(required=True, validate=validate.OneOf(["on_time", "tight", "late"]))
    expected_at = fields.DateTime(required=True, allow_none=True)


class BoardExceptionOut(Schema):
    """Something that a person should look at."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    at = fields.DateTime(required=True)
    facts = fields.Dict(
        keys=fields.String(),
        values=fields.Raw(metadata={"type": ["string", "integer", "null"]}),
        required=True,
    )


class HourOut(Schema):
    """Lines of one hour."""

    hour = fields.DateTime(required=True)
    lines = fields.Integer(required=True)


class RatesOut(Schema):
    """How fast the floor is."""

    lines_per_hour = fields.Integer(required=True)
    lines_today = fields.Integer(required=True)
    by_hour = fields.List(fields.Nested(HourOut), required=True)


class BoardOut(Schema):
    """The board; `cursor` continues in the news on the channel `warehouse:<id>`."""

    cursor = fields.Integer(required=True)
    now = fields.DateTime(required=True)
    lights = fields.Nested(LightsOut, required=True)
    waves = fields.List(fields.Nested(BoardWaveOut), required=True)
    pickers = fields.List(fields.Nested(BoardPickerOut), required=True)
    cut_offs = fields.List(fields.Nested(BoardCutOffOut), required=True)
    exceptions = fields.List(fields.Nested(BoardExceptionOut), required=True)
    rates = fields.Nested(RatesOut, required=True)
