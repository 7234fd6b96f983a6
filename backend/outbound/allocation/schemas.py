"""What allocation takes and gives over HTTP."""

from marshmallow import Schema, fields, validate

from backend.core.http import CommandSchema
from backend.outbound.allocation.use_cases import ReserveOpenOrders, SetAllocationPolicy

_LARGEST_ID = 2**53 - 1
_LONGEST_MM = 10_000_000


class ReserveIn(CommandSchema):
    """Promise goods to the orders that wait, the most urgent first."""

    command = ReserveOpenOrders
    warehouse_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, _LARGEST_ID))


class SweptOut(Schema):
    """How many orders are ready for a wave now, how many wait; `more`: a job goes on."""

    reserved = fields.Integer()
    backordered = fields.Integer()
    more = fields.Boolean()


class SetPolicyIn(CommandSchema):
    """How a warehouse allocates; costs in mm of walking."""

    command = SetAllocationPolicy
    warehouse_id = fields.Integer(required=True, strict=True, validate=validate.Range(1, _LARGEST_ID))
    min_days_left = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 3650))
    min_age_days = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, 3650))
    fifo_days = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, 3650))
    extra_bin_mm = fields.Integer(strict=True, load_default=4_000, validate=validate.Range(0, _LONGEST_MM))
    empties_bonus_mm = fields.Integer(
        strict=True, load_default=6_000, validate=validate.Range(0, _LONGEST_MM)
    )
