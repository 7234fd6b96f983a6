"""What people decide about an order."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.orders.models import OrderMark, SalesOrder
from backend.orders.queries import order_page, order_sheet
from backend.orders.use_cases import (
    ApproveOrder,
    Decided,
    HoldOrder,
    PrioritiseOrder,
    ReleaseHold,
    SetOrderPolicy,
    approve_order,
    hold_order,
    mark_in_wave,
    prioritise_order,
    record_line_picked,
    record_line_short,
    release_hold,
    set_mark,
    set_order_policy,
)
from tests.build.orders import an_order, lines, order, promise, take
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest


def a_received_order(house: HouseUnderTest) -> tuple[Site, int]:
    site = a_site(house)
    house.run(set_order_policy, SetOrderPolicy, shop="", auto_approve=False)
    take(site, an_order("1", ("TEA", 2)))
    return site, order(site, "1").id


def do(site: Site, work: Any) -> Any:
    def use_case(session: Session, command: Command, *, now: Any) -> Any:
        return work(session, command.by, now)

    return site.house.run(use_case, Command)


def hold(site: Site, order_id: int, reason: str = "manual") -> Decided:
    decided: Decided = site.house.run(hold_order, HoldOrder, order_id=order_id, reason=reason, note="look")
    return decided


def test_an_approved_order_is_told_and_promised(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    site.put("TEA", 2, "A-01")
    assert house.run(approve_order, ApproveOrder, order_id=order_id).state == "approved"
    assert house.run(approve_order, ApproveOrder, order_id=order_id).state == "approved"
    assert [told["body"]["order_id"] for told in house.events("orders.approved")] == [order_id]
    house.work()
    assert order(site, "1").state == "reserved"
    with pytest.raises(Refusal, match="order_in_other_state"):
        do(site, lambda session, by, now: mark_in_wave(session, [order_id], now=now)) or house.run(
            approve_order, ApproveOrder, order_id=order_id
        )


def test_a_held_order_is_not_approved_until_every_hold_is_released(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    hold(site, order_id)
    assert hold(site, order_id, "address_changed").holds == ("address_changed", "manual")
    with pytest.raises(Refusal, match="order_is_held"):
        house.run(approve_order, ApproveOrder, order_id=order_id)
    house.run(release_hold, ReleaseHold, order_id=order_id, reason="manual", note="fine")
    decided = house.run(release_hold, ReleaseHold, order_id=order_id, reason="address_changed")
    assert decided.holds == ()
    assert [told["body"]["still_held"] for told in house.events("orders.hold_released")] == [True, False]
    assert house.run(approve_order, ApproveOrder, order_id=order_id).state == "approved"


def test_one_reason_is_one_hold(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    hold(site, order_id)
    hold(site, order_id)
    assert len(house.events("orders.held")) == 1
    house.run(release_hold, ReleaseHold, order_id=order_id, reason="manual")
    with pytest.raises(Refusal, match="hold_not_open"):
        house.run(release_hold, ReleaseHold, order_id=order_id, reason="manual")
    hold(site, order_id)
    with house.read() as session:
        sheet = order_sheet(session, order_id, by=house.actor)
    assert [row.released_at is None for row in sheet.holds] == [False, True]


def test_what_cannot_be_decided_is_refused(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    with pytest.raises(Refusal, match="hold_reason_unknown"):
        hold(site, order_id, "because")
    with pytest.raises(NotFound, match="order_not_found"):
        hold(site, 999_999)
    with house.write() as session:
        session.get_one(SalesOrder, order_id).state = "shipped"
    with pytest.raises(Refusal, match="order_is_over"):
        hold(site, order_id)
    with pytest.raises(Refusal, match="order_is_over"):
        house.run(prioritise_order, PrioritiseOrder, order_id=order_id, priority=1)


def test_an_order_put_first_is_served_first(house: HouseUnderTest) -> None:
    site = a_site(house)
    take(site, an_order("1", ("TEA", 1)), an_order("2", ("TEA", 1)))
    house.run(prioritise_order, PrioritiseOrder, order_id=order(site, "2").id, priority=10)
    site.put("TEA", 1, "A-01")
    promise(site)
    assert (order(site, "1").state, order(site, "2").state) == ("backordered", "reserved")


def test_lines_keep_count_of_picks_and_shortages(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    take(site, an_order("1", ("TEA", 3)))
    promise(site)
    line_id = lines(site, "1")[0].id
    do(site, lambda session, by, now: record_line_picked(session, line_id, 2))
    do(site, lambda session, by, now: record_line_picked(session, line_id, -1))
    do(site, lambda session, by, now: record_line_short(session, line_id, 2))
    (line,) = lines(site, "1")
    assert (line.picked_qty, line.short_qty, line.reserved_qty) == (1, 2, 1)
    with pytest.raises(Refusal, match="line_picked_already"):
        do(site, lambda session, by, now: record_line_picked(session, line_id, 3))


def test_the_first_mark_counts(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    assert do(site, lambda session, by, now: set_mark(session, order_id, "weighed", by=by, now=now))
    assert not do(site, lambda session, by, now: set_mark(session, order_id, "weighed", by=by, now=now))
    with house.read() as session:
        assert session.get(OrderMark, (order_id, "weighed")) is not None


def test_orders_of_other_shops_and_warehouses_are_not_shown(house: HouseUnderTest) -> None:
    site, order_id = a_received_order(house)
    take(site, an_order("2", ("TEA", 1)), shop="other")
    with house.read() as session:
        mine = order_page(session, by=house.actor_as(shops=frozenset({"web"})))
        none = order_page(session, by=house.actor_as(warehouses=frozenset({site.id + 1})))
        held = order_page(session, by=house.actor, held=True)
        assert ([row.id for row in mine.rows], none.rows, held.rows) == ([order_id], [], [])
        with pytest.raises(NotFound):
            order_sheet(session, order_id, by=house.actor_as(shops=frozenset({"other"})))
