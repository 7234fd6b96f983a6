"""Planning, stopping, releasing, cancelling."""

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal
from backend.orders.use_cases import CancelOrder, HoldOrder, cancel_order, hold_order
from backend.outbound.picking.models import PickTask
from backend.outbound.waves.models import Wave, WaveBatch
from backend.outbound.waves.queries import batches_of
from backend.outbound.waves.use_cases import (
    CancelWave,
    FailPlan,
    NotePlanProgress,
    PlannedBatch,
    PlanWave,
    RecordPlan,
    ReleaseWave,
    StopPlan,
    cancel_wave,
    fail_plan,
    note_plan_progress,
    plan_wave,
    record_plan,
    release_wave,
    stop_plan,
)
from backend.stock.models import Allocation
from tests.build.picking import a_picker
from tests.build.waves import Shop, a_shop, in_warehouses
from tests.conftest import HouseUnderTest


def a_wave(house: HouseUnderTest, **strategy: object) -> tuple[Shop, int, list[int]]:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=100)
    shop.stock("PEAR", B_01_1=100)
    orders = [shop.order(APPLE=1, PEAR=1) for _ in range(3)]
    return shop, shop.composed(**strategy), orders


def state_of(house: HouseUnderTest, wave_id: int) -> str:
    with house.read() as session:
        return session.get_one(Wave, wave_id).state


def test_the_plan_is_computed_by_a_worker_with_progress_and_a_bound(house: HouseUnderTest) -> None:
    _, wave_id, orders = a_wave(house, plan_seconds=1, cart_totes=2)
    assert house.run(plan_wave, PlanWave, wave_id=wave_id).state == "planning"
    house.work()
    assert state_of(house, wave_id) == "planned"
    with house.read() as session:
        batches = batches_of(session, wave_id)
        wave = session.get_one(Wave, wave_id)
    assert sorted(order_id for batch in batches for order_id, _ in batch.orders) == orders
    assert [len(batch.orders) for batch in batches] in ([2, 1], [1, 2])
    assert wave.plan_best_mm == sum(batch.route_mm for batch in batches)
    assert wave.plan_bound_mm <= wave.plan_best_mm


def test_a_planned_wave_can_be_planned_again(house: HouseUnderTest) -> None:
    shop, wave_id, _ = a_wave(house)
    shop.planned(wave_id, totes=1)
    shop.planned(wave_id, totes=3)
    with house.read() as session:
        assert len(session.scalars(select(WaveBatch)).all()) == 1


def test_stopping_asks_for_the_best_so_far(house: HouseUnderTest) -> None:
    _, wave_id, _ = a_wave(house, plan_seconds=60)
    with pytest.raises(Refusal, match="wave_state"):
        house.run(stop_plan, StopPlan, wave_id=wave_id)
    house.run(plan_wave, PlanWave, wave_id=wave_id)
    house.run(stop_plan, StopPlan, wave_id=wave_id)
    house.work()
    assert state_of(house, wave_id) == "planned"


def test_progress_is_written_and_told_while_planning_only(house: HouseUnderTest) -> None:
    _, wave_id, _ = a_wave(house)
    said = {"wave_id": wave_id, "best_mm": 9_000, "bound_mm": 4_000, "seconds": 3}
    house.run(note_plan_progress, NotePlanProgress, **said)
    assert house.events("waves.plan_progressed") == []
    house.run(plan_wave, PlanWave, wave_id=wave_id)
    house.run(note_plan_progress, NotePlanProgress, **said)
    (fact,) = house.events("waves.plan_progressed")
    assert (fact["body"]["best_mm"], fact["body"]["bound_mm"], fact["body"]["seconds"]) == (9_000, 4_000, 3)
    with house.read() as session:
        assert session.get_one(Wave, wave_id).plan_best_mm == 9_000


def test_a_plan_must_seat_every_order_once(house: HouseUnderTest) -> None:
    _, wave_id, orders = a_wave(house)
    house.run(plan_wave, PlanWave, wave_id=wave_id)
    batch = PlannedBatch(tuple(orders[:2]), (), 1)
    said = {"wave_id": wave_id, "objective_mm": 1, "bound_mm": 1, "status": "optimal", "elapsed_s": 1}
    with pytest.raises(Refusal, match="plan_incomplete"):
        house.run(record_plan, RecordPlan, batches=(batch,), **said)
    with pytest.raises(Refusal, match="plan_incomplete"):
        house.run(record_plan, RecordPlan, batches=(batch, PlannedBatch(tuple(orders[1:]), (), 1)), **said)


