"""Composing a wave: who is in, who is out and why, and what is written."""

import pytest
from sqlalchemy import select

from backend.core.errors import Refusal
from backend.orders.use_cases import HoldOrder, hold_order
from backend.outbound.waves.models import Wave, WaveOrder
from backend.outbound.waves.queries import preview, wave_sheet
from backend.outbound.waves.use_cases import (
    ComposeWave,
    CreateStrategy,
    UpdateStrategy,
    compose_wave,
    create_strategy,
    update_strategy,
)
from backend.stock.models import Allocation
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest


def verdicts(shop: Shop, strategy_id: int) -> dict[int, str]:
    """Order id → code, as the preview shows it."""
    with shop.house.read() as session:
        found = preview(session, by=shop.house.actor, now=shop.house.clock.now(), strategy_id=strategy_id)
    assert found.orders_in + found.orders_out == len(found.rows)
    return {row.order_id: row.code for row in found.rows}


def goods(house: HouseUnderTest) -> Shop:
    shop = a_shop(house)
    for code, where in (("APPLE", "A_01_1"), ("PEAR", "A_02_1"), ("PLUM", "B_01_1")):
        shop.stock(code, **{where: 100})
    return shop


def test_the_preview_says_why_each_order_is_in_or_out(house: HouseUnderTest) -> None:
    shop = goods(house)
    fits = shop.order(APPLE=1, carrier="SF", tags=["vip"])
    held = shop.order(APPLE=1, carrier="SF", tags=["vip"])
    house.run(hold_order, HoldOrder, order_id=held, reason="manual")
    waits = shop.order(state="backordered", APPLE=1, carrier="SF", tags=["vip"])
    new = shop.order(state="approved", APPLE=1, carrier="SF", tags=["vip"])
    other_shop = shop.order(APPLE=1, shop="elsewhere", carrier="SF", tags=["vip"])
    other_carrier = shop.order(APPLE=1, carrier="YTO", tags=["vip"])
    untagged = shop.order(APPLE=1, carrier="SF")
    late = shop.order(APPLE=1, carrier="SF", tags=["vip"], due_in_h=30)
    many = shop.order(APPLE=9, carrier="SF", tags=["vip"])
    wide = shop.order(APPLE=1, PEAR=1, PLUM=1, carrier="SF", tags=["vip"])
    strategy_id = shop.strategy(
        shops=("demo",),
        carriers=("SF",),
        tags=("vip", "gift"),
        deadline_within_s=24 * 3600,
        units_max=5,
        lines_max=2,
    )
    assert verdicts(shop, strategy_id) == {
        fits: "in", held: "hold", waits: "backordered", new: "not_reserved", other_shop: "filter_shop",
        other_carrier: "filter_carrier", untagged: "filter_tag", late: "filter_deadline", many: "filter_quantity",
        wide: "filter_line_count",
    }  # fmt: skip
    with house.read() as session:
        assert session.scalars(select(Wave)).all() == [], "a preview changes nothing"


def test_zones_weight_and_lanes_filter_too(house: HouseUnderTest) -> None:
    shop = goods(house)
    one, heavy, two = shop.order(APPLE=1), shop.order(APPLE=8), shop.order(APPLE=1, PEAR=1)
    assert set(verdicts(shop, shop.strategy(zones=("RESERVE",))).values()) == {"filter_zone"}
    assert set(verdicts(shop, shop.strategy(zones=("PICK",))).values()) == {"in"}
    assert verdicts(shop, shop.strategy(weight_max_g=1000)) == {one: "in", heavy: "filter_weight", two: "in"}
    assert verdicts(shop, shop.strategy(lanes=("multi",))) == {
        one: "filter_lane",
        heavy: "filter_lane",
        two: "in",
    }


def test_limits_leave_orders_for_a_later_wave(house: HouseUnderTest) -> None:
    shop = goods(house)
    first, second, third = shop.order(APPLE=3), shop.order(APPLE=3), shop.order(APPLE=1)
    assert verdicts(shop, shop.strategy(max_orders=2)) == {
        first: "in",
        second: "in",
        third: "over_max_orders",
    }
    assert verdicts(shop, shop.strategy(max_wave_units=4)) == {first: "in", second: "later_wave", third: "in"}
    assert set(verdicts(shop, shop.strategy(min_orders=4)).values()) == {"below_min_orders"}
    assert set(verdicts(shop, shop.strategy(min_wave_weight_g=9999)).values()) == {"below_min_load"}
    assert verdicts(shop, shop.strategy(cart_units=2)) == {
        first: "larger_than_cart", second: "larger_than_cart", third: "in",
    }  # fmt: skip


