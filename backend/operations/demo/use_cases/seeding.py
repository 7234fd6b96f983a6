"""The demo goes in step by step, each step through the same use case as a customer's data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from backend.core.clock import Clock
from backend.core.db import Database
from backend.core.execute import Command, execute, system_actor
from backend.core.ids import derived_id
from backend.master.catalog.queries import sku_ids_by_code
from backend.master.catalog.rules.tables import rows_of
from backend.master.catalog.use_cases import ImportSkus, import_skus
from backend.master.layout.queries import location_ids_by_code, warehouse_by_code
from backend.master.layout.rules.plan import rows_from_lists
from backend.master.layout.use_cases import CreateWarehouse, ImportLayout, create_warehouse, import_layout
from backend.operations.demo.queries import has_orders, has_stock, strategy_names
from backend.operations.demo.rules import DEMO_WAREHOUSE, DemoPlan, build_demo
from backend.operations.demo.rules.plan import TIMEZONE
from backend.operations.demo.use_cases.logins import give_logins, kept_logins
from backend.orders.use_cases import ImportOrders, SetCarrierCutOff, import_orders, set_carrier_cut_off
from backend.outbound.waves.use_cases import CreateStrategy, create_strategy
from backend.stock.use_cases import ReceivedLine, ReceiveStock, receive_stock

_LAST_USEFUL_HOUR = (
    19  # later than this the last collection is too near to show anything: the demo is about tomorrow
)


@dataclass(frozen=True)
class DemoSeeded:
    """The demo's warehouse, where its logins are written, and whether it was there already."""

    warehouse_id: int
    file: str
    was_there: bool


@dataclass(frozen=True)
class _Run:
    """Executes commands under ids that follow from seed, day and step: a broken seeding goes on where it stopped."""

    db: Database
    clock: Clock
    seed: int
    day: date

    def __call__(self, use_case: Callable[..., Any], command: type[Command], step: str, **fields: Any) -> Any:
        by = system_actor(derived_id("demo", self.seed, self.day, step))
        return execute(self.db, use_case, command(by=by, **fields), clock=self.clock).body


def seed_demo(db: Database, clock: Clock, var_dir: Path, *, seed: int = 1) -> DemoSeeded:
    """Make the demo warehouse, its goods, stock, orders, strategies and logins; what is there already stays.

    The logins are written to `demo.json` in `var_dir`, readable by the owner only, the badges as pictures beside it.
    """
    with db.read() as session:
        found = warehouse_by_code(session, DEMO_WAREHOUSE)
    kept = kept_logins(var_dir)
    if found and kept and kept["warehouse"]["id"] == found.id:
        return DemoSeeded(found.id, str(var_dir / "demo.json"), was_there=True)
    local = clock.now().astimezone(ZoneInfo(TIMEZONE))
    day = local.date() + timedelta(days=1 if local.hour >= _LAST_USEFUL_HOUR else 0)
    plan = build_demo(seed, day)
    run = _Run(db, clock, seed, day)
    warehouse_id = found.id if found else _open_warehouse(run, plan)
    _furnish(run, plan, warehouse_id)
    _fill(run, plan, warehouse_id)
    _order(run, plan, warehouse_id)
    file = give_logins(db, clock, var_dir, plan.people, warehouse_id=warehouse_id, warehouse=plan.warehouse)
    return DemoSeeded(warehouse_id, str(file), was_there=False)


def _open_warehouse(run: _Run, plan: DemoPlan) -> int:
    saved = run(
        create_warehouse,
        CreateWarehouse,
        "warehouse",
        code=plan.warehouse,
        name=plan.name,
        timezone=plan.timezone,
    )
    return int(saved["id"])


def _furnish(run: _Run, plan: DemoPlan, warehouse_id: int) -> None:
    rows = rows_from_lists(plan.layout)
    run(import_layout, ImportLayout, "layout", warehouse_id=warehouse_id, rows=rows)
    run(import_skus, ImportSkus, "skus", rows=rows_of(plan.sku_rows))
    for carrier, local_time in plan.cut_offs:
        run(
            set_carrier_cut_off, SetCarrierCutOff, f"cut off {carrier}",
            warehouse_id=warehouse_id, carrier=carrier, local_time=local_time,
        )  # fmt: skip
    with run.db.read() as session:
        there = strategy_names(session, warehouse_id)
    for strategy in plan.strategies:
        if strategy["name"] not in there:
            run(
                create_strategy,
                CreateStrategy,
                f"strategy {strategy['name']}",
                warehouse_id=warehouse_id,
                **strategy,
            )


def _fill(run: _Run, plan: DemoPlan, warehouse_id: int) -> None:
    with run.db.read() as session:
        if has_stock(session, warehouse_id):
            return
        skus = sku_ids_by_code(session, {line.sku for line in plan.stock})
        bins = location_ids_by_code(session, warehouse_id, {line.bin for line in plan.stock})
    lines = tuple(
        ReceivedLine(
            sku_id=skus[line.sku],
            qty=line.qty,
            to_location_id=bins[line.bin],
            lot_code=line.lot,
            expiry_on=line.expiry_on,
            mfg_on=line.mfg_on,
            quality=line.quality,
            serials=line.serials,
        )
        for line in plan.stock
    )
    run(receive_stock, ReceiveStock, "stock", warehouse_id=warehouse_id, lines=lines, doc_kind="demo")


def _order(run: _Run, plan: DemoPlan, warehouse_id: int) -> None:
    with run.db.read() as session:
        if has_orders(session, warehouse_id):
            return
    for each in plan.orders:
        run(
            import_orders, ImportOrders, f"orders {each.shop}",
            warehouse_id=warehouse_id, shop=each.shop, orders=each.orders, source="demo",
        )  # fmt: skip
