"""Goods and orders for a simulated house, through the same doors as anybody's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.master.catalog.rules.tables import read_rows
from backend.operations.simulation.adapters.http_api import HttpApi
from backend.operations.simulation.rules.goods import (
    WantedOrder,
    aisles_for,
    demand_of,
    hall_lists,
    sku_rows,
    spread_over,
    stock_to_lay,
)
from backend.operations.simulation.rules.people import Dice
from backend.operations.simulation.use_cases import all_items
from backend.orders.rules.reading import read_orders

_MOST_ROWS = 200_000
_SKUS_AT_A_TIME, _BINS_AT_A_TIME, _RECEIPTS_AT_A_TIME = 1000, 2000, 400


def orders_of(path: Path, limit: int) -> list[WantedOrder]:
    """The first orders of a file, in the form that the import door reads; what it refuses stays outside."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        import gzip

        data = gzip.decompress(data)
    rows = read_rows(data, path.name.removesuffix(".gz"), most_rows=_MOST_ROWS)
    taken = [
        order for order in read_orders(rows, timezone="UTC").orders if order.lines and not order.is_cancelled
    ]
    return [
        WantedOrder(order.external_no, tuple((line.code, line.qty) for line in order.lines))
        for order in taken[:limit]
    ]


def furnish(api: HttpApi, orders: Sequence[WantedOrder], dice: Dice) -> int:
    """A warehouse with a hall, goods in the catalogue, and enough of each in a bin of its own; its id."""
    made = api.post("/api/layout/warehouses", {"code": "SIM", "name": "Simulated hall", "timezone": "UTC"})
    warehouse_id = int(made.expect("warehouse")["id"])
    demand = demand_of(orders)
    codes = sorted(demand)
    for start in range(0, len(codes), _SKUS_AT_A_TIME):
        api.post(
            "/api/catalog/skus/import", {"rows": sku_rows(codes[start : start + _SKUS_AT_A_TIME], dice)}
        ).expect("skus")
    _build(api, warehouse_id, aisles_for(len(codes)))
    lay_in(api, warehouse_id, spread_over(codes, _bins(api, warehouse_id), dice), stock_to_lay(demand))
    return warehouse_id


def _build(api: HttpApi, warehouse_id: int, aisles: int) -> None:
    lists = hall_lists(aisles)
    bins = lists.pop("bins")
    for start in range(0, len(bins), _BINS_AT_A_TIME):
        body = {"warehouse_id": warehouse_id, **lists, "bins": bins[start : start + _BINS_AT_A_TIME]}
        api.post("/api/layout/import", body).expect("layout")


def _bins(api: HttpApi, warehouse_id: int) -> list[int]:
    chart = api.get(f"/api/layout/warehouses/{warehouse_id}/map").expect("map")
    at, kind = chart["bin_columns"].index("id"), chart["bin_columns"].index("kind")
    return [row[at] for row in chart["bins"] if row[kind] == "bin"]


def lay_in(api: HttpApi, warehouse_id: int, places: dict[str, int], pieces: dict[str, int]) -> None:
    """Receive goods into their bins."""
    ids = sku_ids(api, places)
    lines = [
        {"sku_id": ids[code], "qty": pieces[code], "to_location_id": place}
        for code, place in places.items()
        if code in ids
    ]
    for start in range(0, len(lines), _RECEIPTS_AT_A_TIME):
        body = {"warehouse_id": warehouse_id, "lines": lines[start : start + _RECEIPTS_AT_A_TIME]}
        api.post("/api/stock/receipts", body).expect("receipt")


def sku_ids(api: HttpApi, codes: dict[str, Any]) -> dict[str, int]:
    """Ids of the catalogue's SKUs with these codes."""
    return {row["code"]: row["id"] for row in all_items(api, "/api/catalog/skus") if row["code"] in codes}


def restock(api: HttpApi, warehouse_id: int, orders: Sequence[WantedOrder]) -> None:
    """Where the wanted goods run low, receive more into the bin in which they lie."""
    wanted = demand_of(orders)
    balances = all_items(api, "/api/stock/balances", warehouse_id=warehouse_id)
    free: dict[str, int] = {}
    places: dict[str, int] = {}
    for row in balances:
        code = row["sku_code"]
        if (
            code in wanted
            and row["location_kind"] == "bin"
            and row["quality"] == "good"
            and not row["lot_code"]
        ):
            free[code] = free.get(code, 0) + row["free"]
            places[code] = row["location_id"]
    low = {code: place for code, place in places.items() if free[code] < 2 * wanted[code]}
    if low:
        lay_in(api, warehouse_id, low, {code: 10 * wanted[code] for code in low})
