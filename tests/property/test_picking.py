"""A cart in the hands of chance: whatever is scanned, in whatever order, nothing is lost and nothing is taken twice."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from backend.core.db import Database
from backend.core.errors import Refusal
from backend.orders.use_cases import (
    CancelOrder,
    HoldOrder,
    ReleaseHold,
    cancel_order,
    hold_order,
    release_hold,
)
from backend.outbound.picking.models import Pick, PickLine, PickSplit
from backend.stock.models import Balance, StockMove
from tests.build.picking import Picker, a_started_cart
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest

SKUS = ("APPLE", "PEAR", "PLUM")
STOCK = 12


class Cart(RuleBasedStateMachine):
    """Picks, shorts, undos, skips, holds and cancellations on one cart of three orders."""

    model: Path

    @initialize(wanted=st.lists(st.integers(0, 3), min_size=9, max_size=9))
    def start(self, wanted: list[int]) -> None:
        self.folder = Path(tempfile.mkdtemp())
        path = self.folder / "tideline.db"
        shutil.copy(self.model, path)
        self.house = HouseUnderTest(Database(f"sqlite:///{path}", sqlite_synchronous="OFF"), self.folder)
        self.shop: Shop = a_shop(self.house)
        for code, (first, second) in zip(
            SKUS, (("A_01_1", "B_05_1"), ("A_03_2", "B_02_1"), ("B_04_2", "A_05_1")), strict=True
        ):
            self.shop.stock(code, **{first: STOCK - 4, second: 4})
        self.orders = [
            self.shop.order(
                **{code: qty for code, qty in zip(SKUS, wanted[at : at + 3], strict=True) if qty}
                or {"APPLE": 1}
            )
            for at in (0, 3, 6)
        ]
        self.picker: Picker = a_started_cart(self.shop)
        self.finished = False

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.close()
            shutil.rmtree(self.folder)

    def attempt(self, deed: Any, *args: Any, **fields: Any) -> None:
        """Do it; a refusal is an answer too."""
        refused = ""
        try:
            deed(*args, **fields)
        except Refusal as refusal:
            refused = refusal.code
        assert refused not in {"not_enough_stock", "allocation_not_open", "goods_are_promised"}

    @precondition(lambda self: not self.finished)
    @rule(data=st.data(), qty=st.integers(1, 4))
    def pick(self, data: st.DataObject, qty: int) -> None:
        lines = self.picker.look()["lines"]
        if lines:
            line = data.draw(st.sampled_from(lines))
            slot_no = data.draw(st.sampled_from([split["slot_no"] for split in line["splits"]]))
            self.attempt(self.picker.pick, line["sku"]["code"], qty, slot_no, line=line)

    @precondition(lambda self: not self.finished)
    @rule(
        data=st.data(),
        qty=st.integers(1, 4),
        reason=st.sampled_from(["empty", "not_found", "damaged", "blocked"]),
    )
    def short(self, data: st.DataObject, qty: int, reason: str) -> None:
        lines = self.picker.look()["lines"]
        if lines:
            line = data.draw(st.sampled_from(lines))
            self.attempt(self.picker.short, line["sku"]["code"], qty, reason, line=line)

    @precondition(lambda self: not self.finished)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        picks = self.picker.look()["picks"]
        if picks:
            self.attempt(self.picker.undo, data.draw(st.sampled_from(picks))["id"])

    @precondition(lambda self: not self.finished)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        entries = self.picker.look()["put_backs"]
        if entries:
            self.attempt(
                self.picker.put_back, data.draw(st.sampled_from(entries)), data.draw(st.integers(1, 4))
            )

    @rule(at=st.integers(0, 2))
    def hold(self, at: int) -> None:
        self.attempt(self.house.run, hold_order, HoldOrder, order_id=self.orders[at], reason="manual")
        self.house.work()

    @rule(at=st.integers(0, 2))
    def release(self, at: int) -> None:
        self.attempt(self.house.run, release_hold, ReleaseHold, order_id=self.orders[at], reason="manual")
        self.house.work()

    @rule(at=st.integers(0, 2))
    def cancel(self, at: int) -> None:
        self.attempt(self.house.run, cancel_order, CancelOrder, order_id=self.orders[at])
        self.house.work()

    @precondition(lambda self: not self.finished)
    @rule()
    def finish(self) -> None:
        self.attempt(self.picker.finish)
        self.finished = self.picker.look()["state"] == "done"

    @invariant()
    def no_piece_is_lost_or_made(self) -> None:
        if not hasattr(self, "house"):
            return
        with self.house.read() as session:
            pieces = dict(
                session.execute(
                    select(Balance.sku_id, func.sum(Balance.on_hand)).group_by(Balance.sku_id)
                ).all()
            )
        assert {self.shop.codes[sku_id]: qty for sku_id, qty in pieces.items()} == dict.fromkeys(SKUS, STOCK)

    @invariant()
    def what_is_in_totes_is_what_was_picked_and_never_more_than_was_ordered(self) -> None:
        if not hasattr(self, "house"):
            return
        with self.house.read() as session:
            in_totes = session.scalar(select(func.coalesce(func.sum(Pick.qty - Pick.returned_qty), 0)))
            on_carts = session.scalar(
                select(func.coalesce(func.sum(Balance.on_hand), 0)).where(Balance.hu_id.is_not(None))
            )
            splits = session.scalar(select(func.coalesce(func.sum(PickSplit.picked_qty), 0)))
            for order_id in self.orders:
                picked = session.scalar(
                    select(func.coalesce(func.sum(Pick.qty - Pick.returned_qty), 0)).where(
                        Pick.order_id == order_id
                    )
                )
                assert picked <= sum(line.qty for line in self.shop.order_lines(order_id))
            moves = session.scalar(select(func.count()).select_from(StockMove))
        assert in_totes == on_carts == splits
        assert moves >= 2 * len(SKUS)

    @invariant()
    def every_line_sums_its_splits(self) -> None:
        if not hasattr(self, "house"):
            return
        with self.house.read() as session:
            for line in session.scalars(select(PickLine)):
                live = session.scalars(
                    select(PickSplit).where(PickSplit.line_id == line.id, PickSplit.stopped.is_(False))
                ).all()
                assert (line.qty, line.picked_qty, line.short_qty) == (
                    sum(each.qty for each in live),
                    sum(each.picked_qty for each in live),
                    sum(each.short_qty for each in live),
                )

    @invariant()
    def the_books_are_proven(self) -> None:
        if hasattr(self, "house"):
            self.shop.proven()


@pytest.fixture
def cart(sqlite_model: Path) -> type[Cart]:
    Cart.model = sqlite_model
    return Cart


@pytest.mark.slow
def test_a_cart_in_the_hands_of_chance(cart: type[Cart]) -> None:
    run_state_machine_as_test(
        cart,
        settings=settings(
            max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
