"""What the catalogue takes and gives over HTTP."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from backend.core.execute import Command
from backend.core.http import CommandSchema
from backend.master.catalog.rules.barcodes import LONGEST_CODE, BarcodeKind
from backend.master.catalog.rules.skus import (
    ISSUE_POLICIES,
    LOT_POLICIES,
    SERIAL_POLICIES,
    VELOCITIES,
    BarcodeSpec,
    PackSpec,
    PartSpec,
)
from backend.master.catalog.rules.tables import MOST_ROWS, rows_of
from backend.master.catalog.use_cases import (
    AddBarcode,
    CreateSku,
    ImportSkus,
    RemoveBarcode,
    SetBundle,
    UpdateSku,
)

_LARGEST = 2_000_000_000


def _measure(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, _LARGEST), **options)


def _id() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(1))


def _qty(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, _LARGEST), **options)


class BarcodeSpecIn(Schema):
    """A barcode to keep; `kind` is told by the code itself when left out."""

    code = fields.String(required=True, validate=validate.Length(1, LONGEST_CODE))
    qty = _qty(load_default=1)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*BarcodeKind]))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> BarcodeSpec:
        return BarcodeSpec(**data)


class PackSpecIn(Schema):
    """A named multiple of the base unit."""

    name = fields.String(required=True, validate=validate.Length(1, 64))
    qty = _qty(required=True)
    weight_g = _measure(load_default=0)
    length_mm = _measure(load_default=0)
    width_mm = _measure(load_default=0)
    height_mm = _measure(load_default=0)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PackSpec:
        return PackSpec(**data)


class PartSpecIn(Schema):
    """A part of a bundle, by SKU code."""

    code = fields.String(required=True, validate=validate.Length(1, 64))
    qty = _qty(load_default=1)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> PartSpec:
        return PartSpec(data["code"].strip().upper(), data["qty"])


class FrozenIn(CommandSchema):
    """Lists of the body become the tuples of a frozen command."""

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        frozen = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
        return super().build(frozen)


class SkuFieldsIn(FrozenIn):
    """Fields that creating and changing a SKU share; those left out keep their value."""

    image_url = fields.URL(
        schemes={"http", "https"}, relative=True, allow_none=True, validate=validate.Length(max=1000)
    )
    unit = fields.String(validate=validate.Length(1, 20))
    weight_g = _measure()
    length_mm = _measure()
    width_mm = _measure()
    height_mm = _measure()
    lot_policy = fields.String(validate=validate.OneOf(LOT_POLICIES))
    serial_policy = fields.String(validate=validate.OneOf(SERIAL_POLICIES))
    shelf_life_days = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, 36_500))
    issue_policy = fields.String(validate=validate.OneOf(ISSUE_POLICIES))
    velocity = fields.String(validate=validate.OneOf(VELOCITIES))
    fragile = fields.Boolean()
    packs = fields.List(fields.Nested(PackSpecIn), validate=validate.Length(max=20))


class CreateSkuIn(SkuFieldsIn):
    """A new SKU."""

    command = CreateSku
    code = fields.String(required=True, validate=validate.Length(1, 64))
    name = fields.String(required=True, validate=validate.Length(1, 300))
    barcodes = fields.List(fields.Nested(BarcodeSpecIn), validate=validate.Length(max=100))


class UpdateSkuIn(SkuFieldsIn):
    """Changes to a SKU."""

    command = UpdateSku
    sku_id = _id()
    name = fields.String(validate=validate.Length(1, 300))
    active = fields.Boolean()


class AddBarcodeIn(CommandSchema):
    """A further code for a SKU."""

    command = AddBarcode
    sku_id = _id()
    code = fields.String(required=True, validate=validate.Length(1, LONGEST_CODE))
    qty = _qty(load_default=1)
    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([*BarcodeKind]))
    shared = fields.Boolean(load_default=False)


class RemoveBarcodeIn(CommandSchema):
    """Which code goes."""

    command = RemoveBarcode
    sku_id = _id()
    barcode_id = _id()


class SetBundleIn(FrozenIn):
    """What the bundle is made of."""

    command = SetBundle
    sku_id = _id()
    parts = fields.List(fields.Nested(PartSpecIn), required=True, validate=validate.Length(1, 200))


class ImportSkusIn(CommandSchema):
    """Rows as objects, column names as in the file: a wrong cell becomes an entry of the report."""

    command = ImportSkus
    rows = fields.List(
        fields.Dict(keys=fields.String()), required=True, validate=validate.Length(1, MOST_ROWS)
    )

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        return super().build({"rows": rows_of(data["rows"])})


class SkuPageQuery(Schema):
    """Filters of the SKU list."""

    search = fields.String(load_default=None, validate=validate.Length(1, 120))
    active = fields.Boolean(load_default=None)


class ScanQuery(Schema):
    """What the scanner read, as it came."""

    text = fields.String(required=True, validate=validate.Length(1, 2000))


class BarcodeOut(Schema):
    """A code and the base units that one scan of it stands for."""

    code = fields.String(required=True)
    qty = fields.Integer(required=True)


_BARCODE = {
    "type": "object",
    "required": ["code", "qty"],
    "properties": {"code": {"type": "string"}, "qty": {"type": "integer"}},
    "additionalProperties": False,
}


class SkuOut(Schema):
    """A SKU as lists and handhelds show it."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    image_url = fields.String(required=True, allow_none=True)
    unit = fields.String(required=True)
    weight_g = fields.Integer(required=True)
    volume_mm3 = fields.Integer(required=True)
    lot_policy = fields.String(required=True, validate=validate.OneOf(LOT_POLICIES))
    serial_policy = fields.String(required=True, validate=validate.OneOf(SERIAL_POLICIES))
    issue_policy = fields.String(required=True, validate=validate.OneOf(ISSUE_POLICIES))
    shelf_life_days = fields.Integer(required=True, allow_none=True)
    velocity = fields.String(required=True, validate=validate.OneOf(VELOCITIES))
    fragile = fields.Boolean(required=True)
    is_bundle = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    barcodes = fields.Function(
        lambda card: [{"code": code, "qty": qty} for code, qty in card.barcodes],
        metadata={"type": "array", "items": _BARCODE},
    )


