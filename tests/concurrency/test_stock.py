"""A promise about concurrency has a test with threads. Real ones, on both databases."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.orm import Session

from backend.core.clock import SystemClock
from backend.core.errors import Refusal
from backend.core.execute import Command, execute
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import AllocateRequest, ReserveRequest, allocate, post, reserve
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest

UseCase = Callable[..., Any]


def at_once(house: HouseUnderTest, use_cases: list[UseCase], workers: int) -> list[Any]:
    """Run every use case as a command of its own, `workers` at a time; results, refusals as they were raised."""
    gate = threading.Barrier(min(workers, len(use_cases)), timeout=30)
    first = threading.local()

    def run(use_case: UseCase) -> Any:
        if not getattr(first, "through", False):
            first.through = True
            gate.wait()
        try:
            command = Command(by=house.actor)
            return execute(house.db, use_case, command, clock=SystemClock(), dump=lambda _: None).result
        except Refusal as no:
            return no

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, use_cases))


def reserver(site: Site, sku: str, doc_id: int, qty: int = 1) -> UseCase:
    def reserve_one(session: Session, command: Command, *, now: Any) -> Any:
        request = ReserveRequest(site.skus[sku], qty, "test", doc_id)
        return reserve(session, [request], warehouse_id=site.id, by=command.by, now=now)[0]

    return reserve_one


def mover(moves: list[Move]) -> UseCase:
    def move_them(session: Session, command: Command, *, now: Any) -> Any:
        return post(session, moves, by=command.by, now=now)

    return move_them


def test_of_64_reservers_of_10_units_exactly_10_succeed(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    got = at_once(house, [reserver(site, "TEA", doc) for doc in range(64)], workers=64)
    assert sorted(each.qty for each in got) == [0] * 54 + [1] * 10
    assert site.figures("TEA") == (10, 10)
    assert site.verify().sound


def test_of_two_takers_of_the_last_unit_one_gets_it(house: HouseUnderTest) -> None:
    site = a_site(house)
    tea = site.skus["TEA"]
    for _ in range(5):
        site.put("TEA", 1, "A-01")
        takers = [mover([Move(tea, 1, site["A-01"], site[to], Reason.TRANSFER)]) for to in ("A-02", "A-03")]
        got = at_once(house, takers, workers=2)
        refusals = [each for each in got if isinstance(each, Refusal)]
        assert [no.code for no in refusals] == ["not_enough_stock"]
        assert site.on_hand("A-01", "TEA") == 0
    assert site.on_hand("A-02", "TEA") + site.on_hand("A-03", "TEA") == 5
    assert site.verify().sound


def test_two_allocators_of_the_last_unit_in_a_bin_do_not_share_it(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 1, "A-01")
    site.put("TEA", 1, "A-02")
    balance_id = site.balance_id("A-01", "TEA")
    reservations = [
        each.reservation_id for each in at_once(house, [reserver(site, "TEA", n) for n in (1, 2)], 2)
    ]

    def allocator(reservation_id: int) -> UseCase:
        def allocate_it(session: Session, command: Command, *, now: Any) -> Any:
            return allocate(session, [AllocateRequest(reservation_id, balance_id, 1)], by=command.by, now=now)

        return allocate_it

    got = at_once(house, [allocator(each) for each in reservations], workers=2)
    assert sum(isinstance(each, Refusal) for each in got) == 1
    assert site.verify().sound


def test_moves_of_overlapping_goods_in_opposite_orders_do_not_deadlock(house: HouseUnderTest) -> None:
    site = a_site(house, bins=8, skus=("S1", "S2", "S3", "S4"))
    bins = [f"A-{n:02}" for n in range(1, 9)]
    for sku in site.skus:
        for place in bins:
            site.put(sku, 100, place)
    there = [
        Move(site.skus[sku], 1, site[bins[n]], site[bins[(n + 1) % 8]], Reason.TRANSFER)
        for sku in site.skus
        for n in range(8)
    ]
    back = [
        Move(move.sku_id, 1, move.to_location_id, move.from_location_id, Reason.TRANSFER)
        for move in reversed(there)
    ]
    half = there[::2] + back[1::2]
    commands = [mover(moves) for _ in range(10) for moves in (there, back, half)]
    got = at_once(house, commands, workers=12)
    assert not [each for each in got if isinstance(each, Refusal)]
    for sku in site.skus:
        assert sum(site.on_hand(place, sku) for place in bins) == 800
    assert site.verify().sound


def test_new_balances_opened_by_many_at_once_are_one_balance(house: HouseUnderTest) -> None:
    site = a_site(house)
    tea = site.skus["TEA"]
    puts = [mover([Move(tea, 1, site["SUPPLIER"], site["A-05"], Reason.RECEIPT)]) for _ in range(24)]
    at_once(house, puts, workers=12)
    assert len(site.balances("A-05", "TEA")) == 1
    assert site.figures("TEA") == (24, 0)
    assert site.verify().sound
