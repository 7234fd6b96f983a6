"""The main job in one piece: orders become a wave, a task, picks, and stand at packing."""

from tests.build.picking import a_started_cart
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest


def test_two_orders_are_picked_on_one_cart_and_stand_at_packing(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.stock("PEAR", B_02_1=10)
    first, second = shop.order(APPLE=2, PEAR=1), shop.order(APPLE=3)
    picker = a_started_cart(shop, pick_mode="cluster")
    assert [tote["order_id"] for tote in picker.task["totes"]] == [first, second]
    assert [line["qty"] for line in picker.task["lines"]] == [5, 1]
    picker.pick_all()
    picker.finish()
    assert picker.task["state"] == "done"
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("packing", "APPLE")) == (5, 5)
    assert (shop.on_hand("B-02-1", "PEAR"), shop.on_hand("packing", "PEAR")) == (9, 1)
    assert {shop.order_row(each).state for each in (first, second)} == {"picked"}
    assert [line.picked_qty for line in shop.order_lines(first)] == [2, 1]
    shop.proven()
