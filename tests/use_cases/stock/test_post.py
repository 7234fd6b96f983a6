"""The ledger's only writer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from backend.core.errors import NotFound, Refusal
from backend.stock.models import StockMove
from backend.stock.rules import Move, Reason
from tests.build.stock import a_site, a_sku
from tests.conftest import MORNING, HouseUnderTest


def test_goods_received_lie_where_they_were_put_and_can_be_promised(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 10, "A-01")
    assert site.on_hand("A-01", "TEA") == 10
    assert site.figures("TEA") == (10, 0)
    assert site.verify().sound


def test_a_line_says_who_did_it_on_which_device_when_and_why(house: HouseUnderTest) -> None:
    site = a_site(house)
    then = MORNING - timedelta(minutes=7)
    by = house.actor_as(event_at=then)
    move = Move(
        site.skus["TEA"],
        2,
        site["SUPPLIER"],
        site["A-01"],
        Reason.RECEIPT,
        doc_kind="receipt",
        doc_id=5,
        note="hello",
    )
    (line_id,) = site.post(move, by=by)
    with house.read() as session:
        line = session.get_one(StockMove, line_id)
    assert (line.command_id, line.event_at, line.recorded_at) == (by.command_id, then, MORNING)
    assert (line.reason, line.doc_kind, line.doc_id, line.note) == ("RECEIPT", "receipt", 5, "hello")


def test_more_than_lies_there_is_refused_and_nothing_moves(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    with pytest.raises(Refusal) as no:
        site.post(Move(site.skus["TEA"], 4, site["A-01"], site["A-02"], Reason.TRANSFER))
    assert no.value.code == "not_enough_stock"
    assert (no.value.facts["wanted"], no.value.facts["free"]) == (4, 3)
    assert site.on_hand("A-01", "TEA") == 3
    assert site.verify().sound


def test_promised_goods_cannot_leave_sellable_stock_by_a_plain_move(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 3, "A-01")
    reserve_some(site, "TEA", 2)
    with pytest.raises(Refusal) as no:
        site.post(Move(site.skus["TEA"], 2, site["A-01"], site["SHORTAGE"], Reason.TRANSFER))
    assert no.value.code == "goods_are_promised"
    assert no.value.facts["free"] == 1
    assert site.on_hand("A-01", "TEA") == 3


def reserve_some(site, sku: str, qty: int, doc_id: int = 1) -> int:
    from backend.core.execute import Command
    from backend.stock.use_cases import ReserveRequest, reserve

    def do(session, command, *, now):
        (got,) = reserve(
            session,
            [ReserveRequest(site.skus[sku], qty, "test", doc_id)],
            warehouse_id=site.id,
            by=command.by,
            now=now,
        )
        return got

    return site.house.run(do, Command).reservation_id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"qty": 0}, "quantity_not_positive"),
        ({"sku_id": 999_999}, "sku_not_found"),
        ({"to_location_id": 999_999}, "location_not_found"),
        ({"lot_id": 1}, "lot_not_kept"),
        ({"serial": "S1", "qty": 2}, "serial_is_one_piece"),
    ],
)
def test_a_line_no_warehouse_can_mean_is_refused(house: HouseUnderTest, change: dict, code: str) -> None:
    site = a_site(house)
    parts = {
        "sku_id": site.skus["TEA"],
        "qty": 1,
        "from_location_id": site["SUPPLIER"],
        "to_location_id": site["A-01"],
        "reason": Reason.RECEIPT,
    } | change
    with pytest.raises(Refusal) as no:
        site.post(Move(**parts))
    assert no.value.code == code


def test_a_move_to_where_the_goods_are_is_refused(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 1, "A-01")
    with pytest.raises(Refusal, match="move_goes_nowhere"):
        site.post(Move(site.skus["TEA"], 1, site["A-01"], site["A-01"], Reason.TRANSFER))


def test_goods_do_not_jump_between_warehouses(house: HouseUnderTest) -> None:
    site, other = a_site(house), a_site(house, code="W2")
    site.put("TEA", 1, "A-01")
    with pytest.raises(Refusal, match="locations_in_two_warehouses"):
        site.post(Move(site.skus["TEA"], 1, site["A-01"], other["A-01"], Reason.TRANSFER))


def test_goods_kept_by_lot_need_a_lot(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        site.skus["MILK"] = a_sku(session, "MILK", lot_policy="lot_expiry")
    with pytest.raises(Refusal, match="lot_needed"):
        site.put("MILK", 1, "A-01")


def test_a_strong_serial_is_at_one_place_only(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        site.skus["PHONE"] = a_sku(session, "PHONE", serial_policy="strong")
    with pytest.raises(Refusal, match="serial_needed"):
        site.put("PHONE", 1, "A-01")
    site.put("PHONE", 1, "A-01", serial="S1")
    site.put("PHONE", 1, "A-02", serial="S2")
    with pytest.raises(Refusal, match="serial_already_here"):
        site.put("PHONE", 1, "A-02", serial="S1")
    with pytest.raises(Refusal, match="serial_not_here"):
        site.post(Move(site.skus["PHONE"], 1, site["A-02"], site["A-03"], Reason.TRANSFER, serial="S1"))
    site.post(Move(site.skus["PHONE"], 1, site["A-01"], site["CUSTOMER"], Reason.SHIP, serial="S1"))
    site.put("PHONE", 1, "A-04", serial="S1")  # it comes back as a return
    assert site.verify().sound


def test_moves_of_one_command_are_netted_so_goods_may_pass_through(house: HouseUnderTest) -> None:
    site = a_site(house)
    tea = site.skus["TEA"]
    site.post(
        Move(tea, 5, site["A-01"], site["A-02"], Reason.TRANSFER),
        Move(tea, 5, site["SUPPLIER"], site["A-01"], Reason.RECEIPT),
    )
    assert (site.on_hand("A-01", "TEA"), site.on_hand("A-02", "TEA")) == (0, 5)
    assert site.verify().sound


def test_one_small_fact_is_told_per_command(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.post(
        Move(site.skus["TEA"], 5, site["SUPPLIER"], site["A-01"], Reason.RECEIPT),
        Move(site.skus["CUP"], 7, site["SUPPLIER"], site["A-02"], Reason.RECEIPT),
    )
    (moved,) = house.events("stock.moved")
    assert moved["channel"] == f"warehouse:{site.id}"
    assert (moved["body"]["lines"], moved["body"]["units"], moved["body"]["reasons"]) == (2, 12, ["RECEIPT"])
    (gained,) = house.events("stock.gained")
    assert gained["body"]["sku_ids"] == sorted(site.skus.values())


def test_the_age_of_goods_travels_with_them(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    house.clock.advance(days=3)
    site.put("TEA", 5, "A-02")
    site.post(Move(site.skus["TEA"], 2, site["A-01"], site["A-03"], Reason.TRANSFER))
    assert site.balances("A-03", "TEA")[0].fifo_at == MORNING
    site.post(Move(site.skus["TEA"], 1, site["A-01"], site["A-02"], Reason.TRANSFER))
    assert site.balances("A-02", "TEA")[0].fifo_at == MORNING


def test_an_unknown_allocation_is_refused(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    with pytest.raises(NotFound, match="allocation_not_found"):
        site.post(Move(site.skus["TEA"], 1, site["A-01"], site["PICKED"], Reason.PICK, allocation_id=77))


def test_thousands_of_moves_are_one_command(house: HouseUnderTest) -> None:
    site = a_site(house, bins=60)
    moves = [
        Move(
            site.skus["TEA" if n % 2 else "CUP"],
            1 + n % 3,
            site["SUPPLIER"],
            site[f"A-{1 + n % 60:02}"],
            Reason.RECEIPT,
        )
        for n in range(3000)
    ]
    ids = site.post(*moves)
    assert len(set(ids)) == 3000
    with house.read() as session:
        assert list(session.scalars(select(StockMove.qty).order_by(StockMove.id))) == [
            move.qty for move in moves
        ]
    assert site.verify().sound
