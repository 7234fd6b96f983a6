"""Five thousand order lines: imported, reserved, allocated."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from backend.core.db import Database
from backend.core.execute import Command
from backend.orders.models import SalesOrder
from backend.orders.use_cases import ImportOrders, import_orders
from backend.outbound.allocation.use_cases import ReserveOpenOrders, allocate_orders, reserve_open_orders
from tests.benchmarks.goods import house_with_goods, order_in, real_orders, rows_alone, web_orders
from tests.benchmarks.houses import database, prepare
from tests.benchmarks.report import Section
from tests.conftest import HouseUnderTest

LINES = 5_000
_AT_A_TIME = 200


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Both engines; the same rows one by one as a baseline."""
    lines = 1_000 if quick else LINES
    orders = real_orders(lines)
    source = "real order lines (UCI Online Retail, D. Chen, CC BY 4.0)" if orders else "made-up order lines"
    orders = orders or web_orders(lines // 3)
    section = Section(
        "intake",
        f"{lines:,} order lines in",
        f"{len(orders)} orders with {sum(len(order.lines) for order in orders)} {source}, imported {_AT_A_TIME} orders "
        "a command, then reserved by the sweep that follows an import, then allocated to bins as a wave does. "
        "Baseline: as many bare rows inserted one by one in one transaction. Target: ≤ 10 s in all.",
        ("database", "bare rows s", "import s", "reserve s", "allocate s", "in all s", "against bare rows"),
    )
    for engine in engines:
        with (
            tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder,
            database(engine, Path(folder)) as url,
        ):
            prepare(url)
            db = Database(url)
            try:
                _engine(section, engine, db, Path(folder), orders)
            finally:
                db.close()
    return section


def _engine(section: Section, engine: str, db: Database, folder: Path, orders: Sequence[Any]) -> None:
    house, warehouse_id = house_with_goods(db, folder, orders)
    count = sum(len(order.lines) for order in orders)
    bare = _seconds(lambda: rows_alone(house, count))
    taken = _seconds(lambda: _import(house, warehouse_id, orders))
    promised = _seconds(lambda: _reserve(house, warehouse_id))
    reserved = _ids(house, "reserved")
    held = _seconds(lambda: _allocate(house, reserved))
    every = taken + promised + held
    section.add(engine, bare, taken, promised, held, every, f"{every / bare:.0f}")
    if len(reserved) != len(orders):
        section.notes.append(
            f"{engine}: {len(orders) - len(reserved)} of {len(orders)} orders were not reserved"
        )
        print("   ", section.notes[-1])


def _seconds(deed: Callable[[], Any]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def _import(house: HouseUnderTest, warehouse_id: int, orders: Sequence[Any]) -> None:
    for start in range(0, len(orders), _AT_A_TIME):
        part = tuple(order_in(order) for order in orders[start : start + _AT_A_TIME])
        house.run(import_orders, ImportOrders, warehouse_id=warehouse_id, shop="bench", orders=part)


def _reserve(house: HouseUnderTest, warehouse_id: int) -> None:
    while house.run(
        reserve_open_orders, ReserveOpenOrders, warehouse_id=warehouse_id, states=("approved",)
    ).more:
        pass


def _allocate(house: HouseUnderTest, order_ids: Sequence[int]) -> None:
    def allocate(session: Any, command: Command, *, now: Any) -> None:
        allocate_orders(session, order_ids, by=command.by, now=now)

    house.run(allocate, Command)


def _ids(house: HouseUnderTest, state: str) -> list[int]:
    with house.read() as session:
        return list(
            session.scalars(select(SalesOrder.id).where(SalesOrder.state == state).order_by(SalesOrder.id))
        )