def test_urgent_orders_come_first(house: HouseUnderTest) -> None:
    shop = goods(house)
    usual, soon, important = (
        shop.order(APPLE=1),
        shop.order(APPLE=1, due_in_h=1),
        shop.order(APPLE=1, priority=5),
    )
    assert verdicts(shop, shop.strategy(max_orders=2)) == {
        important: "in",
        soon: "in",
        usual: "over_max_orders",
    }


def test_single_hot_and_multi_orders_are_kept_apart(house: HouseUnderTest) -> None:
    shop = goods(house)
    hot = [shop.order(APPLE=1) for _ in range(3)]
    single, multi = shop.order(PEAR=1), shop.order(APPLE=1, PEAR=1)
    wave_id = shop.composed(hot_orders=3, group_by=("carrier",))
    with house.read() as session:
        rows = dict(session.execute(select(WaveOrder.order_id, WaveOrder.group_key)).all())
        sheet = wave_sheet(session, by=house.actor, now=house.clock.now(), wave_id=wave_id)
    assert {rows[each] for each in hot} == {"hot|carrier=SF"}
    assert (rows[single], rows[multi]) == ("single|carrier=SF", "multi|carrier=SF")
    assert {row.lane for row in sheet.orders} == {"hot", "single", "multi"}


def test_goods_are_held_at_bins_and_the_orders_are_in_the_wave(house: HouseUnderTest) -> None:
    shop = goods(house)
    first, second = shop.order(APPLE=2, PEAR=1), shop.order(APPLE=1)
    composed = house.run(compose_wave, ComposeWave, strategy_id=shop.strategy())
    assert (composed.orders, composed.lines, composed.units, composed.dropped) == (2, 3, 4, 0)
    assert {shop.order_row(each).state for each in (first, second)} == {"in_wave"}
    with house.read() as session:
        assert sum(session.scalars(select(Allocation.qty).where(Allocation.state == "open"))) == 4
    (fact,) = house.events("waves.wave_composed")
    assert (fact["channel"], fact["body"]["orders"]) == (f"warehouse:{shop.hall.warehouse_id}", 2)
    shop.proven()


def test_an_order_whose_goods_are_in_no_bin_falls_out_with_the_reason(house: HouseUnderTest) -> None:
    shop = goods(house)
    fits, lacks = shop.order(APPLE=1), shop.order(PLUM=60)
    with house.write() as session:
        from backend.master.layout.models import Location

        session.get_one(Location, shop.hall["B-01-1"]).blocked = True
    wave_id = house.run(compose_wave, ComposeWave, strategy_id=shop.strategy()).wave_id
    with house.read() as session:
        rows = {row.order_id: row for row in session.scalars(select(WaveOrder))}
        assert session.get_one(Wave, wave_id).orders == 1
    assert (rows[fits].state, rows[lacks].state, rows[lacks].code) == ("in", "dropped", "not_in_bins")
    assert shop.order_row(lacks).state == "backordered"


def test_no_orders_no_wave(house: HouseUnderTest) -> None:
    shop = goods(house)
    shop.order(state="backordered", APPLE=1)
    with pytest.raises(Refusal) as no:
        house.run(compose_wave, ComposeWave, strategy_id=shop.strategy())
    assert (no.value.code, no.value.facts["reasons"]) == ("wave_empty", {"backordered": 1})


def test_an_order_is_in_one_wave_only(house: HouseUnderTest) -> None:
    shop = goods(house)
    shop.order(APPLE=1)
    shop.composed()
    with pytest.raises(Refusal, match="wave_empty"):
        shop.composed()


def test_a_disabled_strategy_makes_no_waves(house: HouseUnderTest) -> None:
    shop = goods(house)
    shop.order(APPLE=1)
    with pytest.raises(Refusal, match="strategy_disabled"):
        shop.composed(enabled=False)


def test_strategies_are_written_changed_and_checked(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    where = {"warehouse_id": shop.hall.warehouse_id}
    made = house.run(create_strategy, CreateStrategy, name="SF today", carriers=("SF",), **where)
    assert (made.carriers, made.cart_totes) == (("SF",), 12)
    changed = house.run(
        update_strategy, UpdateStrategy, strategy_id=made.id, name="SF today", cart_totes=6, **where
    )
    assert (changed.cart_totes, changed.carriers) == (6, ())
    for fields, code in (
        ({"name": "SF today"}, "strategy_exists"),
        ({"name": "x", "trigger": "time"}, "strategy_needs_times"),
        ({"name": "x", "trigger": "count"}, "strategy_needs_count"),
        ({"name": "x", "lines_min": 3, "lines_max": 2}, "strategy_limits_crossed"),
    ):
        with pytest.raises(Refusal, match=code):
            house.run(create_strategy, CreateStrategy, **where, **fields)
    with pytest.raises(Refusal, match="strategy_not_found"):
        house.run(update_strategy, UpdateStrategy, strategy_id=999, name="y", **where)
