"""Orders come in through one door."""

import pytest

from backend.core.errors import Forbidden, NotFound
from backend.master.catalog.rules.skus import PartSpec
from backend.master.catalog.use_cases import SetBundle, set_bundle
from backend.orders.models import SalesOrder
from backend.orders.queries import active_holds, import_problems
from backend.orders.use_cases import (
    ImportOrders,
    SetCarrierCutOff,
    SetOrderPolicy,
    import_orders,
    mark_in_wave,
    mark_picking,
    set_carrier_cut_off,
    set_order_policy,
)
from tests.build.orders import an_order, lines, order, promise, take
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest


def holds(site: Site, number: str) -> tuple[str, ...]:
    with site.house.read() as session:
        found = order(site, number)
        return active_holds(session, [found.id]).get(found.id, ())


def set_state(site: Site, number: str, state: str) -> None:
    with site.house.write() as session:
        session.get_one(SalesOrder, order(site, number).id).state = state


def test_an_order_is_written_measured_and_approved(house: HouseUnderTest) -> None:
    site = a_site(house)
    report = take(site, an_order("1", ("TEA", 2), ("CUP", 1), carrier="sf", priority=3, tags=("vip",)))
    assert (report.created, report.lines, report.problem_count, report.state) == (1, 2, 0, "done")
    found = order(site, "1")
    assert (found.state, found.number, found.line_count, found.units) == ("approved", "web-1", 2, 3)
    assert (found.weight_g, found.volume_mm3) == (300, 3 * 500_000)
    assert (found.carrier, found.priority, found.tags) == ("sf", 3, ["vip"])
    (told,) = house.events("orders.imported")
    assert told["body"]["approved"] == 1


def test_the_same_order_again_changes_nothing(house: HouseUnderTest) -> None:
    site = a_site(house)
    take(site, an_order("1", ("TEA", 2), ("CUP", 1)))
    again = take(site, an_order("1", ("CUP", 1), ("tea", 2)))
    assert (again.created, again.unchanged, again.updated) == (0, 1, 0)
    assert len(house.events("orders.imported")) == 1


def test_an_order_with_unknown_goods_stays_outside_and_is_reported(house: HouseUnderTest) -> None:
    site = a_site(house)
    report = take(site, an_order("1", ("TEA", 2), ("GHOST", 1)), an_order("2", ("CUP", 1)))
    assert (report.created, report.refused) == (1, 1)
    (problem,) = report.problems
    assert (problem.code, problem.row_no, problem.external_no) == ("sku_unknown", 2, "1")
    with house.read() as session:
        kept = import_problems(session, report.import_id, by=house.actor)
    assert kept.rows[0].facts == {"code": "GHOST"}


def test_missing_goods_are_added_to_the_catalogue_where_that_is_wished(house: HouseUnderTest) -> None:
    site = a_site(house)
    report = take(site, an_order("1", ("NEW1", 2), ("new1", 1)), create_skus=True)
    assert (report.created, report.new_skus) == (1, 1)
    assert len({line.sku_id for line in lines(site, "1")}) == 1


def test_a_bundle_becomes_its_parts(house: HouseUnderTest) -> None:
    site = a_site(house, skus=("TEA", "CUP", "SET"))
    parts = (PartSpec("TEA", 2), PartSpec("CUP", 1))
    house.run(set_bundle, SetBundle, sku_id=site.skus["SET"], parts=parts)
    take(site, an_order("1", ("SET", 3)))
    assert [(line.sku_id, line.qty, line.bundle_sku_id) for line in lines(site, "1")] == [
        (site.skus["TEA"], 6, site.skus["SET"]),
        (site.skus["CUP"], 3, site.skus["SET"]),
    ]


