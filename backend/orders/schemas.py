"""What the orders room takes and gives over HTTP."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.http import CommandSchema
from backend.orders.rules import HOLD_REASONS, MARKS, STATES, OrderIn, WantedLine
from backend.orders.use_cases import (
    ApproveOrder,
    CancelOrder,
    HoldOrder,
    ImportOrders,
    PrioritiseOrder,
    ReleaseHold,
    SetCarrierCutOff,
    SetOrderPolicy,
)

_LARGEST_ID = 2**53 - 1
_STATUSES = ("open", "cancelled", "refund_requested", "refunded")
_IMPORT_STATE = validate.OneOf(["running", "done"])
# A shop's code stands before the hyphen of our order numbers, so it holds none itself.
_SHOP = validate.Regexp(r"^[\w.]{0,40}\Z")


def _id(**more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, _LARGEST_ID), **more)


def _asked_id(**more: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(1, _LARGEST_ID), **more)  # text in a URL: not strict


def _text(longest: int, least: int = 0, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(least, longest), **more)


def _instant() -> fields.AwareDateTime:
    return fields.AwareDateTime(format="iso", load_default=None, allow_none=True)


def _priority(**more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(-1000, 1000), **more)


class OrderLineIn(Schema):
    """So many of a SKU (or bundle); the price of one in minor units."""

    code = _text(64, 1, required=True)
    qty = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1_000_000))
    price_minor = fields.Integer(strict=True, load_default=0, validate=validate.Range(-(10**12), 10**12))
    name = _text(200, load_default="")

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> WantedLine:
        """The line."""
        return WantedLine(**data)


class OrderInSchema(Schema):
    """An order as a shop or customer gives it; a cancelled one needs no lines."""

    external_no = _text(100, 1, required=True)
    lines = fields.List(fields.Nested(OrderLineIn), load_default=[], validate=validate.Length(max=2000))
    status = fields.String(load_default="open", validate=validate.OneOf(_STATUSES))
    placed_at = _instant()
    promise_at = _instant()
    carrier = _text(40, load_default="")
    priority = _priority(load_default=0)
    tags = fields.List(_text(40, 1), load_default=[], validate=validate.Length(max=50))
    customer_ref = _text(200, load_default="")
    country = _text(100, load_default="")
    ship_to = fields.Dict(
        keys=_text(40, 1), values=_text(500), load_default=dict, validate=validate.Length(max=30)
    )
    note = _text(2000, load_default="")
    currency = _text(3, load_default="")
    zone_tag = _text(40, load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> OrderIn:
        """The order."""
        return OrderIn(**(data | {"lines": tuple(data["lines"]), "tags": tuple(data["tags"])}))


class ImportOrdersIn(CommandSchema):
    """A delivery of orders."""

    command = ImportOrders
    warehouse_id = _id(required=True)
    shop = fields.String(load_default="", validate=_SHOP)
    orders = fields.List(fields.Nested(OrderInSchema), required=True, validate=validate.Length(1, 2000))
    create_skus = fields.Boolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **more: Any) -> Any:
        """The command."""
        return super().build(data | {"orders": tuple(data["orders"])}, **more)


class ImportFileIn(Schema):
    """The form that goes with a file; `columns` is a JSON object heading → our name."""

    warehouse_id = fields.Integer(required=True, validate=validate.Range(1, _LARGEST_ID))
    shop = fields.String(load_default="", validate=_SHOP)
    create_skus = fields.Boolean(load_default=False)
    columns = fields.String(load_default="", validate=validate.Length(max=5000))


class ProblemOut(Schema):
    """A row that was not taken in as it stands."""

    row_no = fields.Integer()
    external_no = fields.String()
    code = fields.String()
    facts = fields.Dict(keys=fields.String())
    raw = fields.Dict(keys=fields.String())


class ImportReportOut(Schema):
    """What became of a delivery; `problems` holds the first 200."""

    import_id = fields.Integer()
    state = fields.String(validate=_IMPORT_STATE)
    rows = fields.Integer()
    created = fields.Integer()
    unchanged = fields.Integer()
    updated = fields.Integer()
    held = fields.Integer()
    cancelled = fields.Integer()
    refused = fields.Integer()
    lines = fields.Integer()
    new_skus = fields.Integer()
    problem_count = fields.Integer()
    problems = fields.List(fields.Nested(ProblemOut))


class ImportRowOut(Schema):
    """A delivery in the list."""

    id = fields.Integer()
    warehouse_id = fields.Integer()
    shop = fields.String()
    source = fields.String()
    file_name = fields.String()
    state = fields.String(validate=_IMPORT_STATE)
    rows = fields.Integer()
    created = fields.Integer()
    unchanged = fields.Integer()
    updated = fields.Integer()
    held = fields.Integer()
    cancelled = fields.Integer()
    refused = fields.Integer()
    problems = fields.Integer()
    lines = fields.Integer()
    new_skus = fields.Integer()
    user_id = fields.Integer(allow_none=True)
    began_at = fields.AwareDateTime(format="iso")
    ended_at = fields.AwareDateTime(format="iso", allow_none=True)


class OrdersQuery(Schema):
    """Which orders; `text` is a part of the number."""

    warehouse_id = _asked_id()
    state = fields.String(validate=validate.OneOf(STATES))
    shop = fields.String(validate=_SHOP)
    text = _text(100)
    held = fields.Boolean()


class OrderOut(Schema):
    """An order as lists show it."""

    id = fields.Integer()
    number = fields.String()
    shop = fields.String()
    external_no = fields.String()
    warehouse_id = fields.Integer()
    state = fields.String(validate=validate.OneOf(STATES))
    priority = fields.Integer()
    carrier = fields.String()
    zone_tag = fields.String(allow_none=True)
    placed_at = fields.AwareDateTime(format="iso")
    promise_at = fields.AwareDateTime(format="iso", allow_none=True)
    cut_off_at = fields.AwareDateTime(format="iso", allow_none=True)
    tags = fields.List(fields.String())
    customer_ref = fields.String()
    country = fields.String()
    line_count = fields.Integer()
    units = fields.Integer()
    weight_g = fields.Integer()
    volume_mm3 = fields.Integer()
    wait_reason = fields.String()
    imported_at = fields.AwareDateTime(format="iso")
    approved_at = fields.AwareDateTime(format="iso", allow_none=True)
    state_at = fields.AwareDateTime(format="iso")
    holds = fields.List(fields.String())


class OrderLineOut(Schema):
    """A line of an order."""

    id = fields.Integer()
    line_no = fields.Integer()
    sku_id = fields.Integer()
    sku_code = fields.String()
    sku_name = fields.String()
    qty = fields.Integer()
    reserved_qty = fields.Integer()
    picked_qty = fields.Integer()
    short_qty = fields.Integer()
    source_code = fields.String()
    bundle_sku_id = fields.Integer(allow_none=True)
    price_minor = fields.Integer()
    currency = fields.String()


class HoldOut(Schema):
    """A reason to stop, open or released."""

    id = fields.Integer()
    reason = fields.String()
    detail = fields.Dict(keys=fields.String())
    since_at = fields.AwareDateTime(format="iso")
    held_by = fields.Integer(allow_none=True)
    released_at = fields.AwareDateTime(format="iso", allow_none=True)
    released_by = fields.Integer(allow_none=True)
    release_note = fields.String()


class MarkOut(Schema):
    """Progress made."""

    mark = fields.String(validate=validate.OneOf(sorted(MARKS)))
    at = fields.AwareDateTime(format="iso")
    by = fields.Integer(allow_none=True)


class OrderSheetOut(Schema):
    """Everything about one order."""

    order = fields.Nested(OrderOut)
    ship_to = fields.Dict(keys=fields.String())
    note = fields.String()
    lines = fields.List(fields.Nested(OrderLineOut))
    holds = fields.List(fields.Nested(HoldOut))
    marks = fields.List(fields.Nested(MarkOut))


class DecidedOut(Schema):
    """The order after a decision."""

    order_id = fields.Integer()
    number = fields.String()
    state = fields.String(validate=validate.OneOf(STATES))
    holds = fields.List(fields.String())


class ApproveOrderIn(CommandSchema):
    """Let work begin."""

    command = ApproveOrder
    order_id = _id(required=True)


class HoldOrderIn(CommandSchema):
    """Stop the order at the next scan."""

    command = HoldOrder
    order_id = _id(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(sorted(HOLD_REASONS)))
    note = _text(500, load_default="")


class ReleaseHoldIn(CommandSchema):
    """The reason to stop is gone."""

    command = ReleaseHold
    order_id = _id(required=True)
    reason = fields.String(required=True, validate=validate.OneOf(sorted(HOLD_REASONS)))
    note = _text(500, load_default="")


class CancelOrderIn(CommandSchema):
    """The customer does not want it any more."""

    command = CancelOrder
    order_id = _id(required=True)
    note = _text(500, load_default="")


class PrioritiseOrderIn(CommandSchema):
    """Larger comes first; 0 is usual."""

    command = PrioritiseOrder
    order_id = _id(required=True)
    priority = _priority(required=True)


class SetOrderPolicyIn(CommandSchema):
    """How a shop's orders are treated; shop '' for every shop without its own policy."""

    command = SetOrderPolicy
    shop = fields.String(required=True, validate=_SHOP)
    auto_approve = fields.Boolean(load_default=True)
    whole_orders = fields.Boolean(load_default=True)
    promise_hours = fields.Integer(strict=True, load_default=24, validate=validate.Range(0, 24 * 365))
    most_units = fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(1, 1_000_000)
    )


class SetCarrierCutOffIn(CommandSchema):
    """When a carrier collects, "HH:MM" local; null takes the rule away."""

    command = SetCarrierCutOff
    warehouse_id = _id(required=True)
    carrier = _text(40, required=True)
    local_time = fields.String(
        required=True, allow_none=True, validate=validate.Regexp(r"^([01]\d|2[0-3]):[0-5]\d\Z")
    )
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(0, 6)),
        load_default=[0, 1, 2, 3, 4, 5, 6],
        validate=validate.Length(1, 7),
    )

    @post_load
    def build(self, data: dict[str, Any], **more: Any) -> Any:
        """The command."""
        return super().build(data | {"weekdays": tuple(data["weekdays"])}, **more)
