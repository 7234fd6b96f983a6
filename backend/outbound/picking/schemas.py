"""Shapes of picking on the wire."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from backend.core.execute import Command
from backend.core.http import CommandSchema
from backend.master.catalog.rules.skus import LOT_POLICIES, SERIAL_POLICIES
from backend.outbound.picking.rules import MODES, STEPS, LineState, ShortReason, TaskState
from backend.outbound.picking.use_cases import (
    BindTote,
    ClaimNextTask,
    ClaimTask,
    ConfirmPick,
    FinishTask,
    PickShort,
    PutBackGoods,
    RecordMisScan,
    ResumeTask,
    SkipLine,
    SuspendTask,
    TakeOverTask,
    UndoPick,
)

_CODE = validate.Length(1, 120)
_SCAN = validate.Length(1, 500)
_QTY = validate.Range(1, 1_000_000)
_SLOT = validate.Range(1, 1000)
_TASK_STATE = validate.OneOf([*TaskState])
_LINE_STATE = validate.OneOf([state for state in LineState if state is not LineState.STOPPED])
_MODE = validate.OneOf([*MODES])


class Ready(fields.Nested):
    """Documented by its schema, dumped as it is: the sheet is in JSON values already, and every scan answers with it."""

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # as Nested itself
        return nested_obj


def _id() -> fields.Integer:
    return fields.Integer(required=True, strict=True)


class ClaimNextIn(CommandSchema):
    """Where."""

    command = ClaimNextTask
    warehouse_id = _id()


class ClaimIn(CommandSchema):
    """Which task."""

    command = ClaimTask
    task_id = _id()


class SuspendIn(CommandSchema):
    """Which task."""

    command = SuspendTask
    task_id = _id()


class ResumeIn(CommandSchema):
    """Which task."""

    command = ResumeTask
    task_id = _id()


class TakeOverIn(CommandSchema):
    """Which task."""

    command = TakeOverTask
    task_id = _id()


class FinishIn(CommandSchema):
    """Which task."""

    command = FinishTask
    task_id = _id()


class BindToteIn(CommandSchema):
    """Which tote stands where."""

    command = BindTote
    task_id = _id()
    slot_no = fields.Integer(required=True, strict=True, validate=_SLOT)
    lpn = fields.String(required=True, validate=_CODE)
    further = fields.Boolean(load_default=False)


class ConfirmPickIn(CommandSchema):
    """What was scanned. `knows_version`: the version of the task that the device holds, for a short answer."""

    command = ConfirmPick
    task_id = _id()
    line_id = _id()
    slot_no = fields.Integer(required=True, strict=True, validate=_SLOT)
    qty = fields.Integer(required=True, strict=True, validate=_QTY)
    location_code = fields.String(required=True, validate=_CODE)
    sku_barcode = fields.String(required=True, validate=_SCAN)
    lot_code = fields.String(load_default=None, allow_none=True, validate=_CODE)
    serial = fields.String(load_default=None, allow_none=True, validate=_CODE)
    lpn = fields.String(load_default=None, allow_none=True, validate=_CODE)
    knows_version = fields.Integer(load_default=None, allow_none=True, strict=True)


class PickShortIn(CommandSchema):
    """What is missing, and why."""

    command = PickShort
    task_id = _id()
    line_id = _id()
    qty = fields.Integer(required=True, strict=True, validate=_QTY)
    reason = fields.String(required=True, validate=validate.OneOf([str(each) for each in ShortReason]))


class SkipLineIn(CommandSchema):
    """Which line."""

    command = SkipLine
    task_id = _id()
    line_id = _id()


class UndoPickIn(CommandSchema):
    """Which pick, by its id or by the command that made it."""

    command = UndoPick
    task_id = _id()
    pick_id = fields.Integer(load_default=None, allow_none=True, strict=True)
    made_by = fields.UUID(load_default=None, allow_none=True, data_key="command_id")

    @validates_schema
    def one_of_them(self, data: dict[str, Any], **_: Any) -> None:
        """One of the two names the pick."""
        if data.get("pick_id") is None and data.get("made_by") is None:
            raise ValidationError("needed", field_name="pick_id")

    @post_load
    def build(self, data: dict[str, Any], **more: Any) -> Command:
        """The command; the id as the text that is stored with the pick."""
        made_by = data.get("made_by")
        return super().build(data | {"made_by": str(made_by) if made_by else None}, **more)


class PutBackIn(CommandSchema):
    """What lies in which bin again."""

    command = PutBackGoods
    task_id = _id()
    order_id = _id()
    line_id = _id()
    qty = fields.Integer(required=True, strict=True, validate=_QTY)
    location_code = fields.String(required=True, validate=_CODE)


class MisScanIn(CommandSchema):
    """What was meant, and what was read."""

    command = RecordMisScan
    task_id = _id()
    line_id = fields.Integer(load_default=None, allow_none=True, strict=True)
    step = fields.String(required=True, validate=validate.OneOf(STEPS))
    scanned = fields.String(required=True, validate=validate.Length(0, 500))
    expected = fields.String(load_default="", validate=validate.Length(0, 500))


# ------------------------------------------------------------------------------------------ out


class WaveRefOut(Schema):
    """The wave of a task."""

    id = fields.Integer()
    number = fields.String()


class HereOut(Schema):
    """Where the picker was last seen."""

    x_mm = fields.Integer()
    y_mm = fields.Integer()
    floor = fields.Integer()


class ToteOut(Schema):
    """A slot of the cart."""

    slot_no = fields.Integer()
    order_id = fields.Integer()
    order_number = fields.String()
    lpn = fields.String(allow_none=True)
    full_lpns = fields.List(fields.String())
    holds = fields.List(fields.String())


class LineLocationOut(Schema):
    """The bin of a line."""

    id = fields.Integer()
    code = fields.String()
    check_code = fields.String()
    zone = fields.String(allow_none=True)
    aisle = fields.String(allow_none=True)
    side = fields.String()
    level = fields.Integer()
    x_mm = fields.Integer()
    y_mm = fields.Integer()
    floor = fields.Integer()


class LineBarcodeOut(Schema):
    """A code of the SKU, and how many pieces it stands for."""

    code = fields.String()
    qty = fields.Integer()


class LineSkuOut(Schema):
    """The SKU of a line."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    image_url = fields.String(allow_none=True)
    unit = fields.String()
    barcodes = fields.List(fields.Nested(LineBarcodeOut))
    lot_policy = fields.String(validate=validate.OneOf(LOT_POLICIES))
    serial_policy = fields.String(validate=validate.OneOf(SERIAL_POLICIES))
    fragile = fields.Boolean()


