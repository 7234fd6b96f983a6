"""The live board: what it shows, from where the news go on, and how fast it answers."""

import time
from datetime import timedelta

import pytest

from backend.core.errors import Forbidden, NotFound
from backend.core.jobs import Job
from backend.orders.models import OrderHold, SalesOrder
from backend.outbound.picking.models import MisScan, Pick, PickTask, PutBackTask, ShortPick
from backend.stock.models import StockTruth
from backend.watch.board.queries import Board, board
from backend.watch.board.rules import Light, Risk
from tests.build.floor_at_work import FloorAtWork, floor_at_work
from tests.conftest import HouseUnderTest


@pytest.fixture
def floor(house: HouseUnderTest) -> FloorAtWork:
    with house.write() as session:
        return floor_at_work(session, house.clock.now())


def look(house: HouseUnderTest, floor: FloorAtWork) -> Board:
    with house.read() as session:
        return board(session, by=house.actor, now=house.clock.now(), warehouse_id=floor.warehouse_id)


def codes(house: HouseUnderTest, floor: FloorAtWork) -> list[str]:
    return [each.code for each in look(house, floor).exceptions]


def test_a_wave_shows_its_tasks_and_lines(house: HouseUnderTest, floor: FloorAtWork) -> None:
    [wave] = look(house, floor).waves
    assert (wave.number, wave.state) == ("W-000001", "released")
    assert (wave.tasks, wave.tasks_done) == (4, 0)
    assert (wave.lines, wave.lines_done, wave.lines_short) == (20, 4, 0)


