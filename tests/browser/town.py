"""One house with many small warehouses: each test has one of its own, and all of them share one server."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from backend.core.clock import FrozenClock
from tests.build.layout import a_hall
from tests.build.people import a_user, badge_of
from tests.build.picking import on_the_floor
from tests.build.waves import Shop
from tests.conftest import HouseUnderTest

GOODS = {
    "APPLE": "A_01_1",
    "PEAR": "B_01_1",
    "PLUM": "A_02_2",
    "FIG": "B_03_1",
    "LIME": "A_05_1",
    "KIWI": "B_05_2",
}
Wanted = dict[str, Any]


@dataclass
class Site:
    """A warehouse with goods, people and perhaps work on the floor."""

    shop: Shop
    code: str
    badges: dict[str, str] = field(default_factory=dict)
    orders: list[int] = field(default_factory=list)

    @property
    def warehouse_id(self) -> int:
        """Its id."""
        return self.shop.hall.warehouse_id

    def person(self, name: str = "wang", *, role: str = "picker") -> "Site":
        """Somebody who works here only; `login` is their login."""
        user = a_user(
            self.shop.house,
            self.login(name),
            name=name.title(),
            roles=(role,),
            warehouses=(self.warehouse_id,),
            language="en",
        )
        self.badges[name] = badge_of(self.shop.house, user.id)
        return self

    def login(self, name: str) -> str:
        """The login of a person here."""
        return f"{name}-{self.code}".lower()

    def wants(self, *orders: Wanted, **each: Any) -> "Site":
        """Orders, their goods promised."""
        self.orders += [self.shop.order(**(each | wanted)) for wanted in orders]
        return self

    def work(self, **strategy: Any) -> "Site":
        """All of them on the floor."""
        on_the_floor(self.shop, **strategy)
        return self


@dataclass
class Town:
    """The house and its warehouses."""

    house: HouseUnderTest
    goods: dict[str, int] = field(default_factory=dict)
    sites: dict[str, Site] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.house.clock = FrozenClock(datetime.now(UTC))  # browsers and server live in the present

    def site(self, code: str, *people: str, stock: int = 50) -> Site:
        """A warehouse with the usual goods at the usual bins, and pickers."""
        shop = Shop(self.house, a_hall(self.house, code))
        shop.skus = self.goods
        for name, place in GOODS.items():
            if name not in self.goods:
                barcode = f"69{list(GOODS).index(name):010}"
                shop.sku(name, barcodes=(barcode + _check_digit(barcode),), name=f"Fresh {name.title()}")
            shop.stock(name, **{place: stock})
        found = self.sites[code] = Site(shop, code)
        for person in people or ("wang",):  # the first one is at work in most tests
            found.person(person)
        return found


def _check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)
