"""Files of SKUs: good rows are kept, bad rows are reported."""

import io
import json
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from backend.core.ids import uuid7
from backend.master.catalog.models import Barcode, Sku
from backend.master.catalog.queries import explode_bundles, export_rows, read_scan, sku_ids_by_code
from backend.master.catalog.rules.skus import COLUMNS
from backend.master.catalog.rules.tables import read_rows, rows_of, write_csv
from backend.master.catalog.use_cases import ImportSkus, import_skus
from tests.build.catalog import a_sku
from tests.build.people import somebody_logged_in

ROWS = [
    {"code": "SET", "name": "Set", "parts": "CUP*2|TEA"},
    {
        "code": "CUP",
        "name": "杯子 / Cup",
        "weight_g": 300,
        "barcodes": "6901234567892|16901234567899*12",
        "packs": "carton*12",
    },
    {
        "code": "TEA",
        "name": "茶 / Tea",
        "lot_policy": "lot_expiry",
        "shelf_life_days": 365,
        "issue_policy": "fefo",
    },
]


def take(house, rows):
    return house.run(import_skus, ImportSkus, rows=rows_of(rows))


def test_new_skus_with_barcodes_packs_and_bundles(house):
    report = take(house, ROWS)
    assert (report.created, report.updated, report.failed) == (3, 0, 0)
    with house.read() as session:
        ids = sku_ids_by_code(session, ["SET", "CUP", "TEA"])
        assert explode_bundles(session, {ids["SET"]: 1}) == {ids["CUP"]: 2, ids["TEA"]: 1}
        assert read_scan(session, "16901234567899").candidates[0].qty == 12
        assert read_scan(session, "tea").kind == "sku"
    assert house.events("catalog.skus_imported")[0]["body"] == {"created": 3, "updated": 0, "failed": 0}


def test_the_same_file_again_changes_nothing(house):
    take(house, ROWS)
    report = take(house, ROWS)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 3)
    assert len(house.events()) == 1


def test_empty_cells_leave_what_is_there(house):
    take(house, ROWS)
    report = take(house, [{"code": "cup", "weight_g": 310}])
    assert report.updated == 1
    with house.read() as session:
        assert read_scan(session, "CUP").candidates[0].name == "杯子 / Cup"


def test_bad_rows_are_reported_and_the_others_kept(house):
    a_sku(house, "OLD", barcodes=(("6901234567892", 6),))
    report = take(
        house,
        [
            {"code": "GOOD", "name": "Good"},
            {"name": "no code"},
            {"code": "BAD", "name": "Bad", "weight_g": "heavy"},
            {"code": "NAMELESS"},
            {"code": "good", "name": "Twice"},
            {"code": "BAR", "name": "Bar", "barcodes": "6901234567893"},
            {"code": "OLD", "barcodes": "6901234567892*12"},
            {"code": "KIT", "name": "Kit", "parts": "NOWHERE"},
        ],
    )
    assert (report.created, report.failed) == (2, 7 - 0)
    assert [(each.row, each.field, each.code) for each in report.errors] == [
        (2, "code", "sku_field"),
        (3, "weight_g", "sku_field"),
        (4, "name", "sku_field"),
        (5, "code", "sku_twice_in_file"),
        (6, "barcodes", "barcode_check_digit"),
        (7, "barcodes", "barcode_other_qty"),
        (8, "parts", "bundle_part_unknown"),
    ]


def test_a_shared_barcode_is_kept_with_a_warning(house):
    a_sku(house, "OLD", barcodes=("6901234567892",))
    report = take(house, [{"code": "NEW", "name": "New", "barcodes": "6901234567892"}])
    assert (report.created, report.failed) == (1, 0)
    assert [(each.row, each.code) for each in report.warnings] == [(1, "barcode_of_other_sku")]


def test_what_is_exported_can_be_imported_again(house):
    take(house, ROWS)
    with house.read() as session:
        data = write_csv(COLUMNS, export_rows(session))
    report = house.run(import_skus, ImportSkus, rows=read_rows(data, "skus.csv"))
    assert (report.unchanged, report.failed, report.errors) == (3, 0, ())


def test_a_thousand_rows_go_in_at_once(house):
    report = take(
        house, [{"code": f"S-{at}", "name": "Thing", "barcodes": f"C-{at}*6"} for at in range(1200)]
    )
    assert report.created == 1200


def test_a_file_comes_in_over_http(house):
    manager = somebody_logged_in(house)
    data = "商家编码,货品名称,条码\nA-1,雨伞,6901234567892\nA-2,,\n".encode("gb18030")
    answer = manager.post(
        "/api/catalog/skus/import-file",
        data={"file": (io.BytesIO(data), "货品.csv")},
        headers={"Idempotency-Key": uuid7()},
    )
    assert answer.status_code == 200, answer.text
    report = answer.get_json()
    assert (report["created"], report["failed"]) == (1, 1)
    assert report["errors"][0]["row"] == 3
    exported = manager.get("/api/catalog/skus/export")
    assert "雨伞".encode() in exported.data


def test_rows_come_in_as_json(house):
    manager = somebody_logged_in(house)
    answer = manager.post(
        "/api/catalog/skus/import",
        data=json.dumps({"rows": ROWS}),
        content_type="application/json",
        headers={"Idempotency-Key": uuid7()},
    )
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["created"] == 3
    listed = manager.get("/api/catalog/skus?search=cup").get_json()
    assert [each["code"] for each in listed["items"]] == ["CUP"]
    assert manager.get("/api/catalog/scan?text=6901234567892").get_json()["candidates"][0]["code"] == "CUP"


def test_two_imports_of_the_same_new_goods_make_them_once(house):
    rows = rows_of([{"code": f"S-{at}", "name": "Thing", "barcodes": f"C-{at}*6"} for at in range(300)])
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: house.run(import_skus, ImportSkus, rows=rows), range(4)))
    assert all(report.failed == 0 for report in reports)
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(Sku)) == 300
        assert session.scalar(select(func.count()).select_from(Barcode)) == 600
