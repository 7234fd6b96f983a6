"""Binding totes, leaving lines for later, writing down refused scans."""

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal
from backend.outbound.picking.models import MisScan
from backend.outbound.picking.use_cases import BindTote, RecordMisScan, bind_tote, record_mis_scan
from backend.stock.models import HandlingUnit
from backend.stock.use_cases import ensure_handling_unit
from tests.build.layout import place_of
from tests.build.picking import Picker, a_picker, a_started_cart
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def a_cart(house: HouseUnderTest, **strategy: object) -> tuple[Shop, Picker]:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.stock("PEAR", B_02_1=10)
    shop.order(APPLE=2, PEAR=1)
    shop.order(APPLE=3)
    return shop, a_started_cart(shop, **strategy)


def bind(picker: Picker, slot_no: int, lpn: str, **more: object) -> object:
    return picker.do(bind_tote, BindTote, task_id=picker.task_id, slot_no=slot_no, lpn=lpn, **more)


def test_a_tote_stands_on_the_cart(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    bind(picker, 1, "tote-77")
    assert picker.task["totes"][0]["lpn"] == "TOTE-77"
    with house.read() as session:
        unit = session.scalars(select(HandlingUnit).where(HandlingUnit.lpn == "TOTE-77")).one()
    assert (unit.kind, unit.location_id) == ("tote", place_of(house, shop.hall.warehouse_id, "picked"))
    assert house.events("picking.tote_bound")[-1]["body"]["lpn"] == "TOTE-77"


def test_the_same_tote_again_changes_nothing(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    lpn = picker.task["totes"][0]["lpn"]
    bind(picker, 1, lpn)
    assert picker.task["totes"][0]["lpn"] == lpn


def test_one_order_per_tote(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    with pytest.raises(Refusal, match="tote_in_use"):
        bind(picker, 2, picker.task["totes"][0]["lpn"])


def test_a_tote_on_a_colleagues_cart_is_refused(house: HouseUnderTest) -> None:
    shop, wang = a_cart(house, pick_mode="discrete")
    li = a_picker(shop, "li")
    li.claim()
    with pytest.raises(Refusal) as no:
        bind(li, 1, wang.task["totes"][0]["lpn"])
    assert (no.value.code, no.value.facts["task_id"]) == ("tote_in_use", wang.task_id)


def test_a_tote_with_goods_in_it_is_refused(house: HouseUnderTest) -> None:
    shop, wang = a_cart(house, pick_mode="discrete")
    wang.pick_all()
    wang.finish()
    li = a_picker(shop, "li")
    li.claim()
    with pytest.raises(Refusal, match="tote_not_empty"):
        bind(li, 1, wang.task["totes"][0]["lpn"])


def test_an_empty_tote_can_be_changed_and_is_free_again(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    before = picker.task["totes"][0]["lpn"]
    bind(picker, 1, "TOTE-NEW")
    bind(picker, 2, before)
    assert [tote["lpn"] for tote in picker.task["totes"]] == ["TOTE-NEW", before]


def test_a_full_tote_is_followed_by_a_further_one(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    full = picker.task["totes"][0]["lpn"]
    picker.pick("APPLE", slot_no=1)
    with pytest.raises(Refusal, match="slot_has_tote"):
        bind(picker, 1, "TOTE-NEW")
    bind(picker, 1, "TOTE-NEW", further=True)
    assert picker.task["totes"][0] | {"holds": []} == picker.task["totes"][0] | {
        "lpn": "TOTE-NEW",
        "full_lpns": [full],
        "holds": [],
    }
    picker.pick_all()
    picker.finish()
    assert shop.on_hand("packing", "PEAR") == 1
    shop.proven()


def test_a_carton_is_no_tote(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    with house.write() as session:
        ensure_handling_unit(
            session, "CTN-1", kind="carton", warehouse_id=shop.hall.warehouse_id, now=house.clock.now()
        )
    with pytest.raises(Refusal, match="handling_unit_is_other_kind"):
        bind(picker, 1, "CTN-1", further=True)


def test_a_slot_that_is_not_on_the_cart_is_not_found(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    with pytest.raises(Refusal, match="slot_not_found"):
        bind(picker, 3, "TOTE-X")


def test_a_skipped_line_comes_last(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    answer = picker.skip("APPLE")
    assert answer.next_line_id == picker.line("PEAR")["id"]
    assert [line["sku"]["code"] for line in picker.task["lines"]] == ["PEAR", "APPLE"]
    assert picker.line("APPLE")["state"] == "skipped"
    answer = picker.pick("PEAR")
    assert answer.next_line_id == picker.line("APPLE")["id"]
    with pytest.raises(Refusal, match="lines_open"):
        picker.finish()
    picker.pick("APPLE", slot_no=1)
    assert picker.line("APPLE")["state"] == "open"


def test_a_line_that_is_done_cannot_be_skipped(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    picker.pick("PEAR")
    with pytest.raises(Refusal, match="line_already_done"):
        picker.skip("PEAR")


def test_a_mis_scan_is_written_down_and_told(house: HouseUnderTest) -> None:
    shop, picker = a_cart(house)
    answer = picker.do(
        record_mis_scan, RecordMisScan, task_id=picker.task_id, line_id=picker.line("APPLE")["id"], step="location",
        scanned="A-01-2", expected="A-01-1",
    )  # fmt: skip
    assert answer.tone == "warn"
    with house.read() as session:
        row = session.scalars(select(MisScan)).one()
    assert (row.step, row.scanned, row.user_id) == ("location", "A-01-2", picker.user_id)
    assert house.events("picking.mis_scanned")[0]["channel"] == f"warehouse:{shop.hall.warehouse_id}"


def test_a_mis_scan_is_never_refused(house: HouseUnderTest) -> None:
    _, picker = a_cart(house)
    answer = picker.do(
        record_mis_scan, RecordMisScan, task_id=999, step="sku", scanned="x" * 500, expected=""
    )
    assert answer.task is None
    assert house.events("picking.mis_scanned") == []
