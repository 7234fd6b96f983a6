"""Rows of an import file."""

import pytest

from backend.master.catalog.rules.skus import BarcodeSpec, PackSpec, PartSpec, RowError, SkuRow, read_sku_row
from backend.master.catalog.rules.tables import TableRow


def row(**cells: str) -> TableRow:
    return TableRow(2, tuple(cells.items()))


def test_a_full_row_is_read():
    read = read_sku_row(
        row(
            code="a-1", name="茶 / Tea", weight_g="250", lot_policy="LOT_EXPIRY", shelf_life_days="365", velocity="a",
            fragile="yes", barcodes="6901234567892|16901234567899*12", packs="Carton*12", parts="b-1*2;b-2",
        )
    )  # fmt: skip
    assert isinstance(read, SkuRow)
    assert read.code == "A-1"
    assert read.fields == {
        "name": "茶 / Tea", "weight_g": 250, "lot_policy": "lot_expiry", "shelf_life_days": 365, "velocity": "A",
        "fragile": True,
    }  # fmt: skip
    assert read.barcodes == (BarcodeSpec("6901234567892"), BarcodeSpec("16901234567899", 12))
    assert read.packs == (PackSpec("carton", 12),)
    assert read.parts == (PartSpec("B-1", 2), PartSpec("B-2", 1))


def test_chinese_headings_are_understood():
    read = read_sku_row(
        TableRow(2, (("商家编码", "A-1"), ("货品名称", "茶"), ("条码", "6901234567892"), ("易碎", "是")))
    )
    assert isinstance(read, SkuRow)
    assert (read.code, read.fields["fragile"]) == ("A-1", True)


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"name": "x"}, "code", "sku_field"),
        ({"code": "x" * 65}, "code", "sku_field"),
        ({"code": "A", "weight_g": "1.5"}, "weight_g", "sku_field"),
        ({"code": "A", "weight_g": "-1"}, "weight_g", "sku_field"),
        ({"code": "A", "weight_g": "9999999999"}, "weight_g", "sku_field"),
        ({"code": "A", "lot_policy": "maybe"}, "lot_policy", "sku_field"),
        ({"code": "A", "fragile": "perhaps"}, "fragile", "sku_field"),
        ({"code": "A", "shelf_life_days": "0"}, "shelf_life_days", "sku_field"),
        ({"code": "A", "shelf_life_days": "9", "lot_policy": "none"}, "shelf_life_days", "sku_needs_lot"),
        ({"code": "A", "barcodes": "6901234567893"}, "barcodes", "barcode_check_digit"),
        ({"code": "A", "barcodes": "C1*0"}, "barcodes", "qty_not_positive"),
    ],
)
def test_a_wrong_cell_is_named(cells: dict[str, str], column: str, code: str):
    read = read_sku_row(row(**cells))
    assert isinstance(read, RowError)
    assert (read.row, read.field, read.code) == (2, column, code)
