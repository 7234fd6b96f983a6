"""Orders over HTTP."""

import base64
import json
from typing import Any

from flask import Response, request
from marshmallow import ValidationError

from backend.core.errors import Unprocessable
from backend.core.execute import execute
from backend.core.house import House, Principal, actor_of
from backend.core.http import (
    check_plain,
    command_id_of_request,
    command_route,
    query_route,
    raw_route,
    reply,
    room,
)
from backend.orders import schemas
from backend.orders.queries import import_page, import_problems, import_report, order_page, order_sheet
from backend.orders.use_cases import (
    ImportOrderFile,
    approve_order,
    cancel_order,
    hold_order,
    import_order_file,
    import_orders,
    prioritise_order,
    release_hold,
    set_carrier_cut_off,
    set_order_policy,
)

LOOK = "view_orders"
BRING = "import_orders"
DECIDE = "supervise"
MANAGE = "manage_master"


def import_file(house: House, principal: Principal | None, **_: Any) -> Response:
    """Orders from an uploaded CSV or spreadsheet: form fields `file`, `warehouse_id`, `shop`, `create_skus`, `columns`."""
    uploaded = request.files.get("file")
    if uploaded is None:
        raise Unprocessable("file_missing", field="file")
    given = request.form.to_dict()
    check_plain(given | {"name": uploaded.filename or ""})
    form = schemas.ImportFileIn().load(given)
    command = ImportOrderFile(
        by=actor_of(principal, command_id_of_request()),
        warehouse_id=form["warehouse_id"],
        shop=form["shop"],
        create_skus=form["create_skus"],
        columns=_columns(form["columns"]),
        file_name=(uploaded.filename or "")[:200],
        content=base64.b64encode(uploaded.read()).decode(),
    )
    outcome = execute(
        house.db, import_order_file, command, clock=house.clock, dump=schemas.ImportReportOut().dump
    )
    return reply(outcome.body)


def _columns(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValidationError({"columns": ["object_expected"]})
    check_plain(found)
    return found


bp = room("orders", "/api/orders")

query_route(bp, "", order_page, takes=schemas.OrdersQuery, gives=schemas.OrderOut, may=LOOK, paged=True)
query_route(bp, "/<int:order_id>", order_sheet, gives=schemas.OrderSheetOut, may=LOOK)
command_route(
    bp, "/import", import_orders, takes=schemas.ImportOrdersIn, gives=schemas.ImportReportOut, may=BRING
)
raw_route(
    bp, "/import-file", import_file,
    may=BRING, method="POST", media_type="application/json", gives=schemas.ImportReportOut, needs_key=True, uploads=True,
)  # fmt: skip
query_route(bp, "/imports", import_page, gives=schemas.ImportRowOut, may=BRING, paged=True)
query_route(bp, "/imports/<int:import_id>", import_report, gives=schemas.ImportRowOut, may=BRING)
query_route(
    bp, "/imports/<int:import_id>/problems", import_problems, gives=schemas.ProblemOut, may=BRING, paged=True
)
command_route(
    bp, "/<int:order_id>/approve", approve_order,
    takes=schemas.ApproveOrderIn, gives=schemas.DecidedOut, may=DECIDE,
)  # fmt: skip
command_route(
    bp, "/<int:order_id>/hold", hold_order, takes=schemas.HoldOrderIn, gives=schemas.DecidedOut, may=DECIDE
)
command_route(
    bp, "/<int:order_id>/release-hold", release_hold,
    takes=schemas.ReleaseHoldIn, gives=schemas.DecidedOut, may=DECIDE,
)  # fmt: skip
command_route(
    bp,
    "/<int:order_id>/cancel",
    cancel_order,
    takes=schemas.CancelOrderIn,
    gives=schemas.DecidedOut,
    may=DECIDE,
)
command_route(
    bp, "/<int:order_id>/priority", prioritise_order,
    takes=schemas.PrioritiseOrderIn, gives=schemas.DecidedOut, may=DECIDE,
)  # fmt: skip
command_route(bp, "/policies", set_order_policy, takes=schemas.SetOrderPolicyIn, may=MANAGE, method="PUT")
command_route(
    bp, "/cut-offs", set_carrier_cut_off, takes=schemas.SetCarrierCutOffIn, may=MANAGE, method="PUT"
)
