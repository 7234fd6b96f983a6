"""What the layout takes and gives over HTTP."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.execute import Command
from backend.core.http import CommandSchema
from backend.master.catalog.rules.tables import MOST_ROWS
from backend.master.layout.rules.places import LOCATION_KINDS, LONGEST_CODE, SIDES, ZONE_KINDS
from backend.master.layout.rules.plan import LISTS, rows_from_lists
from backend.master.layout.rules.travel import DIRECTIONS, POINT_KINDS
from backend.master.layout.use_cases import (
    BlockAisle,
    BlockLocation,
    CreateWarehouse,
    ImportLayout,
    UnblockAisle,
    UnblockLocation,
)

_LARGEST = 2_000_000_000


def _id() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1))


def _mm() -> fields.Integer:
    return fields.Integer(
        strict=True, load_default=None, allow_none=True, validate=validate.Range(-_LARGEST, _LARGEST)
    )


def _records() -> fields.List:
    return fields.List(
        fields.Dict(keys=fields.String()), load_default=[], validate=validate.Length(max=MOST_ROWS)
    )


class CreateWarehouseIn(CommandSchema):
    """A new warehouse."""

    command = CreateWarehouse
    code = fields.String(required=True, validate=validate.Length(1, LONGEST_CODE))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    timezone = fields.String(load_default="UTC", validate=validate.Length(1, 64))


class ImportLayoutIn(CommandSchema):
    """A layout as lists of records; columns as in the file format."""

    command = ImportLayout
    warehouse_id = _id()
    retire_missing = fields.Boolean(load_default=False)
    zones = _records()
    aisles = _records()
    cross_aisles = _records()
    lifts = _records()
    points = _records()
    bins = _records()

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        lists = {name: data.pop(name) for name in LISTS.values()}
        return super().build({**data, "rows": rows_from_lists(lists)})


class BlockAisleIn(CommandSchema):
    """The whole aisle, or the stretch between two points of it."""

    command = BlockAisle
    aisle_id = _id()
    y_from_mm = _mm()
    y_to_mm = _mm()
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class UnblockAisleIn(CommandSchema):
    """Which aisle opens."""

    command = UnblockAisle
    aisle_id = _id()


class BlockLocationIn(CommandSchema):
    """Which location closes, and why."""

    command = BlockLocation
    location_id = _id()
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class UnblockLocationIn(CommandSchema):
    """Which location opens."""

    command = UnblockLocation
    location_id = _id()


class LocationQuery(Schema):
    """Filters of the location list."""

    search = fields.String(load_default=None, validate=validate.Length(1, LONGEST_CODE))
    kind = fields.String(load_default=None, validate=validate.OneOf(LOCATION_KINDS))


class LocationTextQuery(Schema):
    """What the scanner read, or the code as typed."""

    text = fields.String(required=True, validate=validate.Length(1, 200))


class WarehouseOut(Schema):
    """A warehouse."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    timezone = fields.String(required=True)


class SavedWarehouseOut(Schema):
    """The warehouse that was written."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)


class PlaceOut(Schema):
    """A location; coordinates in mm."""

    id = fields.Integer(required=True)
    warehouse_id = fields.Integer(required=True)
    zone_id = fields.Integer(required=True, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(LOCATION_KINDS))
    code = fields.String(required=True)
    check_code = fields.String(required=True)
    aisle_id = fields.Integer(required=True, allow_none=True)
    side = fields.String(required=True, validate=validate.OneOf(SIDES))
    x_mm = fields.Integer(required=True)
    y_mm = fields.Integer(required=True)
    floor = fields.Integer(required=True)
    level = fields.Integer(required=True)
    pick_seq = fields.Integer(required=True)
    max_volume_mm3 = fields.Integer(required=True, allow_none=True)
    max_weight_g = fields.Integer(required=True, allow_none=True)
    blocked = fields.Boolean(required=True)
    sellable = fields.Boolean(required=True)


class LabelledPlaceOut(PlaceOut):
    """A location and the text that its printed label holds."""

    label = fields.String(required=True)


class AisleStateOut(Schema):
    """The aisle after the command."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    blocked = fields.Boolean(required=True)


class LayoutReportOut(Schema):
    """What the import did."""

    warehouse_id = fields.Integer(required=True)
    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    retired = fields.List(fields.String(), required=True)


class ZoneOut(Schema):
    """A zone."""

    id = fields.Integer(required=True)
    warehouse_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(ZONE_KINDS))


class AisleOut(Schema):
    """An aisle on the map, with its blocked stretches as pairs of y in mm."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    floor = fields.Integer(required=True)
    number = fields.Integer(required=True)
    x_mm = fields.Integer(required=True)
    y_from_mm = fields.Integer(required=True)
    y_to_mm = fields.Integer(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(DIRECTIONS))
    blocked = fields.Boolean(required=True)
    stretches = fields.List(fields.List(fields.Integer(), validate=validate.Length(equal=2)), required=True)


class CrossAisleOut(Schema):
    """A cross aisle on the map."""

    floor = fields.Integer(required=True)
    y_mm = fields.Integer(required=True)


class LiftOut(Schema):
    """A lift on the map."""

    x_mm = fields.Integer(required=True)
    y_mm = fields.Integer(required=True)
    floor_from = fields.Integer(required=True)
    floor_to = fields.Integer(required=True)
    cost_mm = fields.Integer(required=True)


class PointOut(Schema):
    """Where walks begin or end."""

    kind = fields.String(required=True, validate=validate.OneOf(POINT_KINDS))
    aisle_id = fields.Integer(required=True)
    y_mm = fields.Integer(required=True)


class MapOut(Schema):
    """A warehouse to draw. `bins` are arrays in the order of `bin_columns`, to keep a large map small."""

    warehouse = fields.Nested(WarehouseOut, required=True)
    floors = fields.List(fields.Integer(), required=True)
    zones = fields.List(fields.Nested(ZoneOut), required=True)
    aisles = fields.List(fields.Nested(AisleOut), required=True)
    cross_aisles = fields.List(fields.Nested(CrossAisleOut), required=True)
    lifts = fields.List(fields.Nested(LiftOut), required=True)
    points = fields.List(fields.Nested(PointOut), required=True)
    bin_columns = fields.List(fields.String(), required=True)
    bins = fields.List(
        fields.List(fields.Raw(metadata={"type": ["string", "integer", "boolean", "null"]})), required=True
    )
