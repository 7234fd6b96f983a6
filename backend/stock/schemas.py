"""What the stock room takes and gives over HTTP."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.http import CommandSchema
from backend.stock.rules import DEFECTIVE, GOOD, PHYSICAL, VIRTUAL, Reason
from backend.stock.use_cases import (
    AdjustStock,
    ChangeQuality,
    CorrectMove,
    MoveHandlingUnit,
    MoveStock,
    NestHandlingUnit,
    ReceivedLine,
    ReceiveStock,
)

_LARGEST_ID = 2**53 - 1
_MOST = 1_000_000
_QUALITY = validate.OneOf((GOOD, DEFECTIVE))


def _id(**more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, _LARGEST_ID), **more)


def _asked_id(**more: Any) -> fields.Integer:
    return fields.Integer(validate=validate.Range(1, _LARGEST_ID), **more)  # text in a URL: not strict


def _qty() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1, _MOST))


def _text(longest: int, **more: Any) -> fields.String:
    return fields.String(validate=validate.Length(max=longest), **more)


def _code(**more: Any) -> fields.String:
    return fields.String(validate=validate.Length(1, 64), load_default=None, allow_none=True, **more)


class ReceivedLineIn(Schema):
    """Goods that came in."""

    sku_id = _id(required=True)
    qty = _qty()
    to_location_id = _id(load_default=None, allow_none=True)
    lot_code = _code()
    expiry_on = fields.Date(load_default=None, allow_none=True)
    mfg_on = fields.Date(load_default=None, allow_none=True)
    quality = fields.String(load_default=GOOD, validate=_QUALITY)
    lpn = _code()
    serials = fields.List(
        fields.String(validate=validate.Length(1, 64)), load_default=[], validate=validate.Length(max=5000)
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> ReceivedLine:
        """The line."""
        return ReceivedLine(**(data | {"serials": tuple(data["serials"])}))


class ReceiveStockIn(CommandSchema):
    """A receipt."""

    command = ReceiveStock
    warehouse_id = _id(required=True)
    lines = fields.List(
        fields.Nested(ReceivedLineIn), required=True, validate=validate.Length(min=1, max=5000)
    )
    note = _text(500, load_default="")

    @post_load
    def build(self, data: dict[str, Any], **more: Any) -> Any:
        """The command."""
        return super().build(data | {"lines": tuple(data["lines"])}, **more)


class MoveStockIn(CommandSchema):
    """Free goods from one balance to another location."""

    command = MoveStock
    balance_id = _id(required=True)
    qty = _qty()
    to_location_id = _id(required=True)
    serial = _code()
    note = _text(500, load_default="")


class AdjustStockIn(CommandSchema):
    """A difference between the books and the floor."""

    command = AdjustStock
    location_id = _id(required=True)
    sku_id = _id(required=True)
    qty_delta = fields.Integer(required=True, strict=True, validate=validate.Range(-_MOST, _MOST))
    note = _text(500, required=True)
    lot_code = _code()
    quality = fields.String(load_default=GOOD, validate=_QUALITY)
    lpn = _code()
    serial = _code()


class ChangeQualityIn(CommandSchema):
    """Good to defective, or back."""

    command = ChangeQuality
    balance_id = _id(required=True)
    qty = _qty()
    note = _text(500, required=True)
    serial = _code()


class CorrectMoveIn(CommandSchema):
    """Undo a ledger line by a counter-entry."""

    command = CorrectMove
    move_id = _id(required=True)
    note = _text(500, required=True)


class NestHandlingUnitIn(CommandSchema):
    """Put a handling unit into another one; without a parent, take it out."""

    command = NestHandlingUnit
    lpn = _text(64, required=True)
    parent_lpn = _code()


class MoveHandlingUnitIn(CommandSchema):
    """Carry a handling unit with all that is in it."""

    command = MoveHandlingUnit
    lpn = _text(64, required=True)
    to_location_id = _id(required=True)


class BumpedOut(Schema):
    """A document line that lost pieces of its promise."""

    reservation_id = fields.Integer()
    doc_kind = fields.String()
    doc_id = fields.Integer()
    sku_id = fields.Integer()
    qty = fields.Integer()


class PostedOut(Schema):
    """The ledger lines that were written."""

    move_ids = fields.List(fields.Integer())
    bumped = fields.List(fields.Nested(BumpedOut))


class UnitPlaceOut(Schema):
    """Where a handling unit is now."""

    id = fields.Integer()
    lpn = fields.String()
    parent_id = fields.Integer(allow_none=True)
    location_id = fields.Integer(allow_none=True)


class BalancesQuery(Schema):
    """Which balances."""

    warehouse_id = _asked_id(required=True)
    sku_id = _asked_id()
    location_id = _asked_id()
    lpn = _text(64)


class FiguresQuery(Schema):
    """Which SKUs; `text` is the beginning of a code."""

    warehouse_id = _asked_id(required=True)
    text = _text(64)


class ExplainQuery(Schema):
    """Which SKU's availability."""

    warehouse_id = _asked_id(required=True)
    sku_id = _asked_id(required=True)


