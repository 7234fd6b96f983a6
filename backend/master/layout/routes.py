"""The layout over HTTP."""

from typing import Any

from flask import Response, request

from backend.core.errors import Unprocessable
from backend.core.execute import execute
from backend.core.house import ANYONE, House, Principal, actor_of
from backend.core.http import command_id_of_request, command_route, query_route, raw_route, reply, room
from backend.master.layout import schemas
from backend.master.layout.queries import location_page, location_sheet, map_for, warehouse_list
from backend.master.layout.rules.plan import read_file
from backend.master.layout.use_cases import (
    ImportLayout,
    block_aisle,
    block_location,
    create_warehouse,
    import_layout,
    unblock_aisle,
    unblock_location,
)

MANAGE = "manage_master"
FLOOR = "supervise"


def import_layout_file(house: House, principal: Principal | None, *, warehouse_id: int, **_: Any) -> Response:
    """A layout from an uploaded CSV, XLSX or JSON file (form fields `file` and `retire_missing`)."""
    uploaded = request.files.get("file")
    if uploaded is None:
        raise Unprocessable("file_missing", field="file")
    command = ImportLayout(
        by=actor_of(principal, command_id_of_request()),
        warehouse_id=warehouse_id,
        rows=read_file(uploaded.read(), uploaded.filename or ""),
        retire_missing=request.form.get("retire_missing") in ("1", "true"),
    )
    outcome = execute(
        house.db, import_layout, command, clock=house.clock, dump=schemas.LayoutReportOut().dump
    )
    return reply(outcome.body)


bp = room("layout", "/api/layout")

query_route(bp, "/warehouses", warehouse_list, gives=schemas.WarehouseOut, may=ANYONE, many=True)
command_route(
    bp, "/warehouses", create_warehouse,
    takes=schemas.CreateWarehouseIn, gives=schemas.SavedWarehouseOut, may=MANAGE, status=201,
)  # fmt: skip
query_route(bp, "/warehouses/<int:warehouse_id>/map", map_for, gives=schemas.MapOut, may=ANYONE)
query_route(
    bp, "/warehouses/<int:warehouse_id>/locations", location_page,
    takes=schemas.LocationQuery, gives=schemas.LabelledPlaceOut, may=ANYONE, paged=True,
)  # fmt: skip
query_route(
    bp, "/warehouses/<int:warehouse_id>/scan", location_sheet,
    takes=schemas.LocationTextQuery, gives=schemas.PlaceOut, may=ANYONE,
)  # fmt: skip
command_route(
    bp, "/import", import_layout, takes=schemas.ImportLayoutIn, gives=schemas.LayoutReportOut, may=MANAGE
)
raw_route(
    bp, "/warehouses/<int:warehouse_id>/import-file", import_layout_file,
    may=MANAGE, method="POST", media_type="application/json", gives=schemas.LayoutReportOut, needs_key=True, uploads=True,
)  # fmt: skip
command_route(
    bp,
    "/aisles/<int:aisle_id>/block",
    block_aisle,
    takes=schemas.BlockAisleIn,
    gives=schemas.AisleStateOut,
    may=FLOOR,
)
command_route(
    bp,
    "/aisles/<int:aisle_id>/unblock",
    unblock_aisle,
    takes=schemas.UnblockAisleIn,
    gives=schemas.AisleStateOut,
    may=FLOOR,
)
command_route(
    bp, "/locations/<int:location_id>/block", block_location,
    takes=schemas.BlockLocationIn, gives=schemas.PlaceOut, may=FLOOR,
)  # fmt: skip
command_route(
    bp, "/locations/<int:location_id>/unblock", unblock_location,
    takes=schemas.UnblockLocationIn, gives=schemas.PlaceOut, may=FLOOR,
)  # fmt: skip
