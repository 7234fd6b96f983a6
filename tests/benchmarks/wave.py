"""A wave of a thousand orders: composed, planned, released, its tasks written; and the memory of everything that runs."""

import itertools
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core.db import Database
from backend.operations.simulation.adapters.http_api import HttpApi
from backend.operations.simulation.rules.hall import hall_of
from backend.orders.use_cases import ImportOrders, import_orders
from backend.outbound.allocation.use_cases import ReserveOpenOrders, reserve_open_orders
from tests.benchmarks.goods import house_with_goods, order_in, placing, web_orders
from tests.benchmarks.houses import memory_mb, served
from tests.benchmarks.report import Section

ORDERS, TOTES, PLAN_SECONDS = 1_000, 12, 10
_POLL_S = 0.2


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Both engines."""
    orders = web_orders(200 if quick else ORDERS)
    plan_seconds = 3 if quick else PLAN_SECONDS
    section = Section(
        "wave",
        f"A wave of {len(orders):,} orders",
        f"{len(orders)} made-up web orders ({sum(len(order.lines) for order in orders)} lines) on carts of {TOTES} totes "
        f"in a hall of two blocks, through HTTP; the optimiser may think for {plan_seconds} s. Memory is that of the server, "
        "its solver and all other children while the wave is made. Baseline: the same orders one at a time in S-shape "
        "order. Target: ≤ 20 s, ≤ 600 MB.",
        (
            "database", "compose s", "plan s", "release s", "in all s", "tours", "walk m", "baseline m", "gap %",
            "peak PSS MB", "peak USS MB", "processes",
        ),
    )  # fmt: skip
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder:
            _engine(section, engine, Path(folder), orders, plan_seconds)
    return section


@dataclass
class _Memory(threading.Thread):
    """Watches a process group, five times a second."""

    process_id: int
    peak: tuple[float, float, int] = (0.0, 0.0, 0)
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def run(self) -> None:
        while not self.over.wait(_POLL_S):
            pss, uss, count = memory_mb(self.process_id)
            self.peak = max(self.peak[0], pss), max(self.peak[1], uss), max(self.peak[2], count)

    __hash__ = threading.Thread.__hash__


def _engine(section: Section, engine: str, folder: Path, orders: Sequence[Any], plan_seconds: int) -> None:
    def fill(db: Database, now: datetime) -> int:
        house, warehouse_id = house_with_goods(db, folder, orders)
        for start in range(0, len(orders), 200):
            part = tuple(order_in(order) for order in orders[start : start + 200])
            house.run(import_orders, ImportOrders, warehouse_id=warehouse_id, shop="bench", orders=part)
        while house.run(
            reserve_open_orders, ReserveOpenOrders, warehouse_id=warehouse_id, states=("approved",)
        ).more:
            pass
        return warehouse_id

    with served(engine, folder, fill) as (house, warehouse_id):
        api = house.admin()
        strategy = {
            "warehouse_id": warehouse_id, "name": "Bench", "pick_mode": "cluster", "cart_totes": TOTES,
            "plan_seconds": plan_seconds, "max_orders": ORDERS,
        }  # fmt: skip
        strategy_id = api.post("/api/waves/strategies", strategy).expect("strategy")["id"]
        memory = _Memory(house.process_id)
        memory.start()
        moments = [time.perf_counter()]
        wave_id = api.post("/api/waves", {"strategy_id": strategy_id}).expect("wave")["wave_id"]
        moments.append(time.perf_counter())
        api.post(f"/api/waves/{wave_id}/plan", {"seed": 1}).expect("plan")
        while (sheet := api.get(f"/api/waves/{wave_id}").expect("wave"))["wave"]["state"] == "planning":
            time.sleep(_POLL_S)
        moments.append(time.perf_counter())
        api.post(f"/api/waves/{wave_id}/release", {}).expect("release")
        tours = len(sheet["batches"])
        while _tasks(api, warehouse_id, tours) < min(tours, 200):
            time.sleep(_POLL_S / 4)
        moments.append(time.perf_counter())
        memory.over.set()
        memory.join()
        spent = [after - before for before, after in itertools.pairwise(moments)]
        walk, bound = sheet["wave"]["plan_best_mm"], sheet["wave"]["plan_bound_mm"]
        gap = f"{100 * (walk - bound) / walk:.1f}" if bound else "–"
        alone = _one_by_one(api, warehouse_id, orders)
        section.add(engine, *spent, sum(spent), tours, walk // 1000, alone // 1000, gap, *memory.peak)
        if sheet["wave"]["orders"] != len(orders):
            section.notes.append(
                f"{engine}: {sheet['wave']['orders']} of {len(orders)} orders were in the wave"
            )


def _tasks(api: HttpApi, warehouse_id: int, most: int) -> int:
    seen = api.get("/api/picking/tasks", warehouse_id=warehouse_id, state="open", limit=200).expect("tasks")
    return len(seen["items"])


def _one_by_one(api: HttpApi, warehouse_id: int, orders: Sequence[Any]) -> int:
    """Walking length of single-order picking in S-shape order, in mm; bins as the house was laid out."""
    chart = api.get(f"/api/layout/warehouses/{warehouse_id}/map").expect("map")
    hall = hall_of(chart)
    codes = [row[chart["bin_columns"].index("code")] for row in chart["bins"]]
    home = placing(orders, codes)
    return sum(hall.tour_mm(sorted({home[code] for code, _ in order.lines}), "s_shape") for order in orders)