def test_a_cancelled_task_counts_no_longer(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        session.get_one(PickTask, floor.task_ids[3]).state = "cancelled"
        session.get_one(PickTask, floor.task_ids[0]).state = "done"
    [wave] = look(house, floor).waves
    assert (wave.tasks, wave.tasks_done, wave.lines) == (3, 1, 15)


def test_a_picker_shows_place_task_pace_and_last_scan(house: HouseUnderTest, floor: FloorAtWork) -> None:
    first, second = look(house, floor).pickers
    assert (first.name, first.location_code, first.task_id) == ("Picker 0", "A-01-000", floor.task_ids[0])
    assert (first.lines_done, first.lines) == (2, 5)
    assert first.last_scan_at == house.clock.now()
    assert first.lines_per_hour == 24  # two lines within the least span of five minutes
    assert second.task_id == floor.task_ids[1]


def test_a_picker_who_went_home_is_gone_after_an_hour(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        task = session.get_one(PickTask, floor.task_ids[1])
        task.state, task.picker_id = "open", None
    house.clock.advance(seconds=3601)
    assert [each.name for each in look(house, floor).pickers] == ["Picker 0"]


def test_rates_count_lines_now_today_and_by_hour(house: HouseUnderTest, floor: FloorAtWork) -> None:
    rates = look(house, floor).rates
    assert rates.lines_per_hour == 48
    assert rates.lines_today == 4
    assert sum(each.lines for each in rates.by_hour) == 4
    assert rates.by_hour[-1].hour <= house.clock.now() < rates.by_hour[-1].hour + timedelta(hours=1)


def test_an_undone_pick_is_no_line(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        session.query(Pick).filter_by(line_id=floor.line_ids[0]).one().undone_at = house.clock.now()
    assert look(house, floor).rates.lines_today == 3


def test_the_day_begins_at_the_warehouse_s_own_midnight(house: HouseUnderTest, floor: FloorAtWork) -> None:
    house.clock.advance(seconds=9 * 3600)  # 17:00 UTC is 01:00 of the next day in Shanghai
    assert look(house, floor).rates.lines_today == 0


def test_a_cut_off_that_the_pace_meets_is_on_time(house: HouseUnderTest, floor: FloorAtWork) -> None:
    [cut_off] = look(house, floor).cut_offs
    assert (cut_off.carrier, cut_off.orders, cut_off.orders_done, cut_off.lines_open) == ("SF", 4, 0, 16)
    assert cut_off.risk is Risk.ON_TIME
    assert cut_off.expected_at == house.clock.now() + timedelta(minutes=20)  # 16 lines at 48 an hour


def test_a_cut_off_that_the_pace_misses_is_late(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        for order in session.query(SalesOrder):
            order.cut_off_at = house.clock.now() + timedelta(minutes=15)
    [cut_off] = look(house, floor).cut_offs
    assert cut_off.risk is Risk.LATE


def test_a_missed_cut_off_stays_until_its_orders_are_picked(
    house: HouseUnderTest, floor: FloorAtWork
) -> None:
    house.clock.advance(seconds=5 * 3600)
    assert [each.risk for each in look(house, floor).cut_offs] == [Risk.LATE]
    with house.write() as session:
        for order in session.query(SalesOrder):
            order.state = "picked"
    assert look(house, floor).cut_offs == []


def test_short_picks_and_wrong_scans_are_shown_with_what_a_person_needs(
    house: HouseUnderTest, floor: FloorAtWork
) -> None:
    now = house.clock.now()
    with house.write() as session:
        session.add_all([
            ShortPick(
                task_id=floor.task_ids[0], line_id=floor.line_ids[2], location_id=floor.location_ids[2],
                sku_id=floor.sku_ids[2], qty=2, replaced_qty=1, book_qty=5, reason="empty", user_id=floor.user_ids[0],
                at=now,
            ),
            MisScan(
                warehouse_id=floor.warehouse_id, task_id=floor.task_ids[0], line_id=None, step="sku", scanned="X",
                expected="Y", user_id=floor.user_ids[0], at=now - timedelta(seconds=1),
            ),
        ])  # fmt: skip
    short, scan = look(house, floor).exceptions
    assert (short.code, short.facts["location"], short.facts["qty"]) == ("short_pick", "A-01-002", 2)
    assert (scan.code, scan.facts["scanned"], scan.facts["picker"]) == ("mis_scan", "X", "Picker 0")
    house.clock.advance(seconds=2 * 3600 + 10)
    assert "short_pick" not in codes(house, floor)


def test_a_held_order_in_work_is_shown_until_released(house: HouseUnderTest, floor: FloorAtWork) -> None:
    now = house.clock.now()
    with house.write() as session:
        hold = OrderHold(
            order_id=floor.order_ids[0], reason="address_changed", detail={}, since_at=now, release_note=""
        )
        session.add(hold)
    [row] = look(house, floor).exceptions
    assert (row.code, row.facts["order"], row.facts["reason"]) == (
        "order_held",
        "O-000000",
        "address_changed",
    )
    with house.write() as session:
        session.get_one(OrderHold, hold.id).released_at = now
    assert codes(house, floor) == []


def test_goods_to_be_put_back_are_shown(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        pick = session.query(Pick).first()
        assert pick is not None
        session.add(PutBackTask(
            task_id=pick.task_id, order_id=pick.order_id, line_id=pick.line_id, pick_id=pick.id, sku_id=pick.sku_id,
            location_id=pick.location_id, qty=2, done_qty=0, state="open", reason="cancelled",
            created_at=house.clock.now(),
        ))  # fmt: skip
    assert codes(house, floor) == ["put_back"]


def test_a_task_put_aside_and_a_silent_picker_are_shown(house: HouseUnderTest, floor: FloorAtWork) -> None:
    with house.write() as session:
        session.get_one(PickTask, floor.task_ids[0]).state = "suspended"
    assert codes(house, floor) == ["task_suspended"]
    house.clock.advance(seconds=16 * 60)
    assert sorted(codes(house, floor)) == ["picker_silent", "task_suspended"]


def test_a_dead_job_is_shown_and_turns_its_light_red(house: HouseUnderTest, floor: FloorAtWork) -> None:
    now = house.clock.now()
    with house.write() as session:
        session.add(
            Job(
                kind="waves.plan",
                payload={},
                state="dead",
                run_at=now,
                created_at=now,
                last_error="no memory",
            )
        )
    seen = look(house, floor)
    assert seen.lights.jobs.state is Light.STOP
    assert seen.exceptions[0].facts["error"] == "no memory"


def test_the_truth_light_follows_the_last_proof(house: HouseUnderTest, floor: FloorAtWork) -> None:
    def say(sound: bool) -> None:
        with house.write() as session:
            row = session.get(StockTruth, 1) or StockTruth(
                id=1, moves=0, sealed_seq=0, proved_seq=0, proved_digest="", report={}
            )
            row.sound, row.checked_at = sound, house.clock.now()
            session.add(row)

    say(True)
    assert look(house, floor).lights.truth.state is Light.OK
    house.clock.advance(seconds=31 * 60)
    assert look(house, floor).lights.truth.state is Light.WARN
    say(False)
    seen = look(house, floor)
    assert seen.lights.truth.state is Light.STOP
    assert "truth_broken" in [each.code for each in seen.exceptions]


def test_somebody_else_s_warehouse_is_refused(house: HouseUnderTest, floor: FloorAtWork) -> None:
    stranger = house.actor_as(warehouses=frozenset({floor.warehouse_id + 1}))
    with house.read() as session, pytest.raises(Forbidden, match="outside_scope"):
        board(session, by=stranger, now=house.clock.now(), warehouse_id=floor.warehouse_id)


def test_an_unknown_warehouse_is_refused(house: HouseUnderTest) -> None:
    with house.read() as session, pytest.raises(NotFound, match="warehouse_not_found"):
        board(session, by=house.actor, now=house.clock.now(), warehouse_id=999)


@pytest.mark.slow
def test_a_thousand_open_tasks_are_read_in_few_statements_and_little_time(house: HouseUnderTest) -> None:
    with house.write() as session:
        floor = floor_at_work(session, house.clock.now(), tasks=1040, lines=8, picked=6, people=40)
    look(house, floor)
    spent = []
    for _ in range(7):
        begin = time.perf_counter()
        seen = look(house, floor)
        spent.append(time.perf_counter() - begin)
    assert len(seen.pickers) == 40
    assert min(spent) < 0.06, f"{min(spent) * 1000:.0f} ms"
