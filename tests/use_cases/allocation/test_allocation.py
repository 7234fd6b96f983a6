"""From promise to bin."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.master.layout.models import Location
from backend.orders.use_cases import (
    CancelOrder,
    HoldOrder,
    SetOrderPolicy,
    cancel_order,
    conclude_cancellation,
    hold_order,
    mark_in_wave,
    set_order_policy,
)
from backend.outbound.allocation.queries import HeldGoods
from backend.outbound.allocation.use_cases import (
    Allocated,
    Need,
    Reallocated,
    SetAllocationPolicy,
    allocate_needs,
    allocate_orders,
    deallocate_orders,
    set_allocation_policy,
)
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import ensure_lot
from tests.build.orders import an_order, lines, order, promise, take
from tests.build.stock import Site, a_site, a_sku
from tests.conftest import HouseUnderTest


def do(site: Site, work: Any) -> Any:
    def use_case(session: Session, command: Command, *, now: Any) -> Any:
        return work(session, command.by, now)

    return site.house.run(use_case, Command)


def put_in_bins(site: Site, *numbers: str, near: Any = ()) -> Allocated:
    ids = [order(site, number).id for number in numbers]
    result: Allocated = do(
        site, lambda session, by, now: allocate_orders(session, ids, by=by, now=now, near=near)
    )
    return result


def bins_of(site: Site, result: Allocated, number: str) -> dict[str, int]:
    """Bin code → pieces of the order."""
    by_id = {place_id: code for code, place_id in site.places.items()}
    held: list[HeldGoods] = result.goods[order(site, number).id]
    return {by_id[each.location_id]: each.qty for each in held}


def test_the_urgent_order_gets_the_goods(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    soon = house.clock.now() + timedelta(hours=2)
    take(
        site,
        an_order("late", ("TEA", 2)),
        an_order("soon", ("TEA", 2), promise_at=soon),
        an_order("vip", ("TEA", 1), priority=5),
    )
    swept = promise(site)
    assert (swept.reserved, swept.backordered) == (2, 1)
    assert [order(site, number).state for number in ("vip", "soon", "late")] == [
        "reserved",
        "reserved",
        "backordered",
    ]
    assert order(site, "late").wait_reason == "not_in_stock"
    assert lines(site, "soon")[0].reserved_qty == 2
    assert site.verify().sound


def test_a_whole_order_waits_for_its_last_line_and_blocks_nobody(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    take(site, an_order("both", ("TEA", 3), ("CUP", 1), priority=9), an_order("tea", ("TEA", 3)))
    promise(site)
    assert (order(site, "both").state, order(site, "tea").state) == ("backordered", "reserved")
    assert lines(site, "both")[0].reserved_qty == 0


def test_a_shop_that_sends_in_parts_keeps_what_it_got(house: HouseUnderTest) -> None:
    site = a_site(house)
    house.run(set_order_policy, SetOrderPolicy, shop="web", whole_orders=False)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 5)))
    promise(site)
    assert (order(site, "1").state, lines(site, "1")[0].reserved_qty) == ("backordered", 2)
    site.put("TEA", 4, "A-02")
    promise(site)
    assert (order(site, "1").state, lines(site, "1")[0].reserved_qty) == ("reserved", 5)
    assert site.verify().sound


def test_a_held_order_is_promised_nothing_new(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 1)))
    house.run(hold_order, HoldOrder, order_id=order(site, "1").id, reason="manual")
    assert promise(site).reserved == 0
    assert site.figures("TEA") == (2, 0)


def test_import_and_arrival_promise_by_themselves(house: HouseUnderTest) -> None:
    site = a_site(house)
    take(site, an_order("1", ("TEA", 2)))
    house.work()
    assert order(site, "1").state == "backordered"
    site.put("TEA", 2, "A-01")
    house.work()
    assert order(site, "1").state == "reserved"


def test_a_long_sweep_goes_on_in_a_job_and_passes_each_order_once(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    take(site, *(an_order(str(n), ("TEA", 1)) for n in range(7)))
    swept = promise(site, limit=2)
    assert (swept.reserved, swept.more) == (2, True)
    house.work()
    states = [order(site, str(n)).state for n in range(7)]
    assert states == ["reserved"] * 5 + ["backordered"] * 2


def test_what_expires_first_leaves_first_and_unfit_lots_stay(house: HouseUnderTest) -> None:
    site = a_site(house)
    today = house.clock.now().date()
    with house.write() as session:
        site.skus["MILK"] = a_sku(session, "MILK", lot_policy="lot_expiry", issue_policy="fefo")
        lots = {
            days: ensure_lot(session, site.skus["MILK"], f"L{days}", expiry_on=today + timedelta(days=days))
            for days in (-1, 2, 20, 40)
        }
    for place, days in (("A-01", 40), ("A-02", 20), ("A-03", 2), ("A-04", -1)):
        site.put("MILK", 5, place, lot_id=lots[days])
    house.run(set_allocation_policy, SetAllocationPolicy, warehouse_id=site.id, min_days_left=10)
    take(site, an_order("1", ("MILK", 7)))
    promise(site)
    assert bins_of(site, put_in_bins(site, "1"), "1") == {"A-02": 5, "A-01": 2}


def test_what_came_first_leaves_first(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-05")
    house.clock.advance(days=2)
    site.put("TEA", 3, "A-01")
    take(site, an_order("1", ("TEA", 4)))
    promise(site)
    assert bins_of(site, put_in_bins(site, "1"), "1") == {"A-05": 3, "A-01": 1}


def test_among_equals_a_bin_is_emptied_and_the_way_kept_short(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 9, "A-01")
    site.put("TEA", 2, "A-02")
    site.put("CUP", 9, "A-06")
    site.put("CUP", 9, "A-02")
    take(site, an_order("1", ("TEA", 2), ("CUP", 1)))
    promise(site)
    assert bins_of(site, put_in_bins(site, "1"), "1") == {"A-02": 2} | {"A-02": 1}
    assert site.balances("A-02", "TEA")[0].reserved == 2
    assert site.balances("A-02", "CUP")[0].reserved == 1


def test_reserve_is_opened_only_where_the_pick_zone_lacks_and_refilling_is_asked_for(
    house: HouseUnderTest,
) -> None:
    site = a_site(house)
    site.put("TEA", 9, "R-01")
    site.put("TEA", 2, "A-06")
    take(site, an_order("1", ("TEA", 2)), an_order("2", ("TEA", 3)))
    promise(site)
    result = put_in_bins(site, "1", "2")
    assert bins_of(site, result, "1") == {"A-06": 2}
    assert bins_of(site, result, "2") == {"R-01": 3}
    (wanted,) = house.events("allocation.replenishment_wanted")
    assert (wanted["body"]["sku_id"], wanted["body"]["qty"]) == (site.skus["TEA"], 3)


def test_goods_in_a_blocked_bin_send_the_order_back_with_its_promise(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 2)))
    promise(site)
    with house.write() as session:
        session.get_one(Location, site["A-01"]).blocked = True
    result = put_in_bins(site, "1")
    assert result.short == {order(site, "1").id: "not_in_bins"}
    assert (order(site, "1").state, order(site, "1").wait_reason) == ("backordered", "not_in_bins")
    assert site.figures("TEA") == (2, 2)
    assert promise(site).backordered == 1
    with house.write() as session:
        session.get_one(Location, site["A-01"]).blocked = False
    assert promise(site).reserved == 1
    assert site.verify().sound


def test_one_short_order_takes_nothing_from_the_next(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    site.put("CUP", 1, "STAGING")
    take(site, an_order("1", ("TEA", 2), ("CUP", 1)), an_order("2", ("TEA", 1)))
    promise(site)
    result = put_in_bins(site, "1", "2")
    assert list(result.short.values()) == ["not_in_bins"]
    assert bins_of(site, result, "2") == {"A-01": 1}
    assert site.balances("A-01", "TEA")[0].reserved == 1
    assert site.verify().sound


def test_held_and_unpromised_orders_are_left_alone(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 1)), an_order("2", ("TEA", 5)))
    promise(site)
    house.run(hold_order, HoldOrder, order_id=order(site, "1").id, reason="address_changed")
    result = put_in_bins(site, "1", "2")
    assert result.short == {order(site, "1").id: "held", order(site, "2").id: "not_reserved"}


def test_cancelling_frees_bin_and_promise(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 2)))
    promise(site)
    put_in_bins(site, "1")
    decided = house.run(cancel_order, CancelOrder, order_id=order(site, "1").id)
    assert decided.state == "cancelled"
    assert (site.figures("TEA"), site.balances("A-01", "TEA")[0].reserved) == ((2, 0), 0)
    assert site.verify().sound


def test_an_order_cancelled_in_a_wave_ends_when_its_goods_are_back(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 2)))
    promise(site)
    (goods,) = put_in_bins(site, "1").goods[order(site, "1").id]
    do(site, lambda session, by, now: mark_in_wave(session, [order(site, "1").id], now=now))
    site.post(
        Move(
            goods.sku_id, 1, goods.location_id, site["PICKED"], Reason.PICK, allocation_id=goods.allocation_id
        )
    )
    decided = house.run(cancel_order, CancelOrder, order_id=order(site, "1").id)
    assert (decided.state, decided.holds) == ("in_wave", ("cancelled",))
    site.post(Move(goods.sku_id, 1, site["PICKED"], goods.location_id, Reason.PUTBACK))
    do(site, lambda session, by, now: conclude_cancellation(session, [order(site, "1").id], by=by, now=now))
    assert order(site, "1").state == "cancelled"
    assert site.figures("TEA") == (2, 0)
    assert house.events("orders.cancelled")[-1]["body"]["put_back"] is True
    assert site.verify().sound


def test_orders_that_leave_a_wave_let_go_of_their_bins(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    take(site, an_order("1", ("TEA", 2)))
    promise(site)
    put_in_bins(site, "1")
    ids = [order(site, "1").id]
    do(site, lambda session, by, now: mark_in_wave(session, ids, now=now))
    assert do(site, lambda session, by, now: deallocate_orders(session, ids, now=now)) == 2
    assert (order(site, "1").state, site.balances("A-01", "TEA")[0].reserved) == ("reserved", 0)


def test_a_short_pick_finds_other_bins_as_far_as_there_are_any(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 4, "A-01")
    site.put("TEA", 3, "A-04")
    take(site, an_order("1", ("TEA", 4)))
    promise(site)
    (goods,) = put_in_bins(site, "1").goods[order(site, "1").id]

    def short(session: Session, by: Any, now: Any) -> Reallocated:
        from backend.stock.use_cases import post_loss

        gone = [Move(goods.sku_id, 4, goods.location_id, site["SHORTAGE"], Reason.SHORT)]
        loss = post_loss(session, gone, by=by, now=now, spare=frozenset({goods.reservation_id}))
        kept = 4 - sum(each.qty for each in loss.bumped if each.reservation_id == goods.reservation_id)
        need = Need(goods.order_id, goods.reservation_id, goods.sku_id, kept)
        return allocate_needs(session, site.id, [need], by=by, now=now, avoid=[goods.location_id])

    found = do(site, short)
    assert (len(found.allocation_ids), found.missing) == (1, (0,))
    assert site.figures("TEA") == (3, 3)
    house.work()
    assert lines(site, "1")[0].reserved_qty == 3
    assert site.verify().sound


def test_losing_a_promise_sends_an_order_back_to_wait(house: HouseUnderTest) -> None:
    from backend.stock.use_cases import AdjustStock, adjust_stock

    site = a_site(house)
    site.put("TEA", 4, "A-01")
    take(site, an_order("1", ("TEA", 4)))
    promise(site)
    house.run(
        adjust_stock,
        AdjustStock,
        location_id=site["A-01"],
        sku_id=site.skus["TEA"],
        qty_delta=-1,
        note="broken",
    )
    house.work()
    assert (order(site, "1").state, order(site, "1").wait_reason) == ("backordered", "not_in_stock")
    assert lines(site, "1")[0].reserved_qty == 3
    site.put("TEA", 1, "A-02")
    house.work()
    assert order(site, "1").state == "reserved"
    assert site.verify().sound


def test_a_shipped_order_cannot_be_cancelled(house: HouseUnderTest) -> None:
    from backend.orders.models import SalesOrder

    site = a_site(house)
    take(site, an_order("1", ("TEA", 1)))
    with house.write() as session:
        session.get_one(SalesOrder, order(site, "1").id).state = "shipped"
    with pytest.raises(Refusal, match="order_is_over"):
        house.run(cancel_order, CancelOrder, order_id=order(site, "1").id)