class AsOfQuery(Schema):
    """When; `by_event` counts off-line scans from when they were made."""

    warehouse_id = _asked_id(required=True)
    at = fields.AwareDateTime(required=True, format="iso")
    by_event = fields.Boolean(load_default=False)
    sku_id = _asked_id()
    location_id = _asked_id()


class MovesQuery(Schema):
    """Which ledger lines."""

    warehouse_id = _asked_id(required=True)
    sku_id = _asked_id()
    doc_kind = _text(40)
    doc_id = fields.Integer(validate=validate.Range(0, _LARGEST_ID))
    command_id = _text(64)


class BalanceOut(Schema):
    """Goods at one place; `free` pieces are not held for an order."""

    id = fields.Integer()
    warehouse_id = fields.Integer()
    location_id = fields.Integer()
    location_code = fields.String()
    location_kind = fields.String(validate=validate.OneOf(sorted(PHYSICAL | VIRTUAL)))
    zone_id = fields.Integer(allow_none=True)
    blocked = fields.Boolean()
    sku_id = fields.Integer()
    sku_code = fields.String()
    sku_name = fields.String()
    lot_id = fields.Integer(allow_none=True)
    lot_code = fields.String(allow_none=True)
    expiry_on = fields.Date(allow_none=True)
    mfg_on = fields.Date(allow_none=True)
    quality = fields.String(validate=_QUALITY)
    hu_id = fields.Integer(allow_none=True)
    lpn = fields.String(allow_none=True)
    on_hand = fields.Integer()
    reserved = fields.Integer()
    free = fields.Integer()
    fifo_at = fields.AwareDateTime(format="iso", allow_none=True)


class FigureOut(Schema):
    """What may be promised of a SKU."""

    warehouse_id = fields.Integer()
    sku_id = fields.Integer()
    sku_code = fields.String()
    sku_name = fields.String()
    sellable = fields.Integer()
    reserved = fields.Integer()
    atp = fields.Integer()


class PromiseOut(Schema):
    """Who holds goods."""

    reservation_id = fields.Integer()
    doc_kind = fields.String()
    doc_id = fields.Integer()
    open_qty = fields.Integer()
    allocated_qty = fields.Integer()
    created_at = fields.AwareDateTime(format="iso")


class ExplainedBalanceOut(Schema):
    """A balance and who holds how much of it."""

    balance = fields.Nested(BalanceOut)
    promises = fields.List(fields.Nested(PromiseOut))


class ExplainedAvailabilityOut(Schema):
    """ATP taken apart."""

    figure = fields.Nested(FigureOut)
    balances = fields.List(fields.Nested(BalanceOut))
    promises = fields.List(fields.Nested(PromiseOut))


class MoveOut(Schema):
    """A ledger line; `change` and `after` belong to the balance asked about."""

    id = fields.Integer()
    reason = fields.String(validate=validate.OneOf([*Reason]))
    change = fields.Integer()
    after = fields.Integer()
    qty = fields.Integer()
    sku_code = fields.String()
    from_code = fields.String()
    to_code = fields.String()
    lot_code = fields.String(allow_none=True)
    serial = fields.String(allow_none=True)
    quality = fields.String(validate=_QUALITY)
    to_quality = fields.String(validate=_QUALITY)
    doc_kind = fields.String()
    doc_id = fields.Integer()
    note = fields.String()
    user_id = fields.Integer(allow_none=True)
    user_name = fields.String(allow_none=True)
    device_id = fields.Integer(allow_none=True)
    device_name = fields.String(allow_none=True)
    command_id = fields.String()
    corrects_id = fields.Integer(allow_none=True)
    event_at = fields.AwareDateTime(format="iso")
    recorded_at = fields.AwareDateTime(format="iso")
    seal_seq = fields.Integer(allow_none=True)


class StockThenOut(Schema):
    """What lay at a balance then; `balance` is as it is now."""

    balance = fields.Nested(BalanceOut)
    on_hand_then = fields.Integer()


class FaultOut(Schema):
    """A figure that is not what the ledger says."""

    check = fields.String()
    subject = fields.String()
    expected = fields.String()
    found = fields.String()


class TruthOut(Schema):
    """The last verdict on the ledger; `sound` null: never checked."""

    sound = fields.Boolean(allow_none=True)
    checked_at = fields.AwareDateTime(format="iso", allow_none=True)
    moves = fields.Integer()
    sealed = fields.Integer()
    unsealed = fields.Integer()
    proved_seq = fields.Integer()
    faults = fields.List(fields.Nested(FaultOut))
