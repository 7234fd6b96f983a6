"""Fifty pickers and one task: exactly one gets it, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from backend.core.errors import Refusal
from backend.core.ids import uuid7
from backend.floor.models import FloorTask
from backend.master.people.models import User
from backend.outbound.picking.models import PickTask
from backend.outbound.picking.use_cases import (
    BindTote,
    ClaimNextTask,
    ClaimTask,
    bind_tote,
    claim_next_task,
    claim_task,
)
from tests.build.picking import on_the_floor
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest

PEOPLE = 50


def a_floor(house: HouseUnderTest, tasks: int) -> Shop:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=tasks)
    for _ in range(tasks):
        shop.order(APPLE=1)
    on_the_floor(shop, pick_mode="discrete")
    return shop


def people(house: HouseUnderTest, number: int = PEOPLE) -> list[int]:
    with house.write() as session:
        rows = [
            User(
                login=f"picker-{n}", name=f"Picker {n}", language="en", jobs=[], every_warehouse=True, every_shop=True,
                every_owner=True, active=True, created_at=house.clock.now(),
            )
            for n in range(number)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def at_once(house: HouseUnderTest, users: list[int], verb: Any, command: Any, **fields: Any) -> list[Any]:
    """Everybody at the same time; results and refusal codes."""

    def one(user_id: int) -> Any:
        by = house.actor_as(user_id=user_id, permissions={"pick"}, command_id=uuid7())
        mine = {name: value[user_id] if isinstance(value, dict) else value for name, value in fields.items()}
        try:
            return house.run(verb, command, by=by, **mine)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(users)) as threads:
        return list(threads.map(one, users))


def test_fifty_people_want_one_task_and_one_gets_it(house: HouseUnderTest) -> None:
    a_floor(house, tasks=1)
    with house.read() as session:
        task_id = session.scalars(select(PickTask.id)).one()
    results = at_once(house, people(house), claim_task, ClaimTask, task_id=task_id)
    assert Counter(each if isinstance(each, str) else "won" for each in results) == {
        "won": 1,
        "task_taken": 49,
    }


def test_fifty_people_and_fifty_tasks_nobody_goes_empty_and_no_task_is_shared(house: HouseUnderTest) -> None:
    shop = a_floor(house, tasks=PEOPLE)
    results = at_once(
        house, people(house), claim_next_task, ClaimNextTask, warehouse_id=shop.hall.warehouse_id
    )
    assert len({each.task["id"] for each in results}) == PEOPLE
    with house.read() as session:
        holders = session.scalar(
            select(func.count(func.distinct(FloorTask.claimed_by))).where(FloorTask.state == "claimed")
        )
    assert holders == PEOPLE


def test_one_person_on_two_devices_gets_one_task(house: HouseUnderTest) -> None:
    shop = a_floor(house, tasks=10)
    (user_id,) = people(house, 1)
    results = at_once(
        house, [user_id] * 10, claim_next_task, ClaimNextTask, warehouse_id=shop.hall.warehouse_id
    )
    assert len({each.task["id"] for each in results}) == 1


def test_one_tote_stands_on_one_cart(house: HouseUnderTest) -> None:
    shop = a_floor(house, tasks=20)
    users = people(house, 20)
    claimed = at_once(house, users, claim_next_task, ClaimNextTask, warehouse_id=shop.hall.warehouse_id)
    tasks = {user_id: each.task["id"] for user_id, each in zip(users, claimed, strict=True)}
    results = at_once(house, users, bind_tote, BindTote, task_id=tasks, slot_no=1, lpn="TOTE-ONLY-ONE")
    assert Counter(each if isinstance(each, str) else "won" for each in results) == {
        "won": 1,
        "tote_in_use": 19,
    }
