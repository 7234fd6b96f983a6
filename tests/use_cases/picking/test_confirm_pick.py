"""Confirming a pick: what is checked, what is written, what is told."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend.core.errors import NotFound, Refusal
from backend.floor.models import Whereabouts
from backend.orders.use_cases import CancelOrder, HoldOrder, cancel_order, hold_order
from backend.outbound.picking.models import Pick
from backend.stock.models import Allocation, StockMove
from tests.build.picking import Picker, a_picker, a_started_cart, command_id
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_cart(house: HouseUnderTest, **strategy: object) -> tuple[Shop, Picker]:
    """Two orders on a cart: slot 1 wants 2 apples and a pear, slot 2 wants 3 apples."""
    shop = a_shop(house)
    shop.sku("APPLE", barcodes=("6901234567892", ("6901234567908", 12)))
    shop.stock("APPLE", A_01_1=10)
    shop.stock("PEAR", B_02_1=10)
    shop.order(APPLE=2, PEAR=1)
    shop.order(APPLE=3)
    return shop, a_started_cart(shop, **strategy)


def refused(picker: Picker, sku: str = "APPLE", **fields: object) -> Refusal:
    """The refusal that the pick gets; the books are as before."""
    with pytest.raises(Refusal) as no:
        picker.pick(sku, **fields)
    picker.shop.proven()
    return no.value


def test_goods_go_from_the_bin_into_the_tote_of_the_order(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    answer = picker.pick("APPLE", slot_no=1)
    assert answer.tone == "ok"
    assert answer.next_line_id == picker.line("APPLE")["id"], "slot 2 still wants three"
    assert (shop.on_hand("A-01-1", "APPLE"), shop.on_hand("picked", "APPLE")) == (8, 2)
    line = picker.line("APPLE")
    assert (line["state"], line["picked_qty"], [s["picked_qty"] for s in line["splits"]]) == (
        "open",
        2,
        [2, 0],
    )
    answer = picker.pick("APPLE", slot_no=2)
    assert picker.line("APPLE")["state"] == "picked"
    assert answer.next_line_id == picker.line("PEAR")["id"]


def test_the_ledger_names_picker_task_allocation_and_the_moment_of_the_scan(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    scanned_at = house.clock.now() - timedelta(minutes=7)
    picker.pick("APPLE", slot_no=2, by=picker.by(event_at=scanned_at))
    with house.read() as session:
        move = session.scalars(select(StockMove).order_by(StockMove.id.desc())).first()
        pick = session.scalars(select(Pick)).one()
        allocation = session.get_one(Allocation, move.allocation_id)
        seen = session.get_one(Whereabouts, picker.user_id)
    assert (move.reason, move.qty, move.user_id, move.event_at) == ("PICK", 3, picker.user_id, scanned_at)
    assert (move.doc_kind, move.doc_id, move.to_hu_id) == ("pick_task", picker.task_id, pick.hu_id)
    assert (allocation.state, allocation.picked_qty) == ("done", 3)
    assert (pick.qty, pick.picked_at, pick.recorded_at) == (3, scanned_at, house.clock.now())
    assert (seen.location_id, seen.last_scan_at) == (shop.hall["A-01-1"], scanned_at)


def test_the_board_hears_of_it(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    picker.pick("PEAR")
    (fact,) = house.events("picking.pick_confirmed")
    assert fact["channel"] == f"warehouse:{shop.hall.warehouse_id}"
    body = fact["body"]
    assert (body["qty"], body["location_code"], body["line_done"]) == (1, "B-02-1", True)
    assert (body["user_id"], body["task_id"]) == (picker.user_id, picker.task_id)


def test_a_device_that_knows_the_version_before_gets_only_the_change(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    version = picker.look()["version"]
    answer = picker.pick("APPLE", slot_no=1, knows_version=version)
    assert answer.task is None
    assert answer.change["version"] == version + 1
    assert answer.change["line"]["picked_qty"] == 2
    after = picker.look()
    assert answer.change["pick"] == after["picks"][0]
    assert answer.change["line"]["splits"] == picker.line("APPLE")["splits"]
    stale = picker.pick("APPLE", slot_no=2, knows_version=version)
    assert stale.task is not None, "the device has missed something: the whole task"


def test_the_same_command_again_gets_the_same_answer_and_moves_nothing(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    by = replace(picker.by(), command_id=command_id())
    line = picker.line("APPLE")
    picker.pick("APPLE", slot_no=1, line=line, by=by)
    again = picker.pick("APPLE", slot_no=1, line=line, by=by)
    assert again["task"]["lines"][0]["picked_qty"] == 2
    assert shop.on_hand("picked", "APPLE") == 2


def test_any_barcode_of_the_sku_will_do(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    picker.pick("APPLE", slot_no=1, qty=1, sku_barcode="6901234567892")
    picker.pick("APPLE", slot_no=1, qty=1, sku_barcode="(01)06901234567892")
    assert picker.line("APPLE")["picked_qty"] == 2


def test_less_than_asked_leaves_the_line_open(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    answer = picker.pick("APPLE", slot_no=2, qty=1)
    assert answer.next_line_id == picker.line("APPLE")["id"]
    assert picker.line("APPLE")["state"] == "open"


def test_more_than_asked_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    no = refused(picker, slot_no=1, qty=3)
    assert (no.code, no.facts) == ("more_than_asked", {"qty": 3, "left": 2})


@pytest.mark.parametrize("label", ["A-01-1", "a-01-1", "{check}.A-01-1", "A-01-1.{check}", "{check}"])
def test_the_bin_is_known_by_label_code_or_check_code(house: HouseUnderTest, label: str) -> None:
    _, picker = a_cart(house)
    check = picker.line("APPLE")["location"]["check_code"]
    assert picker.pick("APPLE", slot_no=1, location_code=label.format(check=check)).tone == "ok"


def test_another_bin_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    no = refused(picker, slot_no=1, location_code="A-01-2")
    assert (no.code, no.facts) == ("wrong_bin", {"expected": "A-01-1", "scanned": "A-01-2"})


def test_another_sku_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    no = refused(picker, slot_no=1, sku_barcode="PEAR")
    assert (no.code, no.facts["expected"], no.facts["scanned"]) == ("wrong_sku", "APPLE", "PEAR")


def test_a_code_that_nobody_knows_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    assert refused(picker, slot_no=1, sku_barcode="NOT-OURS-1").code == "unknown_barcode"


def test_a_slot_that_wants_nothing_of_the_line_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    line = picker.line("PEAR")
    no = refused(picker, "PEAR", line={**line, "splits": [{**line["splits"][0], "slot_no": 2}]})
    assert no.code == "slot_has_no_part"


def test_a_line_that_is_done_is_refused_and_names_the_bin_to_put_back(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    line = picker.line("PEAR")
    picker.pick("PEAR")
    no = refused(picker, "PEAR", line=line)
    assert (no.code, no.facts["put_back_to"]) == ("line_already_done", "B-02-1")


def test_no_tote_no_pick(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    shop.released()
    house.work()
    picker = a_picker(shop)
    picker.claim()
    assert refused(picker).code == "tote_not_bound"


def test_another_tote_is_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    other = picker.look()["totes"][1]["lpn"]
    no = refused(picker, slot_no=1, lpn=other)
    assert (no.code, no.facts["scanned"]) == ("wrong_tote", other)


def test_the_right_tote_is_taken(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    assert picker.pick("APPLE", slot_no=1, lpn=picker.look()["totes"][0]["lpn"].lower()).tone == "ok"


def test_a_held_order_stops_at_the_next_scan_and_says_where_the_goods_belong(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    tote = picker.look()["totes"][0]
    house.run(hold_order, HoldOrder, order_id=tote["order_id"], reason="address_changed")
    no = refused(picker, slot_no=1)
    assert (no.code, no.facts["reasons"]) == ("order_held", ["address_changed"])
    assert (no.facts["put_back_to"], no.facts["order_number"]) == ("A-01-1", tote["order_number"])
    assert picker.pick("APPLE", slot_no=2).tone == "ok", "the other order goes on"


def test_a_cancelled_order_stops_too(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    line = picker.line("APPLE")
    house.run(cancel_order, CancelOrder, order_id=picker.look()["totes"][0]["order_id"])
    assert refused(picker, slot_no=1, line=line).code == "order_held"
    house.work()  # nothing is in its tote yet: the cancellation is concluded at once
    assert refused(picker, slot_no=1, line=line).code == "order_cancelled"


def test_lots_are_checked(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.sku("MILK", lot_policy="lot_expiry", issue_policy="fefo", barcodes=("6901234567892",))
    shop.stock("MILK", lot="L1", expiry_on=date(2026, 11, 30), A_01_1=5)
    shop.stock("MILK", lot="L2", expiry_on=date(2027, 1, 31), A_02_1=5)
    shop.order(MILK=2)
    picker = a_started_cart(shop)
    assert picker.line("MILK")["lot"] == {"code": "L1", "expiry_on": "2026-11-30"}, "first expired, first out"
    assert refused(picker, "MILK", lot_code=None).code == "lot_required"
    no = refused(picker, "MILK", lot_code="L2")
    assert (no.code, no.facts["expected"]) == ("wrong_lot", "L1")
    late = picker.by(event_at=house.clock.now() + timedelta(days=8))
    house.clock.advance(days=8)
    no = refused(picker, "MILK", by=late)
    assert (no.code, no.facts["expiry_on"]) == ("lot_expired", date(2026, 11, 30))
    in_time = picker.by(event_at=house.clock.now() - timedelta(days=7))
    picker.pick("MILK", lot_code=None, sku_barcode="(01)06901234567892(17)261130(10)L1", by=in_time)
    assert shop.on_hand("picked", "MILK") == 2
    shop.proven()


def test_strong_serials_are_picked_one_by_one(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.sku("PHONE", serial_policy="weak")
    shop.stock("PHONE", A_01_1=5)
    shop.order(PHONE=2)
    picker = a_started_cart(shop)
    assert refused(picker, "PHONE", qty=2, serial="S-1").code == "serial_one_at_a_time"


def test_scan_each_takes_what_one_scan_stands_for(house: HouseUnderTest) -> None:
    _, picker = a_cart(house, scan_mode="each")
    no = refused(picker, slot_no=1, qty=2)
    assert (no.code, no.facts["per_scan"]) == ("scan_each_piece", 1)
    picker.pick("APPLE", slot_no=1, qty=1)
    assert picker.line("APPLE")["picked_qty"] == 1


def test_somebody_elses_task_is_refused(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    line = picker.line("APPLE")
    other = a_picker(shop, "li")
    other.task = picker.task
    assert refused(other, line=line, slot_no=1).code == "not_your_task"


def test_a_pick_sent_after_a_colleague_took_over_is_refused_as_such(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    line = picker.line("APPLE")
    other = a_picker(shop, "li", permissions=("pick", "supervise"))
    other.take_over(picker.task_id)
    no = refused(picker, line=line, slot_no=1)
    assert (no.code, no.facts["picker_id"]) == ("task_taken_over", other.user_id)


def test_a_suspended_task_takes_no_picks(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    line = picker.line("APPLE")
    picker.suspend()
    assert refused(picker, line=line, slot_no=1).code == "task_suspended"


def test_an_unknown_task_or_line_is_not_found(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    line = picker.line("APPLE")
    with pytest.raises(NotFound, match="line_not_found"):
        picker.pick("APPLE", line={**line, "id": 999_999})
    with pytest.raises(NotFound, match="task_not_found"):
        picker.pick("APPLE", line=line, task_id=999_999)


def test_another_warehouse_is_out_of_scope(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    with pytest.raises(Refusal, match="outside_scope"):
        picker.pick("APPLE", slot_no=1, by=picker.by(warehouses=frozenset({999})))
