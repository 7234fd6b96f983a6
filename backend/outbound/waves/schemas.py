"""Shapes of waves on the wire."""

import re

from marshmallow import Schema, fields, validate

from backend.core.http import CommandSchema
from backend.outbound.waves.rules import GROUPS, LANES, WaveState
from backend.outbound.waves.use_cases import (
    CancelWave,
    ComposeWave,
    CreateStrategy,
    PlanWave,
    ReleaseWave,
    StopPlan,
    UpdateStrategy,
)

_COUNT = validate.Range(0, 1_000_000)
_MASS = validate.Range(0, 1_000_000_000)
_VOLUME = validate.Range(0, 10**15)
_CODE = validate.Length(1, 80)
_STATE = validate.OneOf([*WaveState])
_LANE = validate.OneOf(LANES)
_PICK_MODE = validate.OneOf(["discrete", "cluster"])
_PRINT_TIMING = validate.OneOf(["none", "on_claim", "after_pick"])
_SCAN_MODE = validate.OneOf(["quantity", "each"])
_TRIGGER = validate.OneOf(["manual", "time", "count", "both"])
_CLOCK = validate.Regexp(re.compile(r"^([01]\d|2[0-3]):[0-5]\d\Z"), error="HH:MM")


def _codes(*allowed: str) -> fields.List:
    each = fields.String(validate=validate.OneOf(allowed) if allowed else _CODE)
    return fields.List(each, load_default=(), validate=validate.Length(max=200))


def _number(check: validate.Range = _COUNT, least: int | None = None) -> fields.Integer:
    checks = [check] if least is None else [check, validate.Range(least)]
    return fields.Integer(load_default=None, allow_none=True, strict=True, validate=checks)


class StrategyFieldsIn(CommandSchema):
    """Everything of a strategy that a manager decides."""

    warehouse_id = fields.Integer(required=True, strict=True)
    name = fields.String(required=True, validate=_CODE)
    enabled = fields.Boolean(load_default=True)
    priority = fields.Integer(load_default=50, strict=True, validate=validate.Range(0, 1000))
    shops = _codes()
    carriers = _codes()
    zones = _codes()
    tags = _codes()
    lines_min = _number()
    lines_max = _number()
    units_min = _number()
    units_max = _number()
    weight_min_g = _number(_MASS)
    weight_max_g = _number(_MASS)
    deadline_within_s = _number()
    lanes = _codes(*LANES)
    group_by = _codes(*GROUPS)
    hot_orders = _number()
    pick_mode = fields.String(load_default="cluster", validate=_PICK_MODE)
    print_timing = fields.String(load_default="none", validate=_PRINT_TIMING)
    scan_mode = fields.String(load_default="quantity", validate=_SCAN_MODE)
    min_orders = _number()
    max_orders = _number()
    min_wave_units = _number()
    max_wave_units = _number()
    min_wave_weight_g = _number(_MASS)
    max_wave_weight_g = _number(_MASS)
    min_wave_volume_mm3 = _number(_VOLUME)
    max_wave_volume_mm3 = _number(_VOLUME)
    cart_totes = fields.Integer(load_default=12, strict=True, validate=validate.Range(1, 200))
    cart_units = _number(least=1)
    cart_weight_g = _number(_MASS, least=1)
    cart_volume_mm3 = _number(_VOLUME, least=1)
    cart_lines = _number(least=1)
    trigger = fields.String(load_default="manual", validate=_TRIGGER)
    trigger_times = fields.List(
        fields.String(validate=_CLOCK), load_default=(), validate=validate.Length(max=96)
    )
    trigger_count = _number(least=1)
    plan_seconds = fields.Integer(load_default=10, strict=True, validate=validate.Range(1, 600))


class CreateStrategyIn(StrategyFieldsIn):
    """A new strategy."""

    command = CreateStrategy


class UpdateStrategyIn(StrategyFieldsIn):
    """A strategy's new fields."""

    command = UpdateStrategy
    strategy_id = fields.Integer(required=True, strict=True)


class StrategyOut(Schema):
    """A strategy."""

    id = fields.Integer()
    warehouse_id = fields.Integer()
    name = fields.String()
    enabled = fields.Boolean()
    priority = fields.Integer()
    shops = fields.List(fields.String())
    carriers = fields.List(fields.String())
    zones = fields.List(fields.String())
    tags = fields.List(fields.String())
    lines_min = fields.Integer(allow_none=True)
    lines_max = fields.Integer(allow_none=True)
    units_min = fields.Integer(allow_none=True)
    units_max = fields.Integer(allow_none=True)
    weight_min_g = fields.Integer(allow_none=True)
    weight_max_g = fields.Integer(allow_none=True)
    deadline_within_s = fields.Integer(allow_none=True)
    lanes = fields.List(fields.String(validate=_LANE))
    group_by = fields.List(fields.String(validate=validate.OneOf(GROUPS)))
    hot_orders = fields.Integer(allow_none=True)
    pick_mode = fields.String(validate=_PICK_MODE)
    print_timing = fields.String(validate=_PRINT_TIMING)
    scan_mode = fields.String(validate=_SCAN_MODE)
    min_orders = fields.Integer(allow_none=True)
    max_orders = fields.Integer(allow_none=True)
    min_wave_units = fields.Integer(allow_none=True)
    max_wave_units = fields.Integer(allow_none=True)
    min_wave_weight_g = fields.Integer(allow_none=True)
    max_wave_weight_g = fields.Integer(allow_none=True)
    min_wave_volume_mm3 = fields.Integer(allow_none=True)
    max_wave_volume_mm3 = fields.Integer(allow_none=True)
    cart_totes = fields.Integer()
    cart_units = fields.Integer(allow_none=True)
    cart_weight_g = fields.Integer(allow_none=True)
    cart_volume_mm3 = fields.Integer(allow_none=True)
    cart_lines = fields.Integer(allow_none=True)
    trigger = fields.String(validate=_TRIGGER)
    trigger_times = fields.List(fields.String())
    trigger_count = fields.Integer(allow_none=True)
    plan_seconds = fields.Integer()
    last_triggered_at = fields.AwareDateTime(allow_none=True)


