"""The demo plan: pure, whole, and nobody's data."""

from collections import Counter
from datetime import date

import pytest

from backend.master.catalog.rules.barcodes import has_gs1_check_digit, is_digits
from backend.master.catalog.rules.skus import SkuRow, read_sku_row
from backend.master.catalog.rules.tables import rows_of
from backend.master.layout.rules.plan import Known, read_plan, rows_from_lists
from backend.operations.demo.rules import DemoPlan, build_demo
from backend.operations.demo.rules.dice import Dice

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def plan() -> DemoPlan:
    return build_demo(1, TODAY)


def rows(plan: DemoPlan) -> list[SkuRow]:
    read = [read_sku_row(row) for row in rows_of(plan.sku_rows)]
    assert all(isinstance(each, SkuRow) for each in read), [
        each for each in read if not isinstance(each, SkuRow)
    ]
    return [each for each in read if isinstance(each, SkuRow)]


def test_the_same_seed_and_day_make_the_same_plan(plan: DemoPlan):
    assert build_demo(1, TODAY) == plan
    assert build_demo(2, TODAY) != plan


def test_the_hall_can_be_imported(plan: DemoPlan):
    read, errors = read_plan(rows_from_lists(plan.layout), Known())
    assert errors == ()
    assert len([record for record in read.of("bin") if record.values["kind"] == "bin"]) == 600
    assert len(read.of("cross_aisle")) == 3


def test_every_kind_of_goods_is_there(plan: DemoPlan):
    skus = rows(plan)
    policies = Counter(sku.fields.get("lot_policy", "none") for sku in skus)
    serials = Counter(sku.fields.get("serial_policy", "none") for sku in skus)
    assert 390 <= len(skus) <= 410
    assert len({sku.code for sku in skus}) == len(skus)
    assert policies["lot_expiry"] > 50
    assert policies["lot"] > 30
    assert serials["strong"] == 1
    assert sum(1 for sku in skus if sku.parts) == 8
    assert sum(1 for sku in skus if any(spec.qty > 1 for spec in sku.barcodes)) > 50
    assert sum(1 for sku in skus if len(sku.barcodes) > 1) > 80
    assert sum(1 for sku in skus if any(spec.canonical().kind == "isbn" for spec in sku.barcodes)) == 44
    shared = Counter(spec.canonical().code for sku in skus for spec in sku.barcodes)
    assert [count for count in shared.values() if count > 1] == [2]


def test_codes_come_from_ranges_that_belong_to_nobody(plan: DemoPlan):
    for sku in rows(plan):
        for spec in sku.barcodes:
            code = spec.canonical().code
            assert is_digits(code)
            assert has_gs1_check_digit(code)
            assert code.startswith(("20", "120", "04", "000002", "9799")), code


def test_names_are_in_both_languages(plan: DemoPlan):
    assert all(" / " in row["name"] for row in plan.sku_rows)
    assert len({row["name"] for row in plan.sku_rows}) == len(plan.sku_rows)


def test_stock_lies_in_bins_that_exist_and_can_hold_it(plan: DemoPlan):
    bins = {row["code"]: row for row in plan.layout["bins"]}
    goods = {sku.code: sku.fields for sku in rows(plan)}
    filled = Counter()
    for line in plan.stock:
        sku = goods[line.sku]
        filled[line.bin] += line.qty * sku["length_mm"] * sku["width_mm"] * sku["height_mm"]
        assert (line.lot is None) == (sku["lot_policy"] == "none")
        assert (line.expiry_on is None) == (sku["lot_policy"] != "lot_expiry")
        assert line.expiry_on is None or line.expiry_on > TODAY
        assert not line.serials or len(set(line.serials)) == line.qty
    assert all(volume <= bins[code]["max_volume_mm3"] for code, volume in filled.items())
    assert Counter(line.quality for line in plan.stock)["defective"] == 6


def test_a_lot_has_the_same_dates_wherever_it_lies(plan: DemoPlan):
    dates: dict[tuple[str, str | None], set[object]] = {}
    for line in plan.stock:
        dates.setdefault((line.sku, line.lot), set()).add((line.mfg_on, line.expiry_on))
    assert all(len(found) == 1 for found in dates.values())


def test_orders_can_be_filled_from_stock(plan: DemoPlan):
    parts = {sku.code: {part.code: part.qty for part in sku.parts} for sku in rows(plan) if sku.parts}
    held = Counter()
    for line in plan.stock:
        held[line.sku] += line.qty if line.quality == "good" else 0
    wanted: Counter[str] = Counter()

    def want(code: str, qty: int) -> None:
        for part, each in parts.get(code, {}).items():
            want(part, qty * each)
        if code not in parts:
            wanted[code] += qty

    orders = [order for each in plan.orders for order in each.orders]
    for order in orders:
        for line in order.lines:
            want(line.code, line.qty)
    assert len(orders) == 150
    assert {each.shop for each in plan.orders} == {"harbour", "lantern", "orchard"}
    assert {order.carrier for order in orders} == {carrier for carrier, _ in plan.cut_offs}
    assert all(wanted[code] <= held[code] for code in wanted)
    sizes = Counter(len(order.lines) for order in orders)
    assert sizes[1] == 88


def test_dice_are_fair_enough_and_never_change():
    thrown = Counter(Dice(7 + at).below(6) for at in range(6000))
    assert all(800 < count < 1200 for count in thrown.values())
    assert sorted(Dice(3).shuffled(range(10))) == list(range(10))
    assert Dice(1).below(2**64) == 0x910A2DEC89025CC1  # the published first value of SplitMix64 for seed 1
