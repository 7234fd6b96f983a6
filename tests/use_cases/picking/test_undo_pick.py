"""Taking a pick back."""

import pytest

from backend.core.errors import Refusal
from backend.orders.use_cases import HoldOrder, hold_order
from tests.build.picking import Picker, a_started_cart
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_cart(house: HouseUnderTest) -> tuple[Shop, Picker]:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=4)
    return shop, a_started_cart(shop)


def test_the_goods_lie_in_their_bin_again_and_are_still_held_for_the_order(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    picker.pick("APPLE", qty=3)
    pick_id = picker.task["picks"][0]["id"]
    answer = picker.undo(pick_id)
    assert answer.tone == "warn"
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("picked", "APPLE")) == (10, 0)
    assert picker.task["picks"][0]["undone"]
    assert (picker.line("APPLE")["state"], picker.line("APPLE")["picked_qty"]) == ("open", 0)
    (fact,) = house.events("picking.pick_undone")
    assert (fact["body"]["qty"], fact["body"]["pick_id"]) == (3, pick_id)
    shop.proven()
    picker.pick("APPLE")
    picker.finish()
    shop.proven()


def test_a_pick_made_off_line_is_named_by_its_command(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    by = picker.by()
    picker.pick("APPLE", qty=1, by=by)
    picker.undo(made_by=by.command_id.upper())
    assert shop.on_hand("picked", "APPLE") == 0


def test_once_only(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    picker.pick("APPLE", qty=1)
    pick_id = picker.task["picks"][0]["id"]
    picker.undo(pick_id)
    with pytest.raises(Refusal, match="pick_already_undone"):
        picker.undo(pick_id)


def test_an_unknown_pick_is_not_found(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    with pytest.raises(Refusal, match="pick_not_found"):
        picker.undo(99)


def test_after_finishing_it_is_too_late(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    picker.pick_all()
    pick_id = picker.task["picks"][0]["id"]
    picker.finish()
    with pytest.raises(Refusal, match="task_done"):
        picker.undo(pick_id)


def test_undoing_a_pick_of_a_held_order_settles_its_put_back(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    picker.pick("APPLE", qty=3)
    house.run(hold_order, HoldOrder, order_id=picker.task["totes"][0]["order_id"], reason="manual")
    house.work()
    assert picker.look()["put_backs"][0]["qty"] == 3
    picker.undo(picker.task["picks"][0]["id"])
    assert picker.look()["put_backs"] == []
    shop.proven()
