"""From orders to tasks without a hand: composed, planned next door, released, written as tasks."""

from sqlalchemy import func, select

from backend.outbound.picking.models import PickLine, PickTask
from backend.outbound.waves.models import Wave, WaveBatch
from backend.outbound.waves.use_cases import TriggerStrategy, trigger_strategy
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest


def test_a_triggered_wave_is_planned_in_another_process_and_its_tasks_are_written(
    house: HouseUnderTest,
) -> None:
    shop = a_shop(house, aisles=3, bays=5)
    for at in range(1, 6):
        shop.stock(f"THING{at}", **{f"A_{at:02}_1": 30, f"C_{at:02}_2": 30})
    orders = [shop.order(**{f"THING{1 + n % 5}": 1, f"THING{1 + (n + 2) % 5}": 2}) for n in range(9)]
    strategy_id = shop.strategy(cart_totes=4, plan_seconds=1)
    wave_id = house.run(trigger_strategy, TriggerStrategy, strategy_id=strategy_id)
    house.work()
    with house.read() as session:
        wave = session.get_one(Wave, wave_id)
        assert (wave.state, wave.orders) == ("released", len(orders))
        assert wave.plan_best_mm >= wave.plan_bound_mm > 0
        batches = session.scalar(
            select(func.count()).select_from(WaveBatch).where(WaveBatch.wave_id == wave_id)
        )
        tasks = list(session.scalars(select(PickTask).where(PickTask.wave_id == wave_id)))
        units = session.scalar(
            select(func.sum(PickLine.qty)).where(PickLine.task_id.in_([task.id for task in tasks]))
        )
    assert batches == len(tasks) == 3
    assert units == 3 * len(orders)
    assert all(task.route and task.floor_task_id for task in tasks)
    told = [
        each["name"] for each in house.events() if each["name"].startswith(("waves.", "picking.", "floor."))
    ]
    assert told[:2] == ["waves.wave_composed", "waves.plan_started"]
    assert told[-4:] == [
        "waves.wave_planned",
        "waves.wave_released",
        "floor.task_opened",
        "picking.tasks_released",
    ]
    shop.proven()
