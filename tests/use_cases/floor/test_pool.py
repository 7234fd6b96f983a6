"""The pool of floor work."""

from datetime import timedelta
from typing import Any

import pytest

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.floor.queries import pool, whereabouts
from backend.floor.rules import Candidate, NewTask, Spot, best_first, walk_mm
from backend.floor.use_cases import (
    Prioritise,
    cancel,
    claim,
    claim_next,
    finish,
    note_whereabouts,
    open_tasks,
    prioritise,
    resume,
    suspend,
)
from tests.build.layout import Hall, a_hall
from tests.build.people import a_user
from tests.conftest import MORNING, HouseUnderTest


def do(house: HouseUnderTest, verb: Any, *args: Any, user_id: int | None = None, **fields: Any) -> Any:
    """Call an inner verb as another room would."""
    permissions = fields.pop("permissions", {"pick", "shelve"})

    def inside(session: Any, command: Command, *, now: Any) -> Any:
        more = {"by": command.by} if verb not in (open_tasks, cancel) else {}
        found = verb(session, *args, now=now, **more, **fields)
        return getattr(found, "id", found)

    return house.run(inside, Command, by=house.actor_as(user_id=user_id, permissions=permissions))


def tasks(house: HouseUnderTest, hall: Hall, *kinds: str) -> list[int]:
    wanted = [NewTask(kind=kind, warehouse_id=hall.warehouse_id, ref_id=n) for n, kind in enumerate(kinds, 1)]
    return do(house, open_tasks, wanted)


def test_work_opened_together_is_told_once(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    ids = tasks(house, hall, "pick", "pick", "putaway")
    told = house.events("floor.task_opened")
    assert [(fact["body"]["kind"], fact["body"]["task_ids"]) for fact in told] == [
        ("pick", ids[:2]), ("putaway", ids[2:]),
    ]  # fmt: skip


def test_everybody_gets_only_work_of_his_job(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    pick_id, putaway_id = tasks(house, hall, "pick", "putaway")
    wang, li = a_user(house, "wang").id, a_user(house, "li").id
    where = {"warehouse_id": hall.warehouse_id}
    assert do(house, claim_next, user_id=wang, permissions={"shelve"}, **where) == putaway_id
    assert do(house, claim_next, user_id=li, permissions={"pick"}, **where) == pick_id
    with pytest.raises(Refusal, match="job_not_allowed"):
        do(house, claim_next, user_id=li, permissions={"view_stock"}, **where)


def test_a_task_in_hand_of_another_kind_comes_first(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    tasks(house, hall, "pick", "putaway")
    wang = a_user(house).id
    do(house, claim_next, user_id=wang, warehouse_id=hall.warehouse_id, kinds=("putaway",))
    with pytest.raises(Refusal) as no:
        do(house, claim_next, user_id=wang, warehouse_id=hall.warehouse_id, kinds=("pick",))
    assert (no.value.code, no.value.facts["kind"]) == ("already_on_task", "putaway")


def test_nobody_in_particular_gets_no_work(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    tasks(house, hall, "pick")
    with pytest.raises(Refusal, match="person_needed"):
        do(house, claim_next, warehouse_id=hall.warehouse_id)


def test_a_life_of_a_task(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    (task_id,) = tasks(house, hall, "count")
    wang, li = a_user(house, "wang").id, a_user(house, "li").id
    do(house, claim, task_id, user_id=wang)
    assert do(house, claim, task_id, user_id=wang) == task_id, "again is no error"
    with pytest.raises(Refusal, match="task_not_in_hand"):
        do(house, suspend, task_id, user_id=li)
    do(house, suspend, task_id, user_id=wang)
    do(house, resume, task_id, user_id=wang)
    do(house, finish, task_id, user_id=wang)
    with pytest.raises(Refusal, match="task_not_in_hand"):
        do(house, finish, task_id, user_id=wang)
    names = [fact["name"].removeprefix("floor.task_") for fact in house.events() if "floor" in fact["name"]]
    assert names == ["opened", "claimed", "suspended", "resumed", "finished"]


def test_only_open_work_is_withdrawn(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    ids = tasks(house, hall, "pick", "pick")
    do(house, claim, ids[0], user_id=a_user(house).id)
    assert do(house, cancel, ids) == [ids[1]]


def test_a_supervisor_orders_the_pool(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    first, second = tasks(house, hall, "pick", "pick")
    house.run(prioritise, Prioritise, task_id=second, priority=1)
    with house.read() as session:
        rows = pool(session, by=house.actor, now=MORNING, warehouse_id=hall.warehouse_id)
    assert [row.id for row in rows] == [second, first]
    with pytest.raises(Refusal, match="floor_task_not_found"):
        house.run(prioritise, Prioritise, task_id=99, priority=1)


def test_whereabouts_show_the_last_scan(house: HouseUnderTest) -> None:
    hall = a_hall(house)
    wang = a_user(house).id
    do(
        house, note_whereabouts, user_id=wang, warehouse_id=hall.warehouse_id, location_id=hall["B-02-1"],
        floor_task_id=None,
    )  # fmt: skip
    with house.read() as session:
        (seen,) = whereabouts(session, by=house.actor, now=MORNING, warehouse_id=hall.warehouse_id)
    assert (seen.user_id, seen.location_code, seen.last_scan_at) == (wang, "B-02-1", MORNING)


def test_what_is_best_goes_by_due_time_priority_way_and_age() -> None:
    here = Spot(0, 0)

    def a(number: int, minutes: int | None = 60, priority: int = 50, x: int = 0, floor: int = 0) -> Candidate:
        due = None if minutes is None else MORNING + timedelta(minutes=minutes)
        return Candidate(number, due, priority, Spot(x, 0, floor))

    def order(*found: Candidate) -> list[int]:
        return [each.id for each in best_first(found, here)]

    assert order(a(1, None), a(2, 300), a(3, 60)) == [3, 2, 1]
    assert order(a(1, 61), a(2, 62, priority=1)) == [2, 1], "due times this close count as equal"
    assert order(a(1, x=9_000), a(2, x=1_000)) == [2, 1]
    assert order(a(1, floor=1), a(2, x=30_000)) == [2, 1]
    assert order(a(2), a(1)) == [1, 2]
    assert walk_mm(here, Spot(3, 4)) == 7
