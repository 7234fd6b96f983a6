"""Getting work, putting it aside, going on with it, taking over."""

import pytest

from backend.core.errors import Refusal
from backend.floor.models import Whereabouts
from backend.outbound.picking.use_cases import ClaimNextTask, claim_next_task
from tests.build.picking import a_picker, on_the_floor
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_floor(house: HouseUnderTest, orders: int = 2) -> Shop:
    """Single-order tasks: the first in aisle A, the second far away in aisle B, …"""
    shop = a_shop(house, aisles=2, bays=5)
    for number in range(orders):
        shop.stock(f"THING{number}", **{f"{'AB'[number % 2]}_0{1 + 3 * (number % 2)}_1": 5})
        shop.order(**{f"THING{number}": 1})
    on_the_floor(shop, pick_mode="discrete")
    return shop


def test_the_next_task_is_the_callers_and_its_orders_are_being_picked(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    picker = a_picker(shop)
    task = picker.claim()
    assert (task["state"], task["picker_id"]) == ("claimed", picker.user_id)
    assert shop.order_row(task["totes"][0]["order_id"]).state == "picking"
    names = [fact["name"] for fact in house.events()]
    assert {"floor.task_claimed", "picking.task_started"} <= set(names)


def test_asking_again_gives_the_same_task_after_a_crash_or_on_another_device(house: HouseUnderTest) -> None:
    picker = a_picker(a_floor(house))
    first = picker.claim()
    assert picker.claim()["id"] == first["id"]


def test_no_work_is_an_answer_not_an_error(house: HouseUnderTest) -> None:
    shop = a_floor(house, orders=1)
    a_picker(shop, "wang").claim()
    assert a_picker(shop, "li").claim() is None


def test_the_nearest_of_equally_urgent_tasks_comes_first(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    picker = a_picker(shop)
    with house.write() as session:
        session.add(
            Whereabouts(
                user_id=picker.user_id, warehouse_id=shop.hall.warehouse_id, location_id=shop.hall["B-05-1"],
                seen_at=house.clock.now(),
            )
        )  # fmt: skip
    assert picker.claim()["lines"][0]["location"]["code"] == "B-04-1"


def test_a_task_that_somebody_has_cannot_be_claimed(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    wang, li = a_picker(shop, "wang"), a_picker(shop, "li")
    wang.claim()
    with pytest.raises(Refusal) as no:
        li.claim(wang.task_id)
    assert (no.value.code, no.value.facts["user_id"]) == ("task_taken", wang.user_id)


def test_one_person_one_task(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    wang = a_picker(shop)
    first = wang.claim()
    with house.read() as session:
        from backend.outbound.picking.models import PickTask

        other = next(task.id for task in session.query(PickTask) if task.id != first["id"])
    with pytest.raises(Refusal, match="already_on_task"):
        wang.claim(other)


def test_only_pickers_get_pick_tasks_and_only_in_their_warehouses(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    where = shop.hall.warehouse_id
    wang = a_picker(shop)
    with pytest.raises(Refusal, match="job_not_allowed"):
        house.run(
            claim_next_task, ClaimNextTask, warehouse_id=where,
            by=house.actor_as(user_id=wang.user_id, permissions={"shelve"}),
        )  # fmt: skip
    with pytest.raises(Refusal, match="outside_scope"):
        house.run(claim_next_task, ClaimNextTask, warehouse_id=where, by=wang.by(warehouses=frozenset({999})))


def test_a_suspended_cart_is_resumed_where_it_stood(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    wang = a_picker(shop)
    wang.claim()
    wang.suspend()
    assert wang.task["state"] == "suspended"
    first = wang.task_id
    second = wang.claim()
    assert second["id"] != first, "meanwhile there is other work"
    with pytest.raises(Refusal, match="already_on_task"):
        wang.resume(first)
    wang.suspend(second["id"])
    assert wang.resume(first).task["state"] == "claimed"
    assert wang.resume(first).task["state"] == "claimed", "again is no error"


def test_a_colleague_takes_over_a_suspended_cart(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    wang, li = a_picker(shop, "wang"), a_picker(shop, "li")
    wang.claim()
    wang.suspend()
    assert li.take_over(wang.task_id).task["picker_id"] == li.user_id
    with pytest.raises(Refusal, match="task_not_in_hand"):
        wang.resume()
    (lost,) = house.events("floor.task_lost")
    assert (lost["channel"], lost["body"]["to_user_id"]) == (f"user:{wang.user_id}", li.user_id)


def test_a_cart_in_hand_is_taken_over_only_with_the_right_to_supervise(house: HouseUnderTest) -> None:
    shop = a_floor(house)
    wang, li = a_picker(shop, "wang"), a_picker(shop, "li")
    boss = a_picker(shop, "zhao", permissions=("pick", "supervise"))
    wang.claim()
    with pytest.raises(Refusal, match="still_in_work"):
        li.take_over(wang.task_id)
    assert boss.take_over(wang.task_id).task["picker_id"] == boss.user_id


def test_a_finished_task_cannot_be_taken_over(house: HouseUnderTest) -> None:
    shop = a_floor(house, orders=1)
    wang, li = a_picker(shop, "wang"), a_picker(shop, "li")
    wang.claim()
    wang.bind()
    wang.pick_all()
    wang.finish()
    with pytest.raises(Refusal, match="task_over"):
        li.take_over(wang.task_id)
