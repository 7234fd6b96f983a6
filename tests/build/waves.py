"""Orders that are ready for a wave, and waves, for tests."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from backend.core.execute import Actor, Command
from backend.orders.models import SalesOrder, SalesOrderLine
from backend.outbound.waves.models import WaveOrder
from backend.outbound.waves.queries import wave_allocations
from backend.outbound.waves.use_cases import (
    ComposeWave,
    CreateStrategy,
    PlannedBatch,
    PlanWave,
    RecordPlan,
    ReleaseWave,
    compose_wave,
    create_strategy,
    plan_wave,
    record_plan,
    release_wave,
)
from backend.stock.models import Balance
from backend.stock.queries import verify
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import ReserveRequest, ensure_lot, post, reserve
from tests.build.catalog import a_sku
from tests.build.layout import Hall, a_hall, place_of
from tests.conftest import HouseUnderTest

_numbers = itertools.count(1)


@dataclass
class Shop:
    """A hall with goods, and customers who want them."""

    house: HouseUnderTest
    hall: Hall
    skus: dict[str, int] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    wave_id: int = 0

    def stock(self, code: str, lot: str | None = None, expiry_on: Any = None, **bins: int) -> int:
        """Goods at bins, `A_01_1=5`; the SKU is made when it is new. Other properties by `sku` before."""
        sku_id = self.skus.get(code) or self.sku(code)

        def receive(session: Any, command: Command, *, now: Any) -> None:
            lot_id = ensure_lot(session, sku_id, lot, expiry_on=expiry_on) if lot else None
            supplier = place_of(self.house, self.hall.warehouse_id, "supplier")
            moves = [
                Move(sku_id, qty, supplier, self.hall[name.replace("_", "-")], Reason.RECEIPT, lot_id=lot_id)
                for name, qty in bins.items()
            ]
            post(session, moves, by=command.by, now=now)

        self.house.run(receive, Command)
        return sku_id

    def sku(self, code: str, **fields: Any) -> int:
        """A SKU with its properties."""
        self.skus[code] = a_sku(self.house, code, **fields)
        self.codes[self.skus[code]] = code
        return self.skus[code]

    def order(self, *, state: str = "reserved", due_in_h: float = 4, **wanted: Any) -> int:
        """An order, its goods promised: `order(APPLE=2, PEAR=1, carrier="SF")`; its id."""
        fields = {name: wanted.pop(name) for name in list(wanted) if name.islower()}
        number = next(_numbers)
        house = self.house

        def take_in(session: Any, command: Command, *, now: Any) -> int:
            order = SalesOrder(
                **{
                    "number": f"O-{number:05}", "shop": "demo", "external_no": str(number), "carrier": "SF",
                    "warehouse_id": self.hall.warehouse_id, "state": state, "priority": 0, "zone_tag": None,
                    "placed_at": now, "promise_at": None, "cut_off_at": now + timedelta(hours=due_in_h), "tags": [],
                    "customer_ref": "", "country": "", "ship_to": {}, "note": "", "line_count": len(wanted),
                    "units": sum(wanted.values()), "weight_g": 250 * sum(wanted.values()),
                    "volume_mm3": 400_000 * sum(wanted.values()), "content": {}, "hash": "", "wait_reason": "", "imported_at": now,
                    "state_at": now,
                }
                | fields
            )  # fmt: skip
            session.add(order)
            session.flush()
            lines = [
                SalesOrderLine(
                    order_id=order.id, line_no=no, sku_id=self.skus[code.rstrip("_")], qty=qty, reserved_qty=0,
                    picked_qty=0, short_qty=0, source_code=code, price_minor=0, currency="CNY",
                )
                for no, (code, qty) in enumerate(wanted.items(), 1)
            ]  # fmt: skip
            session.add_all(lines)
            session.flush()
            if state == "reserved":
                requests = [ReserveRequest(line.sku_id, line.qty, "order_line", line.id) for line in lines]
                given = reserve(session, requests, warehouse_id=order.warehouse_id, by=command.by, now=now)
                assert all(each.missing == 0 for each in given), "the test has not put enough goods into bins"
                for line in lines:
                    line.reserved_qty = line.qty
                session.flush()
            return order.id

        return int(house.run(take_in, Command))

    def strategy(self, **fields: Any) -> int:
        """A strategy; its id."""
        given = {"name": f"Strategy {next(_numbers)}", "warehouse_id": self.hall.warehouse_id} | fields
        return int(self.house.run(create_strategy, CreateStrategy, **given).id)

    def composed(self, **fields: Any) -> int:
        """A wave of everything that is ready; its id."""
        strategy_id = self.strategy(**fields)
        return int(self.house.run(compose_wave, ComposeWave, strategy_id=strategy_id).wave_id)

    def planned(self, wave_id: int, totes: int = 12) -> None:
        """Give the wave a plain plan: orders by id, bins by id."""
        house = self.house
        house.run(plan_wave, PlanWave, wave_id=wave_id)
        with house.read() as session:
            goods = wave_allocations(session, wave_id)
            ids = list(
                session.scalars(
                    select(WaveOrder.order_id)
                    .where(WaveOrder.wave_id == wave_id, WaveOrder.state == "in")
                    .order_by(WaveOrder.order_id)
                )
            )
        batches = []
        for start in range(0, len(ids), totes):
            part = tuple(ids[start : start + totes])
            places = tuple(
                sorted({line.location_id for order_id in part for line in goods.get(order_id, ())})
            )
            batches.append(PlannedBatch(part, places, 10_000))
        house.run(
            record_plan, RecordPlan, wave_id=wave_id, batches=tuple(batches), objective_mm=10_000 * len(batches),
            bound_mm=5_000, status="feasible", elapsed_s=1,
        )  # fmt: skip

    def released(self, totes: int = 12, **fields: Any) -> int:
        """A wave on the floor (its tasks are written by the picking room's reaction); its id."""
        wave_id = self.composed(**fields)
        self.planned(wave_id, 1 if fields.get("pick_mode") == "discrete" else totes)
        self.house.run(release_wave, ReleaseWave, wave_id=wave_id)
        self.wave_id = wave_id
        return wave_id

    def on_hand(self, place: str, code: str) -> int:
        """Pieces of a SKU at a bin or a system place."""
        known = self.hall.bins.get(place)
        location_id = known or place_of(self.house, self.hall.warehouse_id, place.lower())
        with self.house.read() as session:
            rows = session.scalars(
                select(Balance.on_hand).where(
                    Balance.location_id == location_id, Balance.sku_id == self.skus[code]
                )
            )
            return sum(rows)

    def order_row(self, order_id: int) -> SalesOrder:
        """The order as it is now."""
        with self.house.read() as session:
            return session.get_one(SalesOrder, order_id)

    def order_lines(self, order_id: int) -> list[SalesOrderLine]:
        """Its lines."""
        with self.house.read() as session:
            mine = select(SalesOrderLine).where(SalesOrderLine.order_id == order_id)
            return list(session.scalars(mine.order_by(SalesOrderLine.line_no)))

    def proven(self) -> None:
        """The books are true, whatever has happened."""
        with self.house.read() as session:
            report = verify(session)
        assert report.sound, report


def a_shop(house: HouseUnderTest, **options: Any) -> Shop:
    """A hall without goods."""
    return Shop(house, a_hall(house, **options))


def in_warehouses(house: HouseUnderTest, *ids: int, **parts: Any) -> Actor:
    """Somebody whose scope is these warehouses."""
    return house.actor_as(warehouses=frozenset(ids), **parts)
