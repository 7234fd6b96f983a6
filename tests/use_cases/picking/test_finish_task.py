"""The cart arrives at packing."""

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.orders.models import OrderHold, OrderMark
from backend.orders.use_cases import ReleaseHold, release_hold
from backend.outbound.picking.models import ToteInUse
from backend.outbound.waves.models import Wave
from backend.stock.models import HandlingUnit, Serial
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import post
from tests.build.layout import place_of
from tests.build.picking import a_picker, a_started_cart
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest


def test_orders_are_picked_totes_stand_at_packing_and_the_wave_is_done(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    order_id = shop.order(APPLE=2)
    picker = a_started_cart(shop)
    lpn = picker.task["totes"][0]["lpn"]
    picker.pick_all()
    picker.finish()
    with house.read() as session:
        unit = session.scalars(select(HandlingUnit).where(HandlingUnit.lpn == lpn)).one()
        assert unit.location_id == place_of(house, shop.hall.warehouse_id, "packing")
        assert session.scalars(select(ToteInUse)).all() == []
        assert session.scalars(select(OrderMark.mark).where(OrderMark.order_id == order_id)).all() == [
            "picked"
        ]
        assert session.get_one(Wave, shop.wave_id).state == "done"
    names = [fact["name"] for fact in house.events()]
    assert {"floor.task_finished", "picking.task_finished", "waves.wave_done"} <= set(names)
    shop.proven()


def test_a_wave_with_work_left_goes_on(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    shop.order(APPLE=1)
    picker = a_started_cart(shop, pick_mode="discrete")
    picker.pick_all()
    picker.finish()
    with house.read() as session:
        assert session.get_one(Wave, shop.wave_id).state == "released"


def test_open_lines_keep_the_cart_on_the_floor(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    picker = a_started_cart(shop)
    with pytest.raises(Refusal) as no:
        picker.finish()
    assert (no.value.code, no.value.facts["lines"]) == ("lines_open", 1)


def test_an_order_of_which_a_part_is_missing_waits_for_a_person(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.stock("PEAR", A_01_2=10)
    short, whole = shop.order(APPLE=2, PEAR=3), shop.order(APPLE=1)
    picker = a_started_cart(shop)
    slots = {tote["order_id"]: tote["slot_no"] for tote in picker.task["totes"]}
    picker.pick("PEAR", qty=1)
    picker.short("PEAR", 2)
    for order_id, slot_no in slots.items():
        picker.pick("APPLE", slot_no=slot_no, qty=2 if order_id == short else 1)
    picker.finish()
    with house.read() as session:
        (hold,) = session.scalars(select(OrderHold)).all()
        assert (hold.order_id, hold.reason, hold.released_at) == (short, "picked_short", None)
        assert hold.detail == {"missing": [{"line_no": 2, "qty": 2}]}
    assert shop.order_row(short).state == shop.order_row(whole).state == "picked"
    (told,) = house.events("orders.held")
    assert (told["body"]["order_id"], told["body"]["reason"]) == (short, "picked_short")
    house.work()  # whoever hears of the hold leaves a cart that is at packing alone
    house.run(release_hold, ReleaseHold, order_id=short, reason="picked_short")
    house.work()
    assert shop.order_row(short).state == "picked"
    shop.proven()


def test_only_the_picker_finishes(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    picker = a_started_cart(shop)
    picker.pick_all()
    other = a_picker(shop, "li")
    other.task = picker.task
    with pytest.raises(Refusal, match="not_your_task"):
        other.finish()


def test_strong_serials_travel_with_their_tote(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    sku_id = shop.sku("PHONE", serial_policy="strong")

    def receive(session: object, command: Command, *, now: object) -> None:
        supplier = place_of(house, shop.hall.warehouse_id, "supplier")
        moves = [
            Move(sku_id, 1, supplier, shop.hall["A-01-1"], Reason.RECEIPT, serial=f"S{n}") for n in range(3)
        ]
        post(session, moves, by=command.by, now=now)

    house.run(receive, Command)
    shop.order(PHONE=2)
    picker = a_started_cart(shop)
    with pytest.raises(Refusal, match="serial_required"):
        picker.pick("PHONE", qty=1)
    picker.pick("PHONE", qty=1, serial="S0")
    with pytest.raises(Refusal, match="serial_not_here"):
        picker.pick("PHONE", qty=1, serial="S0")
    picker.pick("PHONE", qty=1, serial="S2")
    picker.undo(picker.task["picks"][1]["id"])
    picker.pick("PHONE", qty=1, serial="S1")
    picker.finish()
    with house.read() as session:
        places = dict(session.execute(select(Serial.code, Serial.location_id)).all())
    packing = place_of(house, shop.hall.warehouse_id, "packing")
    assert places == {"S0": packing, "S1": packing, "S2": shop.hall["A-01-1"]}
    shop.proven()
