"""Order files: any shop's export, and real data with its dirt."""

import base64
import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from backend.core.errors import Unprocessable
from backend.orders.models import OrderImport, OrderImportFile, OrderImportProblem, SalesOrder, SalesOrderLine
from backend.orders.use_cases import ImportOrderFile, ImportReport, import_order_file
from tests.build.orders import order
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest

REAL = Path(__file__).parents[4] / "shared/data/orders/online_retail_2010-12_2011-01.csv.gz"


def bring(site: Site, data: bytes, name: str = "orders.csv", **more: Any) -> ImportReport:
    report: ImportReport = site.house.run(
        import_order_file,
        ImportOrderFile,
        warehouse_id=site.id,
        shop="web",
        file_name=name,
        content=base64.b64encode(data).decode(),
        **more,
    )
    return report


def test_a_small_file_is_taken_at_once_with_its_bad_rows_named(house: HouseUnderTest) -> None:
    site = a_site(house)
    text = "order_no,sku,qty\n1,TEA,2\n1,POST,1\n2,GHOST,1\n3,CUP,-1\n3,CUP,1\n"
    report = bring(site, text.encode())
    assert (report.state, report.rows, report.created, report.refused) == ("done", 5, 2, 1)
    assert [(each.row_no, each.code) for each in report.problems] == [
        (3, "not_goods"),
        (4, "sku_unknown"),
        (5, "qty_not_positive"),
    ]
    again = bring(site, text.encode())
    assert (again.created, again.unchanged) == (0, 2)


def test_a_spreadsheet_is_read_like_a_csv(house: HouseUnderTest) -> None:
    site = a_site(house)
    book = Workbook()
    book.active.append(["Order No", "SKU", "Quantity", "Carrier"])
    book.active.append([1001, "TEA", 3, "sf"])
    out = io.BytesIO()
    book.save(out)
    assert bring(site, out.getvalue(), "orders.xlsx").created == 1
    assert (order(site, "1001").units, order(site, "1001").carrier) == (3, "sf")


def test_files_that_cannot_be_meant_are_refused(house: HouseUnderTest) -> None:
    site = a_site(house)
    with pytest.raises(Unprocessable, match="columns_missing") as no:
        bring(site, b"a,b\n1,2\n")
    assert no.value.facts["columns"] == ["external_no", "code", "qty"]
    with pytest.raises(Unprocessable, match="file_empty"):
        bring(site, b" ")
    with pytest.raises(Unprocessable, match="file_unreadable"):
        bring(site, b"PK\x03\x04 no spreadsheet")
    with pytest.raises(Unprocessable, match="file_unreadable"):
        bring(site, b"\x1f\x8b no gzip")


def test_a_large_file_is_taken_in_parts_by_a_job(house: HouseUnderTest) -> None:
    site = a_site(house)
    rows = "".join(f"{n},TEA,1\n" for n in range(700))
    report = bring(site, gzip.compress(f"order_no,sku,qty\n{rows}".encode()), "orders.csv.gz")
    assert (report.state, report.created) == ("running", 0)
    house.work()
    with house.read() as session:
        row = session.get_one(OrderImport, report.import_id)
        assert (row.state, row.created, row.rows) == ("done", 700, 700)
        assert session.get(OrderImportFile, report.import_id) is None


@pytest.mark.skipif(not REAL.exists(), reason="the real order lines are not part of the repository")
def test_real_order_lines_load_and_no_row_is_lost(house: HouseUnderTest) -> None:
    site = a_site(house)
    with gzip.open(REAL, "rt", encoding="utf-8") as file:
        rows = list(csv.reader(file))[:6001]
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    report = bring(site, out.getvalue().encode(), create_skus=True)
    house.work()
    with house.read() as session:
        report = session.get_one(OrderImport, report.import_id)
        count = select(func.count())
        orders = session.scalar(count.select_from(SalesOrder)) or 0
        lines = session.scalar(count.select_from(SalesOrderLine)) or 0
        problems = list(session.scalars(select(OrderImportProblem)))
    assert (report.state, report.rows, report.created, report.lines) == ("done", 6000, orders, lines)
    cancelling = [row for row in rows[1:] if row[0].startswith("C")]
    reported = [
        each
        for each in problems
        if each.row_no and each.code not in ("order_has_no_goods", "cancels_unknown_order")
    ]
    assert lines + len(reported) + len(cancelling) == 6000
    codes = {each.code for each in problems}
    assert codes == {"not_goods", "qty_not_positive", "cancels_unknown_order", "order_has_no_goods"}
    unknown = [each for each in problems if each.code == "cancels_unknown_order"]
    assert len(unknown) == len({row[0] for row in cancelling})
