"""Which orders make a wave, without a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.outbound.waves.rules import (
    Lane,
    PoolOrder,
    Range,
    Selection,
    cart_of,
    choose,
    group_of,
    hot_skus,
    is_due,
    lane_of,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def an_order(number: int = 1, **parts: Any) -> PoolOrder:
    given = {
        "id": number, "number": f"O{number}", "state": "reserved", "shop": "demo", "carrier": "SF", "tags": frozenset(),
        "priority": 0, "due_at": NOW + timedelta(hours=1), "skus": ((7, 1),), "lines": 1, "units": 1, "weight_g": 100,
        "volume_mm3": 1000,
    }  # fmt: skip
    return PoolOrder(**given | parts)


def codes(*orders: PoolOrder, **selection: Any) -> list[str]:
    return [verdict.code for verdict in choose(orders, Selection(**selection), NOW).verdicts]


def test_a_hold_counts_before_everything_else():
    assert codes(an_order(holds=("manual",), state="backordered")) == ["hold"]


def test_no_filter_lets_everything_through():
    assert codes(an_order(1), an_order(2, shop="x", carrier="y")) == ["in", "in"]


def test_an_order_in_two_zones_fits_only_a_wave_of_both():
    order = an_order(zones=frozenset({"A", "B"}))
    assert codes(order, zones=frozenset({"A"})) == ["filter_zone"]
    assert codes(order, zones=frozenset({"A", "B", "C"})) == ["in"]


def test_an_order_without_a_due_time_is_not_within_a_deadline():
    assert codes(an_order(due_at=None), deadline_within_s=60) == ["filter_deadline"]
    assert codes(an_order(due_at=NOW + timedelta(seconds=60)), deadline_within_s=60) == ["in"]


def test_a_large_order_waits_while_smaller_ones_behind_it_still_fit():
    orders = [an_order(1, units=3), an_order(2, units=5), an_order(3, units=2)]
    assert codes(*orders, max_load={"units": 5}) == ["in", "later_wave", "in"]


def test_too_small_a_wave_is_no_wave_and_says_what_was_missing():
    choice = choose([an_order(1), an_order(2)], Selection(min_load={"units": 3}), NOW)
    assert [verdict.code for verdict in choice.verdicts] == ["below_min_load"] * 2
    assert choice.verdicts[0].facts == {"limit": "units", "min": 3, "is": 2}
    assert choice.chosen == ()


def test_the_load_of_a_choice_is_that_of_the_chosen():
    load = choose([an_order(1, units=2), an_order(2, units=3)], Selection(), NOW).load
    assert (load.orders, load.units, load.weight_g) == (2, 5, 200)


def test_lanes():
    pool = [an_order(n) for n in range(3)] + [an_order(9, skus=((8, 1),))]
    hot = hot_skus(pool, 3)
    assert hot == {7}
    assert lane_of(pool[0], hot) is Lane.HOT
    assert lane_of(pool[3], hot) is Lane.SINGLE
    assert lane_of(an_order(skus=((7, 1), (8, 1))), hot) is Lane.MULTI
    assert hot_skus(pool, None) == frozenset()


def test_groups_never_mix_lanes_and_follow_what_is_asked():
    order = an_order(skus=((8, 2), (7, 1)), zones=frozenset({"B", "A"}))
    assert group_of(order, "multi", ()) == "multi"
    assert group_of(order, "multi", ("carrier", "zone")) == "multi|carrier=SF|zone=A+B"
    assert group_of(order, "multi", ("same_sku",)) == "multi|sku=7+8"
    assert group_of(order, "multi", ("same_content",)) == "multi|content=7x1+8x2"


@pytest.mark.parametrize(
    ("low", "high", "fits"), [(None, None, True), (2, None, False), (None, 0, False), (1, 1, True)]
)
def test_ranges_hold_their_ends(low: int | None, high: int | None, fits: bool):
    assert Range(low, high).holds(1) is fits


def test_discrete_picking_has_one_order_on_the_cart():
    cart = {"totes": 12, "units": 9, "weight_g": None, "volume_mm3": None, "lines": None}
    assert cart_of("discrete", **cart)["totes"] == 1
    assert cart_of("cluster", **cart)["totes"] == 12


@pytest.mark.parametrize(
    ("trigger", "ready", "at", "due"),
    [
        ("manual", 99, "10:00", False),
        ("time", 1, "10:00", True),
        ("time", 0, "10:00", False),
        ("time", 1, "09:59", False),
        ("time", 1, "10:29", True),
        ("time", 1, "10:31", False),
        ("count", 49, "10:00", False),
        ("count", 50, "03:00", True),
        ("both", 50, "03:00", True),
        ("both", 1, "10:05", True),
        ("both", 1, "11:00", False),
    ],
)
def test_triggers(trigger: str, ready: int, at: str, due: bool):
    hour, minute = (int(part) for part in at.split(":"))
    now = NOW.replace(hour=hour, minute=minute)
    assert is_due(trigger, times=["10:00"], count=50, ready=ready, last=None, local_now=now) is due


def test_a_time_strikes_once():
    now = NOW.replace(hour=10, minute=10)
    said = {"times": ["10:00"], "count": None, "ready": 5, "local_now": now}
    assert is_due("time", last=now - timedelta(days=1), **said)
    assert not is_due("time", last=now - timedelta(minutes=5), **said)
