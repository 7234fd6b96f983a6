"""The catalogue over HTTP."""

from typing import Any

from flask import Response, request

from backend.core.errors import Unprocessable
from backend.core.execute import execute
from backend.core.house import ANYONE, House, Principal, actor_of
from backend.core.http import command_id_of_request, command_route, query_route, raw_route, reply, room
from backend.master.catalog import schemas
from backend.master.catalog.queries import export_rows, scan, sku_page, sku_sheet
from backend.master.catalog.rules.skus import COLUMNS
from backend.master.catalog.rules.tables import read_rows, write_csv
from backend.master.catalog.use_cases import (
    ImportSkus,
    add_barcode,
    create_sku,
    import_skus,
    remove_barcode,
    set_bundle,
    update_sku,
)

MANAGE = "manage_master"


def import_sku_file(house: House, principal: Principal | None, **_: Any) -> Response:
    """SKUs from an uploaded CSV, XLSX or JSON file (form field `file`)."""
    uploaded = request.files.get("file")
    if uploaded is None:
        raise Unprocessable("file_missing", field="file")
    rows = read_rows(uploaded.read(), uploaded.filename or "")
    command = ImportSkus(by=actor_of(principal, command_id_of_request()), rows=rows)
    outcome = execute(house.db, import_skus, command, clock=house.clock, dump=schemas.ImportReportOut().dump)
    return reply(outcome.body)


def export_sku_file(house: House, principal: Principal | None, **_: Any) -> Response:
    """All SKUs as a CSV file that the import reads again."""
    with house.db.read() as session:
        data = write_csv(COLUMNS, export_rows(session))
    headers = {"Content-Disposition": "attachment; filename=skus.csv"}
    return Response(data, content_type="text/csv; charset=utf-8", headers=headers)


bp = room("catalog", "/api/catalog")

query_route(bp, "/scan", scan, takes=schemas.ScanQuery, gives=schemas.ScanOut, may=ANYONE)
query_route(bp, "/skus", sku_page, takes=schemas.SkuPageQuery, gives=schemas.SkuOut, may=ANYONE, paged=True)
query_route(bp, "/skus/<int:sku_id>", sku_sheet, gives=schemas.SkuSheetOut, may=ANYONE)
command_route(
    bp, "/skus", create_sku, takes=schemas.CreateSkuIn, gives=schemas.SavedSkuOut, may=MANAGE, status=201
)
command_route(
    bp,
    "/skus/<int:sku_id>",
    update_sku,
    takes=schemas.UpdateSkuIn,
    gives=schemas.SavedSkuOut,
    may=MANAGE,
    method="PATCH",
)
command_route(
    bp,
    "/skus/<int:sku_id>/barcodes",
    add_barcode,
    takes=schemas.AddBarcodeIn,
    gives=schemas.SavedBarcodeOut,
    may=MANAGE,
)
command_route(
    bp, "/skus/<int:sku_id>/barcodes/<int:barcode_id>", remove_barcode,
    takes=schemas.RemoveBarcodeIn, gives=schemas.SavedSkuOut, may=MANAGE, method="DELETE",
)  # fmt: skip
command_route(
    bp,
    "/skus/<int:sku_id>/parts",
    set_bundle,
    takes=schemas.SetBundleIn,
    gives=schemas.SavedSkuOut,
    may=MANAGE,
    method="PUT",
)
command_route(
    bp, "/skus/import", import_skus, takes=schemas.ImportSkusIn, gives=schemas.ImportReportOut, may=MANAGE
)
raw_route(
    bp, "/skus/import-file", import_sku_file,
    may=MANAGE, method="POST", media_type="application/json", gives=schemas.ImportReportOut, needs_key=True, uploads=True,
)  # fmt: skip
raw_route(bp, "/skus/export", export_sku_file, may=MANAGE, media_type="text/csv")
