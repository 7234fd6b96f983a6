"""Builders for stock tests: a small warehouse, SKUs and goods, written directly where no verb is under test."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.execute import Command
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location, Warehouse, Zone
from backend.stock.models import Availability, Balance
from backend.stock.queries import VerifyReport, verify
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import post
from tests.conftest import MORNING, HouseUnderTest

SYSTEM_KINDS = ("staging", "packing", "shortage", "picked", "supplier", "customer", "adjustment")


@dataclass
class Site:
    """A warehouse with its ids by code."""

    house: HouseUnderTest
    id: int
    places: dict[str, int] = field(default_factory=dict)
    skus: dict[str, int] = field(default_factory=dict)
    zones: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, code: str) -> int:
        return self.places[code]

    def put(self, sku: str, qty: int, place: str, **more: Any) -> tuple[int, ...]:
        """Receive goods straight into a location."""
        move = Move(self.skus[sku], qty, self["SUPPLIER"], self[place], Reason.RECEIPT, **more)
        return self.post(move)

    def post(self, *moves: Move, by: Any = None) -> tuple[int, ...]:
        """Post as one command."""

        def post_them(session: Session, command: Command, *, now: Any) -> tuple[int, ...]:
            return post(session, moves, by=command.by, now=now)

        result: tuple[int, ...] = self.house.run(post_them, Command, by=by)
        return result

    def on_hand(self, place: str, sku: str) -> int:
        """Pieces of a SKU at a location, over lots, qualities and units."""
        return sum(row.on_hand for row in self.balances(place, sku))

    def balances(self, place: str, sku: str) -> list[Balance]:
        """The balances of a SKU at a location."""
        with self.house.read() as session:
            wanted = select(Balance).where(
                Balance.location_id == self[place], Balance.sku_id == self.skus[sku]
            )
            return list(session.scalars(wanted.order_by(Balance.id)))

    def balance_id(self, place: str, sku: str) -> int:
        """The only balance of a SKU at a location."""
        (row,) = self.balances(place, sku)
        return row.id

    def atp(self, sku: str) -> int:
        """Available to promise."""
        return self.figures(sku)[0] - self.figures(sku)[1]

    def figures(self, sku: str) -> tuple[int, int]:
        """(sellable, reserved)."""
        with self.house.read() as session:
            row = session.get(Availability, (self.id, self.skus[sku]))
            return (row.sellable, row.reserved) if row else (0, 0)

    def verify(self) -> VerifyReport:
        """The proof, which must hold after every test."""
        with self.house.read() as session:
            return verify(session)


def a_site(
    house: HouseUnderTest, *, bins: int = 6, skus: tuple[str, ...] = ("TEA", "CUP"), code: str = "W1"
) -> Site:
    """A warehouse with bins A-01 … in a pick zone, R-01, R-02 in reserve, the system locations, and SKUs."""
    with house.write() as session:
        warehouse = Warehouse(code=code, name="Test", timezone="Europe/London")
        session.add(warehouse)
        session.flush()
        site = Site(house, warehouse.id)
        for kind in ("pick", "reserve"):
            zone = Zone(warehouse_id=warehouse.id, code=kind.upper(), name=kind, kind=kind)
            session.add(zone)
            session.flush()
            site.zones[kind] = zone.id
        rows = [_place(site, kind.upper(), kind, None, 0) for kind in SYSTEM_KINDS]
        rows += [_place(site, f"A-{n:02}", "bin", site.zones["pick"], n) for n in range(1, bins + 1)]
        rows += [_place(site, f"R-{n:02}", "bin", site.zones["reserve"], 50 + n) for n in (1, 2)]
        session.add_all(rows)
        session.flush()
        site.places = {row.code: row.id for row in rows}
        for sku in skus:
            site.skus[sku] = a_sku(session, sku)
    return site


def _place(site: Site, code: str, kind: str, zone_id: int | None, number: int) -> Location:
    return Location(
        warehouse_id=site.id,
        zone_id=zone_id,
        kind=kind,
        code=code,
        check_code="7K",
        x_mm=number * 1000,
        y_mm=0,
        pick_seq=number,
        sellable=kind in ("bin", "staging"),
    )


def a_sku(session: Session, code: str, **more: Any) -> int:
    """A SKU; `more` are columns."""
    known = session.scalar(select(Sku.id).where(Sku.code == code))
    if known:
        return known
    sku = Sku(
        code=code,
        name=code.title(),
        weight_g=100,
        length_mm=100,
        width_mm=100,
        height_mm=50,
        changed_at=MORNING,
    )
    for name, value in more.items():
        setattr(sku, name, value)
    session.add(sku)
    session.flush()
    return sku.id
