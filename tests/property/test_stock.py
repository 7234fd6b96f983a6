"""Whatever happens in whatever order: nothing is created, nothing is lost, nothing is promised twice."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.db import Database
from backend.core.errors import Refusal
from backend.core.execute import Command
from backend.core.ids import uuid7
from backend.stock.models import Allocation, Balance, Reservation, StockMove
from backend.stock.queries import stock_as_of
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import (
    AllocateRequest,
    ReserveRequest,
    SealLedger,
    allocate,
    deallocate,
    post,
    post_loss,
    release_reservations,
    reserve,
    seal_ledger,
)
from tests.build.stock import Site, a_site
from tests.conftest import HouseUnderTest

BINS = ("A-01", "A-02", "A-03")
SKUS = ("TEA", "CUP")
PHYSICAL = (*BINS, "STAGING", "PACKING", "SHORTAGE", "PICKED")
places = st.sampled_from(PHYSICAL)
skus = st.sampled_from(SKUS)
few = st.integers(1, 6)


class Ledger(RuleBasedStateMachine):
    """A warehouse that is worked on at random, beside a plain dictionary that counts along."""

    model: Path
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        path = self.folder / f"{uuid7()}.db"
        shutil.copy(self.model, path)
        self.house = HouseUnderTest(Database(f"sqlite:///{path}", sqlite_synchronous="OFF"), self.folder)
        self.site: Site = a_site(self.house, bins=3, skus=SKUS)
        self.count: dict[tuple[str, str], int] = {}
        self.then: list[tuple[Any, dict[tuple[str, str], int]]] = []

    def teardown(self) -> None:
        self.house.close()

    def do(self, work: Any) -> Any:
        """Run as one command; a refusal must leave everything as it was."""

        def use_case(session: Session, command: Command, *, now: Any) -> Any:
            return work(session, command.by, now)

        try:
            return self.house.run(use_case, Command)
        except Refusal as no:
            return no

    def counted(self, result: Any, sku: str, qty: int, origin: str | None, target: str | None) -> None:
        if isinstance(result, Refusal):
            return
        for place, change in ((origin, -qty), (target, qty)):
            if place is not None:
                self.count[place, sku] = self.count.get((place, sku), 0) + change

    def some(self, model: Any, pick: int, *where: Any) -> Any:
        with self.house.read() as session:
            rows = list(session.scalars(select(model).where(*where).order_by(model.id)))
        return rows[pick % len(rows)] if rows else None

    @rule(sku=skus, qty=few, place=places)
    def receive(self, sku: str, qty: int, place: str) -> None:
        move = Move(self.site.skus[sku], qty, self.site["SUPPLIER"], self.site[place], Reason.RECEIPT)
        result = self.do(lambda session, by, now: post(session, [move], by=by, now=now))
        assert not isinstance(result, Refusal)
        self.counted(result, sku, qty, None, place)

    @rule(sku=skus, qty=few, origin=places, to=places)
    def carry(self, sku: str, qty: int, origin: str, to: str) -> None:
        move = Move(self.site.skus[sku], qty, self.site[origin], self.site[to], Reason.TRANSFER)
        result = self.do(lambda session, by, now: post(session, [move], by=by, now=now))
        self.counted(result, sku, qty, origin, to)

    @rule(sku=skus, qty=few, origin=places)
    def ship(self, sku: str, qty: int, origin: str) -> None:
        move = Move(self.site.skus[sku], qty, self.site[origin], self.site["CUSTOMER"], Reason.SHIP)
        result = self.do(lambda session, by, now: post(session, [move], by=by, now=now))
        self.counted(result, sku, qty, origin, None)

    @rule(sku=skus, qty=few, origin=st.sampled_from(BINS))
    def lose(self, sku: str, qty: int, origin: str) -> None:
        move = Move(self.site.skus[sku], qty, self.site[origin], self.site["SHORTAGE"], Reason.SHORT)
        result = self.do(lambda session, by, now: post_loss(session, [move], by=by, now=now))
        enough = self.count.get((origin, sku), 0) >= qty
        assert enough != isinstance(
            result, Refusal
        )  # what lies there can be lost, whoever it was promised to
        self.counted(result, sku, qty, origin, "SHORTAGE")

    @rule(wishes=st.lists(st.tuples(skus, few, st.integers(1, 2), st.booleans()), min_size=1, max_size=4))
    def promise(self, wishes: list[tuple[str, int, int, bool]]) -> None:
        requests = [
            ReserveRequest(self.site.skus[sku], qty, "test", 1, group, partial)
            for sku, qty, group, partial in wishes
        ]
        self.do(
            lambda session, by, now: reserve(session, requests, warehouse_id=self.site.id, by=by, now=now)
        )

    @rule(which=st.integers(0, 50), where=st.integers(0, 50), qty=few)
    def hold(self, which: int, where: int, qty: int) -> None:
        reservation = self.some(Reservation, which, Reservation.warehouse_id == self.site.id)
        balance = self.some(Balance, where, Balance.warehouse_id == self.site.id)
        if reservation is None or balance is None:
            return
        request = AllocateRequest(reservation.id, balance.id, qty)
        self.do(lambda session, by, now: self.only_bins(session, balance, [request], by, now))

    def only_bins(self, session: Session, balance: Balance, requests: Any, by: Any, now: Any) -> Any:
        if balance.location_id not in {self.site[code] for code in BINS}:
            raise Refusal("not_a_bin")
        return allocate(session, requests, by=by, now=now)

    def allocation(self, which: int) -> Allocation | None:
        mine = select(Reservation.id).where(Reservation.warehouse_id == self.site.id)
        found: Allocation | None = self.some(Allocation, which, Allocation.reservation_id.in_(mine))
        return found

    @rule(which=st.integers(0, 50), qty=few, undo=st.booleans())
    def pick(self, which: int, qty: int, undo: bool) -> None:
        held = self.allocation(which)
        if held is None:
            return
        sku = next(code for code, sku_id in self.site.skus.items() if sku_id == held.sku_id)
        place = next(code for code, place_id in self.site.places.items() if place_id == held.location_id)
        ends = ("PICKED", place) if undo else (place, "PICKED")
        reason = Reason.UNPICK if undo else Reason.PICK
        before = self.site.atp(sku)
        move = Move(held.sku_id, qty, self.site[ends[0]], self.site[ends[1]], reason, allocation_id=held.id)
        result = self.do(lambda session, by, now: post(session, [move], by=by, now=now))
        self.counted(result, sku, qty, *ends)
        assert self.site.atp(sku) == before

    @rule(which=st.integers(0, 50), qty=few)
    def let_go(self, which: int, qty: int) -> None:
        held = self.allocation(which)
        if held is not None:
            self.do(lambda session, by, now: deallocate(session, {held.id: qty}))

    @rule(which=st.integers(0, 50))
    def give_back(self, which: int) -> None:
        reservation = self.some(Reservation, which, Reservation.warehouse_id == self.site.id)
        if reservation is not None:
            self.do(lambda session, by, now: release_reservations(session, [reservation.id], now=now))

    @rule()
    def seal(self) -> None:
        self.house.run(seal_ledger, SealLedger, limit=3)

    @rule()
    def remember(self) -> None:
        self.then.append((self.house.clock.now(), {key: qty for key, qty in self.count.items() if qty}))
        self.house.clock.advance(seconds=60)

    @invariant()
    def the_count_agrees_with_the_balances(self) -> None:
        with self.house.read() as session:
            rows = session.execute(
                select(Balance.location_id, Balance.sku_id, func.sum(Balance.on_hand))
                .where(Balance.warehouse_id == self.site.id)
                .group_by(Balance.location_id, Balance.sku_id)
            ).all()
        found = {(place, sku): int(qty) for place, sku, qty in rows if qty}
        wanted = {
            (self.site[place], self.site.skus[sku]): qty for (place, sku), qty in self.count.items() if qty
        }
        assert found == wanted

    @invariant()
    def the_books_prove_true(self) -> None:
        report = self.site.verify()
        assert report.sound, report.faults

    @invariant()
    def every_piece_came_from_somewhere(self) -> None:
        with self.house.read() as session:
            outside = (self.site["SUPPLIER"], self.site["CUSTOMER"])
            came = session.scalar(
                select(func.coalesce(func.sum(StockMove.qty), 0)).where(
                    StockMove.from_location_id == outside[0]
                )
            )
            left = session.scalar(
                select(func.coalesce(func.sum(StockMove.qty), 0)).where(
                    StockMove.to_location_id == outside[1]
                )
            )
        assert sum(self.count.values()) == (came or 0) - (left or 0)

    @precondition(lambda self: self.then)
    @rule(which=st.integers(0, 50))
    def look_back(self, which: int) -> None:
        instant, wanted = self.then[which % len(self.then)]
        with self.house.read() as session:
            rows = stock_as_of(session, warehouse_id=self.site.id, at=instant + timedelta(seconds=1)).rows
        found: dict[tuple[int, int], int] = {}
        for row in rows:
            key = (row.balance.location_id, row.balance.sku_id)
            found[key] = found.get(key, 0) + row.on_hand_then
        assert found == {(self.site[place], self.site.skus[sku]): qty for (place, sku), qty in wanted.items()}


def test_stock_is_conserved_and_never_promised_twice(sqlite_model: Path, tmp_path: Path) -> None:
    machine = type("LedgerInHouse", (Ledger,), {"model": sqlite_model, "folder": tmp_path})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
