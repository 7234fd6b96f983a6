"""A bin without the goods."""

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal
from backend.outbound.picking.models import ShortPick
from tests.build.picking import Picker, a_started_cart
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_cart(house: HouseUnderTest, **bins: int) -> tuple[Shop, Picker]:
    shop = a_shop(house)
    shop.stock("APPLE", **(bins or {"A_01_1": 4}))
    shop.stock("PEAR", B_03_1=5)
    shop.order(APPLE=3, PEAR=1)
    return shop, a_started_cart(shop)


def test_the_book_stock_goes_to_shortage_and_another_bin_fills_the_gap(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house, A_01_1=4)
    shop.stock("APPLE", B_05_1=6)
    answer = picker.short("APPLE", 3)
    assert answer.tone == "warn"
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("shortage", "APPLE")) == (0, 4)
    lines = {
        line["location"]["code"]: line for line in picker.look()["lines"] if line["sku"]["code"] == "APPLE"
    }
    assert (lines["A-01-1"]["state"], lines["A-01-1"]["short_qty"]) == ("short", 3)
    assert (lines["B-05-1"]["state"], lines["B-05-1"]["qty"]) == ("open", 3)
    assert answer.next_line_id in {line["id"] for line in picker.task["lines"] if line["state"] == "open"}
    assert shop.order_lines(picker.task["totes"][0]["order_id"])[0].short_qty == 0
    picker.pick("APPLE", line=lines["B-05-1"])
    picker.pick("PEAR")
    picker.finish()
    assert shop.order_row(picker.task["totes"][0]["order_id"]).state == "picked"
    shop.proven()


def test_what_no_bin_can_give_is_short_on_the_order_line(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house, A_01_1=4)
    picker.pick("APPLE", qty=1)
    picker.short("APPLE", 2)
    order_id = picker.task["totes"][0]["order_id"]
    line = shop.order_lines(order_id)[0]
    assert (line.short_qty, line.reserved_qty) == (2, 1)
    assert picker.line("APPLE")["state"] == "short"
    picker.pick("PEAR")
    picker.finish()
    assert (shop.order_row(order_id).state, shop.order_lines(order_id)[0].picked_qty) == ("picked", 1)
    shop.proven()


def test_an_order_of_which_nothing_was_found_waits_again(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=4)
    order_id = shop.order(APPLE=3)
    picker = a_started_cart(shop)
    picker.short("APPLE", 3)
    picker.finish()
    row = shop.order_row(order_id)
    assert (row.state, row.wait_reason) == ("backordered", "short_pick")
    shop.proven()


def test_goods_that_other_pickers_come_for_are_left_in_the_book(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=3)
    shop.order(APPLE=4)
    picker = a_started_cart(shop, pick_mode="discrete")
    picker.short("APPLE", 3)
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("shortage", "APPLE")) == (4, 6)
    shop.proven()


def test_promises_to_others_that_the_goods_no_longer_cover_are_taken_back(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=3)
    picker = a_started_cart(shop)
    waiting = shop.order(APPLE=7)
    picker.short("APPLE", 3)
    house.work()
    assert shop.order_row(waiting).state == "backordered"
    shop.proven()


def test_damaged_pieces_alone_leave_the_bin_and_are_no_longer_good(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house, A_01_1=9)
    picker.short("APPLE", 1, "damaged")
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("shortage", "APPLE")) == (8, 1)
    shop.proven()


def test_a_blocked_bin_keeps_its_book_stock(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house, A_01_1=9)
    shop.stock("APPLE", B_05_1=6)
    picker.short("APPLE", 3, "blocked")
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("shortage", "APPLE")) == (9, 0)
    assert picker.line("APPLE", "B-05-1")["qty"] == 3
    shop.proven()


def test_as_few_orders_as_possible_suffer(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=6)
    first, second = shop.order(APPLE=3), shop.order(APPLE=3)
    picker = a_started_cart(shop)
    picker.short("APPLE", 2)
    assert [shop.order_lines(each)[0].short_qty for each in (first, second)] == [0, 2]
    splits = picker.line("APPLE")["splits"]
    assert [split["short_qty"] for split in splits] == [0, 2]
    picker.pick_all()
    picker.finish()
    shop.proven()


def test_it_is_recorded_and_replenishment_is_wanted(house: HouseUnderTest) -> None:
    _, picker = a_cart(house, A_01_1=4)
    picker.short("APPLE", 2)
    with house.read() as session:
        row = session.scalars(select(ShortPick)).one()
    assert (row.qty, row.replaced_qty, row.book_qty, row.reason) == (2, 0, 3, "empty")
    (fact,) = house.events("picking.short_picked")
    assert (fact["body"]["qty"], fact["body"]["location_code"]) == (2, "A-01-1")
    (wanted,) = house.events("picking.replenishment_wanted")
    assert wanted["body"]["missing"] == 2


def test_the_rest_of_the_route_starts_where_the_picker_stands(house: HouseUnderTest) -> None:
    _, picker = a_cart(house, A_01_1=4)
    before = picker.look()["route_mm"]
    picker.short("APPLE", 3)
    assert picker.task["route_mm"] != before
    assert picker.task["route"][0][:2] == [0, 1000], "aisle A, bay 1"


def test_no_more_than_is_left_can_be_short(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    with pytest.raises(Refusal, match="more_than_asked"):
        picker.short("APPLE", 4)
    picker.pick("APPLE")
    with pytest.raises(Refusal, match="line_already_done"):
        picker.short("APPLE", 1)
