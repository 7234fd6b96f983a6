"""Reservations, allocations, picks and losses."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.stock.models import Allocation, Reservation
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import (
    AllocateRequest,
    Loss,
    Reserved,
    ReserveRequest,
    allocate,
    deallocate,
    post_loss,
    release_reservations,
    reserve,
)
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest


def do(site: Site, work: Any) -> Any:
    """Run `work(session, by, now)` as one command."""

    def use_case(session: Session, command: Command, *, now: Any) -> Any:
        return work(session, command.by, now)

    return site.house.run(use_case, Command)


def reserve_all(site: Site, *requests: ReserveRequest) -> list[Reserved]:
    result: list[Reserved] = do(
        site, lambda session, by, now: reserve(session, requests, warehouse_id=site.id, by=by, now=now)
    )
    return result


def promised(site: Site, sku: str, qty: int, doc_id: int = 1) -> int:
    (got,) = reserve_all(site, ReserveRequest(site.skus[sku], qty, "order_line", doc_id))
    assert got.reservation_id is not None
    return got.reservation_id


def allocated(site: Site, reservation_id: int, place: str, sku: str, qty: int) -> int:
    request = AllocateRequest(reservation_id, site.balance_id(place, sku), qty)
    (allocation_id,) = do(site, lambda session, by, now: allocate(session, [request], by=by, now=now))
    return int(allocation_id)


def pick(
    site: Site, allocation_id: int, place: str, sku: str, qty: int, reason: Reason = Reason.PICK
) -> None:
    ends = (site[place], site["PICKED"]) if reason is Reason.PICK else (site["PICKED"], site[place])
    site.post(Move(site.skus[sku], qty, *ends, reason, allocation_id=allocation_id))


def test_a_promise_lowers_what_is_left_to_promise(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    promised(site, "TEA", 4)
    assert (site.figures("TEA"), site.atp("TEA")) == ((10, 4), 6)
    assert site.verify().sound


def test_an_order_is_promised_whole_or_not_at_all_and_leaves_the_goods_to_the_next(
    house: HouseUnderTest,
) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    tea, cup = site.skus["TEA"], site.skus["CUP"]
    got = reserve_all(
        site,
        ReserveRequest(tea, 3, "order_line", 1, group=1),
        ReserveRequest(cup, 1, "order_line", 2, group=1),
        ReserveRequest(tea, 5, "order_line", 3, group=2),
    )
    assert [(each.qty, each.missing) for each in got] == [(0, 3), (0, 1), (5, 0)]
    assert got[0].reservation_id is None


def test_a_shop_that_sends_in_parts_gets_what_there_is(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    (got,) = reserve_all(site, ReserveRequest(site.skus["TEA"], 5, "order_line", 1, group=1, partial=True))
    assert (got.qty, got.missing) == (2, 3)


def test_goods_that_cannot_be_sold_are_not_promised(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01", quality="defective")
    site.put("TEA", 5, "PACKING")
    assert site.figures("TEA") == (0, 0)
    (got,) = reserve_all(site, ReserveRequest(site.skus["TEA"], 1, "order_line", 1))
    assert got.qty == 0


def test_a_pick_does_not_move_what_is_left_to_promise_and_its_undo_neither(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    reservation_id = promised(site, "TEA", 4)
    allocation_id = allocated(site, reservation_id, "A-01", "TEA", 4)
    assert site.balances("A-01", "TEA")[0].reserved == 4
    pick(site, allocation_id, "A-01", "TEA", 3)
    assert (site.figures("TEA"), site.atp("TEA")) == ((7, 1), 6)
    assert (site.on_hand("A-01", "TEA"), site.on_hand("PICKED", "TEA")) == (7, 3)
    pick(site, allocation_id, "A-01", "TEA", 1)
    with house.read() as session:
        assert session.get_one(Reservation, reservation_id).state == "consumed"
        assert session.get_one(Allocation, allocation_id).state == "done"
    assert site.verify().sound
    pick(site, allocation_id, "A-01", "TEA", 2, Reason.UNPICK)
    assert (site.figures("TEA"), site.atp("TEA")) == ((8, 2), 6)
    with house.read() as session:
        assert session.get_one(Reservation, reservation_id).state == "active"
        assert session.get_one(Allocation, allocation_id).state == "open"
    assert site.verify().sound


def test_more_than_allocated_cannot_be_picked_for_the_order(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    allocation_id = allocated(site, promised(site, "TEA", 4), "A-01", "TEA", 4)
    with pytest.raises(Refusal, match="allocation_not_open"):
        pick(site, allocation_id, "A-01", "TEA", 5)
    assert site.figures("TEA") == (10, 4)


def test_goods_are_taken_from_the_bin_where_they_are_held(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    site.put("TEA", 10, "A-02")
    allocation_id = allocated(site, promised(site, "TEA", 4), "A-01", "TEA", 4)
    with pytest.raises(Refusal, match="allocation_elsewhere"):
        pick(site, allocation_id, "A-02", "TEA", 1)


def test_held_goods_are_not_free_for_others(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 4, "A-01")
    site.put("TEA", 4, "A-02")
    allocated(site, promised(site, "TEA", 4), "A-01", "TEA", 4)
    with pytest.raises(Refusal, match="not_enough_stock"):
        site.post(Move(site.skus["TEA"], 1, site["A-01"], site["A-03"], Reason.TRANSFER))
    with pytest.raises(Refusal, match="not_enough_stock"):
        allocated(site, promised(site, "TEA", 1, 2), "A-01", "TEA", 1)


def test_an_allocation_never_exceeds_its_promise(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 9, "A-01")
    reservation_id = promised(site, "TEA", 4)
    allocated(site, reservation_id, "A-01", "TEA", 3)
    with pytest.raises(Refusal, match="reservation_exceeded"):
        allocated(site, reservation_id, "A-01", "TEA", 2)
    assert site.verify().sound


def test_a_promise_given_back_frees_its_bins_and_is_told(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    reservation_id = promised(site, "TEA", 4)
    allocation_id = allocated(site, reservation_id, "A-01", "TEA", 4)
    pick(site, allocation_id, "A-01", "TEA", 1)
    freed = do(site, lambda session, by, now: release_reservations(session, [reservation_id], now=now))
    assert freed == 3
    assert (site.figures("TEA"), site.balances("A-01", "TEA")[0].reserved) == ((9, 0), 0)
    assert house.events("stock.gained")[-1]["body"]["sku_ids"] == [site.skus["TEA"]]
    with pytest.raises(Refusal, match="reservation_not_active"):
        allocated(site, reservation_id, "A-01", "TEA", 1)
    assert site.verify().sound


def test_goods_of_a_cancelled_order_can_be_promised_again_when_they_are_back_in_a_bin(
    house: HouseUnderTest,
) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    reservation_id = promised(site, "TEA", 4)
    pick(site, allocated(site, reservation_id, "A-01", "TEA", 4), "A-01", "TEA", 4)
    do(site, lambda session, by, now: release_reservations(session, [reservation_id], now=now))
    assert site.atp("TEA") == 6
    site.post(Move(site.skus["TEA"], 4, site["PICKED"], site["A-02"], Reason.PUTBACK))
    assert site.atp("TEA") == 10
    assert site.verify().sound


def test_deallocating_keeps_the_promise(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    allocation_id = allocated(site, promised(site, "TEA", 4), "A-01", "TEA", 4)
    do(site, lambda session, by, now: deallocate(session, {allocation_id: 1}))
    assert (site.figures("TEA"), site.balances("A-01", "TEA")[0].reserved) == ((10, 4), 3)
    do(site, lambda session, by, now: deallocate(session, [allocation_id]))
    assert (site.figures("TEA"), site.balances("A-01", "TEA")[0].reserved) == ((10, 4), 0)
    assert site.verify().sound


def lose(site: Site, sku: str, qty: int, place: str, spare: Sequence[int] = ()) -> Loss:
    moves = [Move(site.skus[sku], qty, site[place], site["SHORTAGE"], Reason.SHORT)]
    loss: Loss = do(
        site, lambda session, by, now: post_loss(session, moves, by=by, now=now, spare=frozenset(spare))
    )
    return loss


def test_goods_that_are_gone_cost_the_newest_promise_first(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 6, "A-01")
    site.put("TEA", 4, "A-02")
    first, second, third = (promised(site, "TEA", qty, doc) for doc, qty in ((1, 4), (2, 3), (3, 3)))
    allocated(site, first, "A-01", "TEA", 4)
    loss = lose(site, "TEA", 6, "A-01")
    assert sum(loss.unbinned.values()) == 4
    assert [(each.reservation_id, each.qty) for each in loss.bumped] == [(third, 3), (second, 3)]
    assert site.figures("TEA") == (4, 4)
    (told,) = house.events("stock.reservations_bumped")
    assert told["body"]["doc_ids"] == [2, 3]
    assert site.verify().sound


def test_the_order_in_the_pickers_hands_is_spared_as_long_as_it_can_be(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    site.put("TEA", 2, "A-02")
    other, mine = promised(site, "TEA", 2, 1), promised(site, "TEA", 2, 2)
    allocated(site, mine, "A-01", "TEA", 2)
    loss = lose(site, "TEA", 2, "A-01", spare=[mine])
    assert [(each.reservation_id, each.qty) for each in loss.bumped] == [(other, 2)]
    assert site.verify().sound


def test_more_than_lies_there_cannot_be_lost(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 2, "A-01")
    with pytest.raises(Refusal, match="not_enough_stock"):
        lose(site, "TEA", 3, "A-01")
    assert site.verify().sound
