"""The way to every number, the past, and the proof."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from backend.core.errors import NotFound, Unprocessable
from backend.master.people.models import User
from backend.stock.models import Availability, Balance, Reservation, StockMove
from backend.stock.queries import (
    explain_availability,
    explain_balance,
    explain_moves,
    list_moves,
    stock_as_of,
    truth,
    verify,
)
from backend.stock.rules import Move, Reason
from backend.stock.use_cases import RecordTruth, SealLedger, record_truth, seal_ledger
from tests.build.stock import Site, a_site
from tests.conftest import MORNING, HouseUnderTest
from tests.use_cases.stock.test_promises import allocated, promised


def a_history(house: HouseUnderTest) -> Site:
    """10 in, 3 carried away an hour later, 2 shipped an hour after that."""
    site = a_site(house)
    site.put("TEA", 10, "A-01", doc_kind="receipt", doc_id=7)
    house.clock.advance(minutes=60)
    site.post(Move(site.skus["TEA"], 3, site["A-01"], site["A-02"], Reason.TRANSFER))
    house.clock.advance(minutes=60)
    site.post(Move(site.skus["TEA"], 2, site["A-01"], site["CUSTOMER"], Reason.SHIP))
    return site


def test_a_balance_is_explained_move_by_move(house: HouseUnderTest) -> None:
    site = a_history(house)
    with house.read() as session:
        page = explain_moves(session, balance_id=site.balance_id("A-01", "TEA"), limit=2)
        rest = explain_moves(
            session, balance_id=site.balance_id("A-01", "TEA"), limit=2, cursor=page.next_cursor
        )
    found = [(row.reason, row.change, row.after, row.from_code, row.to_code) for row in page.rows + rest.rows]
    assert found == [
        ("SHIP", -2, 5, "A-01", "CUSTOMER"),
        ("TRANSFER", -3, 7, "A-01", "A-02"),
        ("RECEIPT", 10, 10, "SUPPLIER", "A-01"),
    ]
    assert (rest.rows[0].doc_kind, rest.rows[0].doc_id, rest.next_cursor) == ("receipt", 7, None)


def test_a_move_names_the_person(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        user = User(
            login="ann",
            name="Ann",
            language="en",
            created_at=MORNING,
            jobs=[],
            active=True,
            every_warehouse=True,
            every_shop=True,
            every_owner=True,
        )
        session.add(user)
        session.flush()
        user_id = user.id
    move = Move(site.skus["TEA"], 1, site["SUPPLIER"], site["A-01"], Reason.RECEIPT)
    site.post(move, by=house.actor_as(user_id=user_id))
    with house.read() as session:
        (row,) = list_moves(session, warehouse_id=site.id).rows
    assert (row.user_id, row.user_name) == (user_id, "Ann")


def test_what_is_left_to_promise_is_taken_apart(house: HouseUnderTest) -> None:
    site = a_history(house)
    reservation_id = promised(site, "TEA", 4, doc_id=12)
    allocated(site, reservation_id, "A-02", "TEA", 3)
    with house.read() as session:
        whole = explain_availability(session, warehouse_id=site.id, sku_id=site.skus["TEA"])
        part = explain_balance(session, site.balance_id("A-02", "TEA"))
    assert (whole.figure.sellable, whole.figure.reserved, whole.figure.atp) == (8, 4, 4)
    assert [(each.doc_id, each.open_qty, each.allocated_qty) for each in whole.promises] == [(12, 4, 3)]
    assert [(row.location_code, row.on_hand) for row in whole.balances] == [("A-01", 5), ("A-02", 3)]
    assert [(each.reservation_id, each.allocated_qty) for each in part.promises] == [(reservation_id, 3)]
    with house.read() as session, pytest.raises(NotFound, match="balance_not_found"):
        explain_balance(session, 999_999)
    with house.read() as session, pytest.raises(NotFound, match="sku_not_in_stock"):
        explain_availability(session, warehouse_id=site.id, sku_id=site.skus["CUP"])


def test_stock_as_of_a_past_instant(house: HouseUnderTest) -> None:
    site = a_history(house)

    def then(minutes: int) -> dict[str, int]:
        with house.read() as session:
            rows = stock_as_of(session, warehouse_id=site.id, at=MORNING + timedelta(minutes=minutes)).rows
        return {row.balance.location_code: row.on_hand_then for row in rows}

    assert then(-1) == {}
    assert then(30) == {"A-01": 10}
    assert then(90) == {"A-01": 7, "A-02": 3}
    assert then(121) == {"A-01": 5, "A-02": 3}
    later = house.clock.now() + timedelta(days=1)
    with house.read() as session, pytest.raises(Unprocessable, match="instant_in_future"):
        stock_as_of(session, warehouse_id=site.id, at=later, now=house.clock.now())


def test_a_scan_made_off_line_counts_from_when_it_was_made_if_one_asks_so(house: HouseUnderTest) -> None:
    site = a_site(house)
    move = Move(site.skus["TEA"], 1, site["SUPPLIER"], site["A-01"], Reason.RECEIPT)
    site.post(move, by=house.actor_as(event_at=MORNING - timedelta(hours=2)))
    an_hour_ago = MORNING - timedelta(hours=1)
    with house.read() as session:
        assert stock_as_of(session, warehouse_id=site.id, at=an_hour_ago).rows == []
        assert len(stock_as_of(session, warehouse_id=site.id, at=an_hour_ago, by_event=True).rows) == 1


def test_the_chain_is_built_after_commit_and_goes_on_where_it_ended(house: HouseUnderTest) -> None:
    site = a_history(house)
    assert house.run(seal_ledger, SealLedger, limit=2).lines == 2
    assert house.run(seal_ledger, SealLedger).last_seq == 3
    assert house.run(seal_ledger, SealLedger).lines == 0
    report = site.verify()
    assert (report.sound, report.moves, report.sealed, report.unsealed, report.proved_seq) == (
        True,
        3,
        3,
        0,
        3,
    )


@pytest.mark.parametrize(
    ("damage", "checks"),
    [
        (update(StockMove).where(StockMove.reason == "SHIP").values(note="never mind"), {"chain_unbroken"}),
        (
            update(StockMove).where(StockMove.reason == "SHIP").values(qty=1),
            {"chain_unbroken", "balance_is_fold"},
        ),
        (
            update(Balance).where(Balance.on_hand == 5).values(on_hand=6),
            {"balance_is_fold", "sellable_is_fold"},
        ),
        (update(Availability).values(sellable=99), {"sellable_is_fold"}),
        (update(Availability).values(reserved=1), {"promised_is_reservations"}),
        (update(Reservation).values(qty=9), {"promised_is_reservations"}),
        (update(Balance).where(Balance.on_hand == 3).values(reserved=0), {"reserved_is_open_allocations"}),
    ],
)
def test_whoever_changes_a_figure_behind_the_ledgers_back_is_found_out(
    house: HouseUnderTest, damage: object, checks: set[str]
) -> None:
    site = a_history(house)
    allocated(site, promised(site, "TEA", 4), "A-02", "TEA", 3)
    house.run(seal_ledger, SealLedger)
    assert site.verify().sound
    with house.write() as session:
        session.execute(damage)
    report = site.verify()
    assert not report.sound
    assert {fault.check for fault in report.faults} == checks


def test_a_line_that_vanished_breaks_the_chain(house: HouseUnderTest) -> None:
    site = a_history(house)
    house.run(seal_ledger, SealLedger)
    with house.write() as session:
        session.execute(text("DELETE FROM stock_seal WHERE seq = 2"))
    assert "chain_unbroken" in {fault.check for fault in site.verify().faults}


def test_the_verdict_is_kept_for_the_light_and_told_when_it_changes(house: HouseUnderTest) -> None:
    site = a_history(house)
    house.run(seal_ledger, SealLedger)
    with house.read() as session:
        assert truth(session).sound is None
    house.run(record_truth, RecordTruth, report=site.verify())
    house.run(record_truth, RecordTruth, report=site.verify())
    with house.read() as session:
        assert (truth(session).sound, truth(session).moves, truth(session).proved_seq) == (True, 3, 3)
    assert [told["body"]["sound"] for told in house.events("stock.truth_checked")] == [True]
    with house.write() as session:
        session.execute(update(Availability).values(sellable=99))
    with house.read() as session:
        report = verify(session, whole_chain=False)
    house.run(record_truth, RecordTruth, report=report)
    with house.read() as session:
        said = truth(session)
    assert (said.sound, said.faults[0]["check"]) == (False, "sellable_is_fold")
    assert [told["body"]["sound"] for told in house.events("stock.truth_checked")] == [True, False]
