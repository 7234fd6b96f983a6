"""Orders that are held or cancelled in mid-pick."""

import pytest

from backend.core.errors import Refusal
from backend.orders.use_cases import (
    CancelOrder,
    HoldOrder,
    ReleaseHold,
    cancel_order,
    hold_order,
    release_hold,
)
from tests.build.picking import Picker, a_picker, a_started_cart
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_cart(house: HouseUnderTest) -> tuple[Shop, Picker, int, int]:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.stock("PEAR", B_02_1=10)
    first, second = shop.order(APPLE=2, PEAR=1), shop.order(APPLE=3)
    return shop, a_started_cart(shop), first, second


def hold(house: HouseUnderTest, order_id: int) -> None:
    house.run(hold_order, HoldOrder, order_id=order_id, reason="address_changed")
    house.work()


def test_the_picker_is_told_and_the_list_names_the_bin(house: HouseUnderTest) -> None:
    _, picker, first, _ = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    version = picker.task["version"]
    hold(house, first)
    task = picker.look()
    assert task["version"] > version
    assert [line["sku"]["code"] for line in task["lines"]] == ["APPLE"], (
        "the pear was for the held order alone"
    )
    assert (task["lines"][0]["qty"], task["lines"][0]["picked_qty"]) == (3, 0)
    (entry,) = task["put_backs"]
    assert (entry["order_id"], entry["qty"], entry["location_code"]) == (first, 2, "A-01-1")
    assert entry["sku"]["code"] == "APPLE"
    assert task["totes"][0]["holds"] == ["address_changed"]
    (fact,) = house.events("picking.order_stopped")
    assert (fact["channel"], fact["body"]["put_backs"]) == (f"user:{picker.user_id}", 2)


def test_goods_go_back_and_stay_promised_to_the_held_order(house: HouseUnderTest) -> None:
    shop, picker, first, _ = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    hold(house, first)
    (entry,) = picker.look()["put_backs"]
    picker.put_back(entry, qty=1)
    assert picker.task["put_backs"][0]["qty"] == 1
    picker.put_back(picker.task["put_backs"][0])
    assert (picker.task["put_backs"], shop.on_hand("A-01-1", "APPLE")) == ([], 10)
    picker.pick("APPLE")
    picker.finish()
    assert (shop.order_row(first).state, picker.task["state"]) == ("reserved", "done")
    shop.proven()


def test_a_cancelled_order_is_cancelled_when_its_goods_are_back(house: HouseUnderTest) -> None:
    shop, picker, first, _ = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    house.run(cancel_order, CancelOrder, order_id=first)
    house.work()
    assert shop.order_row(first).state == "picking"
    picker.put_back(picker.look()["put_backs"][0])
    assert shop.order_row(first).state == "cancelled"
    assert picker.task["totes"][0]["holds"] == ["cancelled"]
    picker.pick("APPLE")
    picker.finish()
    shop.proven()


def test_when_the_hold_is_released_the_order_goes_on(house: HouseUnderTest) -> None:
    shop, picker, first, second = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    hold(house, first)
    house.run(release_hold, ReleaseHold, order_id=first, reason="address_changed")
    house.work()
    task = picker.look()
    assert (task["put_backs"], [line["qty"] for line in task["lines"]]) == ([], [5, 1])
    picker.pick_all()
    picker.finish()
    assert {shop.order_row(each).state for each in (first, second)} == {"picked"}
    shop.proven()


def test_what_was_put_back_is_picked_again_after_the_release(house: HouseUnderTest) -> None:
    shop, picker, first, _ = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    hold(house, first)
    picker.put_back(picker.look()["put_backs"][0])
    house.run(release_hold, ReleaseHold, order_id=first, reason="address_changed")
    house.work()
    assert picker.line("APPLE")["picked_qty"] == 0
    picker.pick_all()
    picker.finish()
    assert shop.order_row(first).state == "picked"
    shop.proven()


def test_an_order_held_before_anybody_claimed_leaves_the_list(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    first, second = shop.order(APPLE=2), shop.order(APPLE=3)
    shop.released()
    house.work()
    hold(house, first)
    picker = a_picker(shop)
    picker.claim()
    assert picker.task["lines"][0]["qty"] == 3
    assert (shop.order_row(first).state, shop.order_row(second).state) == ("in_wave", "picking")
    picker.bind(slot_no=2)
    picker.pick_all()
    picker.finish()
    assert (shop.order_row(first).state, shop.order_row(second).state) == ("reserved", "picked")
    shop.proven()


def test_the_cart_cannot_be_finished_before_goods_are_back(house: HouseUnderTest) -> None:
    _, picker, first, _ = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    hold(house, first)
    picker.pick_all()
    with pytest.raises(Refusal, match="put_back_first"):
        picker.finish()


def test_another_bin_or_too_many_are_refused(house: HouseUnderTest) -> None:
    shop, picker, first, second = a_cart(house)
    picker.pick("APPLE", slot_no=1)
    hold(house, first)
    (entry,) = picker.look()["put_backs"]
    with pytest.raises(Refusal, match="wrong_bin"):
        picker.put_back(entry, location_code="B-01-1")
    with pytest.raises(Refusal, match="more_than_asked"):
        picker.put_back(entry, qty=3)
    with pytest.raises(Refusal, match="nothing_to_put_back"):
        picker.put_back({**entry, "order_id": second})
    shop.proven()