def test_before_work_has_begun_a_changed_order_is_what_it_is_now(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    take(site, an_order("1", ("TEA", 4)))
    promise(site)
    assert site.figures("TEA") == (10, 4)
    report = take(site, an_order("1", ("TEA", 1)))
    assert report.updated == 1
    assert (order(site, "1").state, order(site, "1").units) == ("approved", 1)
    assert site.figures("TEA") == (10, 0)
    promise(site)
    assert site.figures("TEA") == (10, 1)
    assert site.verify().sound


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"goods": (("TEA", 5),)}, "goods_changed"),
        ({"ship_to": {"address": "elsewhere"}}, "address_changed"),
        ({"carrier": "other"}, "courier_changed"),
        ({"note": "ring twice"}, "note_changed"),
        ({"status": "refund_requested"}, "refund_requested"),
    ],
)
def test_after_work_has_begun_a_change_becomes_a_hold(
    house: HouseUnderTest, change: dict, reason: str
) -> None:
    site = a_site(house)
    take(site, an_order("1", ("TEA", 4)))
    set_state(site, "1", "picking")
    change = dict(change)
    goods = change.pop("goods", (("TEA", 4),))
    report = take(site, an_order("1", *goods, **change))
    assert (report.held, report.updated) == (1, 0)
    assert holds(site, "1") == (reason,)
    assert order(site, "1").units == 4
    (told,) = house.events("orders.held")
    assert (told["body"]["reason"], told["body"]["state"]) == (reason, "picking")
    again = take(site, an_order("1", *goods, **change))
    assert again.unchanged == 1
    assert len(house.events("orders.held")) == 1


def test_a_cancelled_order_ends_before_work_and_is_held_after(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    take(site, an_order("1", ("TEA", 4)), an_order("2", ("TEA", 4)))
    promise(site)
    with house.write() as session:
        ids = [order(site, "2").id]
        mark_in_wave(session, ids, now=house.clock.now())
        mark_picking(session, ids, now=house.clock.now())
    report = take(site, an_order("1", status="cancelled"), an_order("2", status="cancelled"))
    assert (report.cancelled, report.held) == (1, 1)
    assert order(site, "1").state == "cancelled"
    assert (order(site, "2").state, holds(site, "2")) == ("picking", ("cancelled",))
    assert site.figures("TEA") == (10, 4)
    again = take(site, an_order("1", status="cancelled"))
    assert again.unchanged == 1
    assert site.verify().sound


def test_a_cancellation_of_nothing_we_know_is_reported(house: HouseUnderTest) -> None:
    report = take(a_site(house), an_order("9", status="cancelled"))
    assert [problem.code for problem in report.problems] == ["cancels_unknown_order"]


def test_an_order_that_comes_with_a_refund_request_is_received_but_not_approved(
    house: HouseUnderTest,
) -> None:
    site = a_site(house)
    take(site, an_order("1", ("TEA", 1), status="refund_requested"))
    assert (order(site, "1").state, order(site, "1").wait_reason) == ("received", "refund_requested")
    assert holds(site, "1") == ("refund_requested",)


def test_a_shop_may_want_to_approve_by_hand(house: HouseUnderTest) -> None:
    site = a_site(house)
    house.run(set_order_policy, SetOrderPolicy, shop="web", auto_approve=False)
    take(site, an_order("1", ("TEA", 1)))
    assert (order(site, "1").state, order(site, "1").wait_reason) == ("received", "approval_by_hand")


def test_the_next_collection_of_the_carrier_is_noted(house: HouseUnderTest) -> None:
    site = a_site(house)  # Europe/London, Monday 08:00
    house.run(set_carrier_cut_off, SetCarrierCutOff, warehouse_id=site.id, carrier="sf", local_time="17:30")
    take(site, an_order("1", ("TEA", 1), carrier="sf"))
    cut_off = order(site, "1").cut_off_at
    assert cut_off is not None
    assert cut_off.isoformat() == "2026-11-23T17:30:00+00:00"


def test_the_same_number_twice_in_a_delivery_is_read_in_order(house: HouseUnderTest) -> None:
    site = a_site(house)
    report = take(
        site, an_order("1", ("TEA", 1)), an_order("1", ("TEA", 2)), an_order("1", status="cancelled")
    )
    assert (report.created, report.updated, report.cancelled) == (1, 1, 1)
    assert order(site, "1").state == "cancelled"


def test_a_delivery_outside_the_callers_scope_is_refused(house: HouseUnderTest) -> None:
    site = a_site(house)
    fields = {"warehouse_id": site.id, "shop": "web", "orders": (an_order("1", ("TEA", 1)),)}
    with pytest.raises(Forbidden, match="outside_scope"):
        house.run(import_orders, ImportOrders, by=house.actor_as(warehouses=frozenset()), **fields)
    with pytest.raises(Forbidden, match="shop_outside_scope"):
        house.run(import_orders, ImportOrders, by=house.actor_as(shops=frozenset({"other"})), **fields)
    with pytest.raises(NotFound, match="warehouse_not_found"):
        house.run(import_orders, ImportOrders, **(fields | {"warehouse_id": 999}))