def test_a_plan_that_fails_leaves_the_wave_as_it_was_composed(house: HouseUnderTest) -> None:
    _, wave_id, _ = a_wave(house)
    house.run(plan_wave, PlanWave, wave_id=wave_id)
    house.run(fail_plan, FailPlan, wave_id=wave_id, error="the solver process died")
    assert state_of(house, wave_id) == "composed"
    (fact,) = house.events("waves.plan_failed")
    assert fact["body"]["error"] == "the solver process died"


def test_a_plan_that_nobody_waits_for_is_dropped(house: HouseUnderTest) -> None:
    _, wave_id, orders = a_wave(house)
    house.run(plan_wave, PlanWave, wave_id=wave_id)
    house.run(cancel_wave, CancelWave, wave_id=wave_id)
    late = house.run(
        record_plan, RecordPlan, wave_id=wave_id, batches=(PlannedBatch(tuple(orders), (), 1),), objective_mm=1,
        bound_mm=1, status="optimal", elapsed_s=1,
    )  # fmt: skip
    assert late is None
    assert state_of(house, wave_id) == "cancelled"


def test_a_released_wave_becomes_tasks_once(house: HouseUnderTest) -> None:
    shop, wave_id, _ = a_wave(house)
    with pytest.raises(Refusal) as no:
        house.run(release_wave, ReleaseWave, wave_id=wave_id)
    assert (no.value.code, no.value.facts["state"]) == ("wave_state", "composed")
    shop.planned(wave_id, totes=2)
    house.run(release_wave, ReleaseWave, wave_id=wave_id)
    with pytest.raises(Refusal, match="wave_state"):
        house.run(release_wave, ReleaseWave, wave_id=wave_id)
    house.work()
    with house.read() as session:
        assert [task.state for task in session.scalars(select(PickTask))] == ["open", "open"]
    (fact,) = house.events("picking.tasks_released")
    assert fact["body"] == {
        "warehouse_id": shop.hall.warehouse_id,
        "wave_id": wave_id,
        "tasks": 2,
        "lines": 4,
    }


def test_orders_held_before_the_release_stay_behind(house: HouseUnderTest) -> None:
    shop, wave_id, orders = a_wave(house)
    shop.planned(wave_id)
    house.run(hold_order, HoldOrder, order_id=orders[0], reason="manual")
    house.run(cancel_order, CancelOrder, order_id=orders[1])
    house.run(release_wave, ReleaseWave, wave_id=wave_id)
    house.work()
    assert [shop.order_row(each).state for each in orders] == ["reserved", "cancelled", "in_wave"]
    picker = a_picker(shop)
    picker.claim()
    assert [(tote["slot_no"], tote["order_id"]) for tote in picker.task["totes"]] == [(3, orders[2])]
    shop.proven()


def test_a_cancelled_wave_gives_everything_back(house: HouseUnderTest) -> None:
    shop, wave_id, orders = a_wave(house)
    shop.planned(wave_id)
    house.run(release_wave, ReleaseWave, wave_id=wave_id)
    house.work()
    house.run(cancel_wave, CancelWave, wave_id=wave_id)
    house.work()
    assert {shop.order_row(each).state for each in orders} == {"reserved"}
    with house.read() as session:
        assert [task.state for task in session.scalars(select(PickTask))] == ["cancelled"]
        assert session.scalars(select(Allocation.id).where(Allocation.state == "open")).all() == []
    assert a_picker(shop).claim() is None
    shop.composed()
    shop.proven()


def test_a_wave_in_work_cannot_be_cancelled(house: HouseUnderTest) -> None:
    shop, wave_id, _ = a_wave(house)
    shop.planned(wave_id, totes=1)
    house.run(release_wave, ReleaseWave, wave_id=wave_id)
    house.work()
    a_picker(shop).claim()
    with pytest.raises(Refusal) as no:
        house.run(cancel_wave, CancelWave, wave_id=wave_id)
    assert (no.value.code, no.value.facts["orders_begun"]) == ("wave_in_work", 1)


def test_other_warehouses_waves_are_out_of_scope(house: HouseUnderTest) -> None:
    shop, wave_id, _ = a_wave(house)
    for verb, command in ((plan_wave, PlanWave), (cancel_wave, CancelWave)):
        with pytest.raises(Refusal, match="outside_scope"):
            house.run(verb, command, by=in_warehouses(house, 999), wave_id=wave_id)
        with pytest.raises(Refusal, match="wave_not_found"):
            house.run(verb, command, wave_id=999)
    assert state_of(house, wave_id) == "composed"
    shop.proven()