class BarcodeRowOut(BarcodeOut):
    """A barcode with its id and kind."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([*BarcodeKind]))


class PackOut(Schema):
    """A named multiple of the base unit."""

    name = fields.String(required=True)
    qty = fields.Integer(required=True)
    weight_g = fields.Integer(required=True)
    length_mm = fields.Integer(required=True)
    width_mm = fields.Integer(required=True)
    height_mm = fields.Integer(required=True)


class PartOut(Schema):
    """A part of a bundle."""

    sku_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    qty = fields.Integer(required=True)


class SkuSheetOut(Schema):
    """Everything about one SKU."""

    card = fields.Nested(SkuOut, required=True)
    length_mm = fields.Integer(required=True)
    width_mm = fields.Integer(required=True)
    height_mm = fields.Integer(required=True)
    packs = fields.List(fields.Nested(PackOut), required=True)
    parts = fields.List(fields.Nested(PartOut), required=True)
    barcode_rows = fields.List(fields.Nested(BarcodeRowOut), required=True)


class SavedSkuOut(Schema):
    """The SKU that was written."""

    id = fields.Integer(required=True)
    code = fields.String(required=True)


class SavedBarcodeOut(Schema):
    """The barcode as it is kept, and the other SKUs that carry it."""

    id = fields.Integer(required=True)
    sku_id = fields.Integer(required=True)
    code = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([*BarcodeKind]))
    qty = fields.Integer(required=True)
    also = fields.List(fields.String(), required=True)


class RowErrorOut(Schema):
    """Why a row was not taken, or a warning about one that was."""

    row = fields.Integer(required=True)
    field = fields.String(required=True)
    code = fields.String(required=True)
    facts = fields.Dict(required=True)


class ImportReportOut(Schema):
    """What became of the rows of an import."""

    rows = fields.Integer(required=True)
    created = fields.Integer(required=True)
    updated = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    errors = fields.List(fields.Nested(RowErrorOut), required=True)
    warnings = fields.List(fields.Nested(RowErrorOut), required=True)


class ScanCandidateOut(Schema):
    """A SKU that the scan may mean."""

    sku_id = fields.Integer(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    qty = fields.Integer(required=True)


class ScanOut(Schema):
    """What a scanned text means; several candidates are a question to the person."""

    text = fields.String(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(["sku", "location", "lpn", "sscc", "unknown"])
    )
    candidates = fields.List(fields.Nested(ScanCandidateOut), required=True)
    gtin = fields.String(required=True, allow_none=True)
    lot = fields.String(required=True, allow_none=True)
    expiry_on = fields.Date(required=True, allow_none=True)
    mfg_on = fields.Date(required=True, allow_none=True)
    serial = fields.String(required=True, allow_none=True)
    qty = fields.Integer(required=True, allow_none=True)
    sscc = fields.String(required=True, allow_none=True)
    unknown_ais = fields.List(fields.String(), required=True)
    wrong_ais = fields.List(fields.String(), required=True)
    misread = fields.Boolean(required=True)
