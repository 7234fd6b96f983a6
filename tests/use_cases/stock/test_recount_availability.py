"""The layout changes what may be sold where."""

from backend.core.outbox import emit
from backend.master.layout.events import LayoutImported
from backend.master.layout.models import Location
from backend.stock.use_cases import RecountAvailability, recount_availability
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest
from tests.use_cases.stock.test_promises import allocated, promised


def sell(site: Site, place: str, flag: bool) -> None:
    with site.house.write() as session:
        session.get_one(Location, site[place]).sellable = flag


def test_goods_in_a_bin_that_no_longer_sells_cannot_be_promised(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    site.put("TEA", 2, "A-02")
    allocated(site, promised(site, "TEA", 4), "A-01", "TEA", 4)
    sell(site, "A-01", False)
    assert not site.verify().sound
    done = house.run(recount_availability, RecountAvailability, warehouse_id=site.id)
    assert (done.skus, [each.qty for each in done.bumped]) == (1, [2])
    assert site.figures("TEA") == (2, 2)
    assert site.balances("A-01", "TEA")[0].reserved == 0
    assert site.verify().sound
    assert len(house.events("stock.reservations_bumped")) == 1


def test_a_bin_that_sells_now_brings_its_goods_to_market_after_an_import(house: HouseUnderTest) -> None:
    site = a_site(house)
    sell(site, "A-01", False)
    site.put("TEA", 5, "A-01")
    assert site.figures("TEA") == (0, 0)
    sell(site, "A-01", True)
    with house.write() as session:
        told = LayoutImported(warehouse_id=site.id, created=0, updated=1, retired=0)
        emit(session, told, now=house.clock.now())
    house.work()
    assert site.figures("TEA") == (5, 0)
    assert house.events("stock.gained")[-1]["body"]["sku_ids"] == [site.skus["TEA"]]
    assert site.verify().sound