class LineLotOut(Schema):
    """The lot to take."""

    code = fields.String()
    expiry_on = fields.Date(allow_none=True)


class SplitOut(Schema):
    """How much of a line goes into which slot."""

    slot_no = fields.Integer()
    order_id = fields.Integer()
    qty = fields.Integer()
    picked_qty = fields.Integer()
    short_qty = fields.Integer()


class LineOut(Schema):
    """A stop of the route."""

    id = fields.Integer()
    seq = fields.Integer()
    state = fields.String(validate=_LINE_STATE)
    location = fields.Nested(LineLocationOut)
    sku = fields.Nested(LineSkuOut)
    lot = fields.Nested(LineLotOut, allow_none=True)
    qty = fields.Integer()
    picked_qty = fields.Integer()
    short_qty = fields.Integer()
    splits = fields.List(fields.Nested(SplitOut))


class PickedOut(Schema):
    """A pick that was confirmed."""

    id = fields.Integer()
    command_id = fields.String()
    line_id = fields.Integer()
    slot_no = fields.Integer()
    qty = fields.Integer()
    at = fields.AwareDateTime()
    undone = fields.Boolean()


class PutBackOut(Schema):
    """Goods that must return to a bin."""

    order_id = fields.Integer()
    order_number = fields.String()
    line_id = fields.Integer()
    sku_id = fields.Integer()
    sku = fields.Nested(LineSkuOut)
    qty = fields.Integer()
    location_code = fields.String()


class TaskOut(Schema):
    """A task with everything a picker needs, also without a network."""

    id = fields.Integer()
    warehouse_id = fields.Integer()
    state = fields.String(validate=_TASK_STATE)
    mode = fields.String(validate=_MODE)
    wave = fields.Nested(WaveRefOut, allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    picker_id = fields.Integer(allow_none=True)
    scan_each = fields.Boolean()
    route_mm = fields.Integer()
    route = fields.List(fields.List(fields.Integer(), validate=validate.Length(equal=3)))  # x, y in mm, floor
    here = fields.Nested(HereOut, allow_none=True)
    totes = fields.List(fields.Nested(ToteOut))
    lines = fields.List(fields.Nested(LineOut))
    picks = fields.List(fields.Nested(PickedOut))
    put_backs = fields.List(fields.Nested(PutBackOut))
    version = fields.Integer()


class ChangedLineOut(Schema):
    """A line after a pick."""

    id = fields.Integer()
    state = fields.String(validate=_LINE_STATE)
    qty = fields.Integer()
    picked_qty = fields.Integer()
    short_qty = fields.Integer()
    splits = fields.List(fields.Nested(SplitOut))


class ChangeOut(Schema):
    """What a pick changed in the task."""

    version = fields.Integer()
    line = fields.Nested(ChangedLineOut)
    pick = fields.Nested(PickedOut)


class ClaimedOut(Schema):
    """The task, or none when there is no work."""

    task = Ready(TaskOut, allow_none=True)


class AnswerOut(Schema):
    """What every picking command answers. `task` is absent where `change` is enough."""

    task = Ready(TaskOut, allow_none=True)
    tone = fields.String(validate=validate.OneOf(["ok", "warn", "stop"]))
    next_line_id = fields.Integer(allow_none=True)
    change = Ready(ChangeOut, allow_none=True)


class TasksQuery(Schema):
    """Which tasks."""

    warehouse_id = fields.Integer(load_default=None)
    state = fields.String(
        load_default=None, validate=validate.OneOf(["open", "claimed", "suspended", "done", "cancelled"])
    )
    wave_id = fields.Integer(load_default=None)
    mine = fields.Boolean(load_default=False)


class TaskRowOut(Schema):
    """A task as a list shows it."""

    id = fields.Integer()
    warehouse_id = fields.Integer()
    state = fields.String(validate=_TASK_STATE)
    mode = fields.String(validate=_MODE)
    wave_id = fields.Integer(allow_none=True)
    wave_number = fields.String(allow_none=True)
    picker_id = fields.Integer(allow_none=True)
    picker_name = fields.String(allow_none=True)
    due_at = fields.AwareDateTime(allow_none=True)
    route_mm = fields.Integer()
    orders = fields.Integer()
    lines = fields.Integer()
    lines_open = fields.Integer()
    units = fields.Integer()
    units_picked = fields.Integer()
    started_at = fields.AwareDateTime(allow_none=True)
    finished_at = fields.AwareDateTime(allow_none=True)
