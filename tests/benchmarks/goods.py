"""Orders to measure with, and a hall that has what they want; laid out through use cases."""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backend.core.db import Database
from backend.master.catalog.queries import sku_ids_by_code
from backend.master.catalog.rules.tables import rows_of
from backend.master.catalog.use_cases import ImportSkus, import_skus
from backend.master.layout.queries import warehouse_map
from backend.master.layout.rules.plan import rows_from_lists
from backend.master.layout.use_cases import CreateWarehouse, ImportLayout, create_warehouse, import_layout
from backend.operations.simulation.adapters.furnishing import orders_of
from backend.operations.simulation.rules.goods import (
    WantedOrder,
    aisles_for,
    codes_made_up,
    demand_of,
    hall_lists,
    made_up_orders,
    sku_rows,
    spread_over,
    stock_to_lay,
)
from backend.orders.rules import OrderIn, WantedLine
from backend.stock.use_cases import ReceivedLine, ReceiveStock, receive_stock
from tests.benchmarks.report import ROOT
from tests.conftest import HouseUnderTest

REAL = ROOT.parent / "shared" / "data" / "orders" / "online_retail_2010-12_2011-01.csv.gz"
SKUS = 1_500


def real_orders(lines: int) -> list[WantedOrder] | None:
    """The first orders of the real file with together so many lines; None where the file is not there."""
    if not REAL.exists():
        return None
    return _cut(orders_of(REAL, 2_000), lines)


def web_orders(count: int) -> list[WantedOrder]:
    """Made-up orders of a web shop, always the same."""
    return made_up_orders(random.Random(7), codes_made_up(SKUS), count, "WEB-")


def _cut(orders: Sequence[WantedOrder], lines: int) -> list[WantedOrder]:
    taken, count = [], 0
    for order in orders:
        if count >= lines:
            break
        part = order.lines[: lines - count]
        taken.append(WantedOrder(order.number, part))
        count += len(part)
    return taken


def house_with_goods(db: Database, folder: Path, orders: Sequence[WantedOrder]) -> tuple[HouseUnderTest, int]:
    """A hall with enough of everything that the orders want, and its warehouse."""
    house = HouseUnderTest(db, folder)
    demand = demand_of(orders)
    codes = sorted(demand)
    made = house.run(create_warehouse, CreateWarehouse, code="BENCH", name="Bench", timezone="UTC")
    house.run(import_skus, ImportSkus, rows=rows_of(sku_rows(codes, random.Random(7))))
    lists = hall_lists(aisles_for(len(codes)))
    house.run(import_layout, ImportLayout, warehouse_id=made.id, rows=rows_from_lists(lists))
    with house.read() as session:
        chart = warehouse_map(session, made.id)
        ids = sku_ids_by_code(session, codes)
    at = chart["bin_columns"].index("id")
    places = placing(orders, [row[at] for row in chart["bins"]])
    pieces = stock_to_lay(demand)
    lines = tuple(ReceivedLine(ids[code], pieces[code], places[code]) for code in codes)
    for start in range(0, len(lines), 500):
        house.run(receive_stock, ReceiveStock, warehouse_id=made.id, lines=lines[start : start + 500])
    return house, made.id


def placing(orders: Sequence[WantedOrder], bins: Sequence[Any]) -> dict[str, Any]:
    """Which of the hall's bins, in the order of its map, holds which SKU; always the same."""
    return spread_over(sorted(demand_of(orders)), bins, random.Random(11))


def order_in(order: WantedOrder) -> OrderIn:
    """The order as the import's use case takes it."""
    return OrderIn(order.number, tuple(WantedLine(code, qty) for code, qty in order.lines), carrier="SF")


def rows_alone(house: HouseUnderTest, count: int) -> list[Any]:
    """The baseline's work: one plain row after the other, in one transaction."""
    from sqlalchemy import text

    with house.write() as session:
        session.execute(
            text("CREATE TABLE IF NOT EXISTS bench_row (id INTEGER PRIMARY KEY, a INTEGER, b TEXT)")
        )
        session.execute(text("DELETE FROM bench_row"))
        for number in range(count):
            session.execute(
                text("INSERT INTO bench_row VALUES (:id, :a, 'row')"), {"id": number, "a": number}
            )
    return []