class StrategiesQuery(Schema):
    """Whose strategies."""

    warehouse_id = fields.Integer(load_default=None)


class PreviewQuery(Schema):
    """Which strategy."""

    strategy_id = fields.Integer(required=True)


class PreviewRowOut(Schema):
    """Why an order is in or out."""

    order_id = fields.Integer()
    number = fields.String()
    chosen = fields.Boolean()
    code = fields.String()
    facts = fields.Dict()
    lane = fields.String(validate=_LANE)
    group_key = fields.String()
    lines = fields.Integer()
    units = fields.Integer()
    due_at = fields.AwareDateTime(allow_none=True)


class PreviewOut(Schema):
    """What a strategy would do now."""

    strategy_id = fields.Integer()
    orders_in = fields.Integer()
    orders_out = fields.Integer()
    units = fields.Integer()
    weight_g = fields.Integer()
    volume_mm3 = fields.Integer()
    codes = fields.Dict(keys=fields.String(), values=fields.Integer())
    lanes = fields.Dict(keys=fields.String(), values=fields.Integer())
    groups = fields.Integer()
    rows = fields.List(fields.Nested(PreviewRowOut))


class ComposeWaveIn(CommandSchema):
    """By which strategy."""

    command = ComposeWave
    strategy_id = fields.Integer(required=True, strict=True)
    auto_release = fields.Boolean(load_default=False)


class ComposedOut(Schema):
    """The new wave."""

    wave_id = fields.Integer()
    number = fields.String()
    orders = fields.Integer()
    lines = fields.Integer()
    units = fields.Integer()
    dropped = fields.Integer()


class PlanWaveIn(CommandSchema):
    """How long to think, and the seed of the search."""

    command = PlanWave
    wave_id = fields.Integer(required=True, strict=True)
    seconds = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 600))
    seed = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 2**31 - 1))


class StopPlanIn(CommandSchema):
    """Which wave."""

    command = StopPlan
    wave_id = fields.Integer(required=True, strict=True)


class ReleaseWaveIn(CommandSchema):
    """Which wave."""

    command = ReleaseWave
    wave_id = fields.Integer(required=True, strict=True)


class CancelWaveIn(CommandSchema):
    """Which wave."""

    command = CancelWave
    wave_id = fields.Integer(required=True, strict=True)


class WavesQuery(Schema):
    """Which waves."""

    warehouse_id = fields.Integer(load_default=None)
    state = fields.String(
        load_default=None,
        validate=validate.OneOf(["composed", "planning", "planned", "released", "done", "cancelled"]),
    )


class WaveOut(Schema):
    """A wave."""

    id = fields.Integer()
    number = fields.String()
    warehouse_id = fields.Integer()
    strategy_id = fields.Integer()
    strategy_name = fields.String()
    state = fields.String(validate=_STATE)
    mode = fields.String(validate=_PICK_MODE)
    priority = fields.Integer()
    due_at = fields.AwareDateTime(allow_none=True)
    orders = fields.Integer()
    lines = fields.Integer()
    units = fields.Integer()
    weight_g = fields.Integer()
    volume_mm3 = fields.Integer()
    plan_best_mm = fields.Integer(allow_none=True)
    plan_bound_mm = fields.Integer(allow_none=True)
    plan_status = fields.String(allow_none=True)
    plan_elapsed_s = fields.Integer(allow_none=True)
    composed_at = fields.AwareDateTime()
    planned_at = fields.AwareDateTime(allow_none=True)
    released_at = fields.AwareDateTime(allow_none=True)
    closed_at = fields.AwareDateTime(allow_none=True)


class WaveOrderOut(Schema):
    """An order of a wave, or one that fell out."""

    order_id = fields.Integer()
    number = fields.String()
    state = fields.String()
    wave_state = fields.String()
    lane = fields.String(validate=_LANE)
    group_key = fields.String()
    code = fields.String(allow_none=True)
    facts = fields.Dict()
    batch_no = fields.Integer(allow_none=True)
    slot_no = fields.Integer(allow_none=True)


class WaveBatchOut(Schema):
    """A batch of a plan."""

    id = fields.Integer()
    no = fields.Integer()
    group_key = fields.String()
    route_mm = fields.Integer()
    bound_mm = fields.Integer(allow_none=True)
    orders = fields.Integer()


class WaveSheetOut(Schema):
    """A wave with its orders and batches."""

    wave = fields.Nested(WaveOut)
    orders = fields.List(fields.Nested(WaveOrderOut))
    batches = fields.List(fields.Nested(WaveBatchOut))
