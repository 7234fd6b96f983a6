"""What a person does to stock directly."""

from datetime import date

import pytest
from sqlalchemy import select

from backend.core.errors import Forbidden, NotFound, Refusal
from backend.stock.models import HandlingUnit, Lot, StockMove
from backend.stock.use_cases import (
    AdjustStock,
    ChangeQuality,
    CorrectMove,
    MoveHandlingUnit,
    MoveStock,
    NestHandlingUnit,
    ReceivedLine,
    ReceiveStock,
    adjust_stock,
    change_quality,
    correct_move,
    ensure_handling_unit,
    move_handling_unit,
    move_stock,
    nest_handling_unit,
    receive_stock,
)
from tests.build.stock import Site, a_site, a_sku
from tests.conftest import HouseUnderTest
from tests.use_cases.stock.test_promises import allocated, promised


def test_a_receipt_opens_lots_and_units_and_puts_goods_in_staging(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        site.skus["MILK"] = a_sku(session, "MILK", lot_policy="lot_expiry")
    lines = (
        ReceivedLine(site.skus["MILK"], 12, lot_code="L1", expiry_on=date(2027, 1, 1), lpn="CTN-1"),
        ReceivedLine(site.skus["TEA"], 5, to_location_id=site["A-01"]),
    )
    posted = house.run(receive_stock, ReceiveStock, warehouse_id=site.id, lines=lines)
    assert len(posted.move_ids) == 2
    (milk,) = site.balances("STAGING", "MILK")
    with house.read() as session:
        assert session.get_one(Lot, milk.lot_id).expiry_on == date(2027, 1, 1)
        assert session.get_one(HandlingUnit, milk.hu_id).lpn == "CTN-1"
    assert site.on_hand("A-01", "TEA") == 5
    assert site.verify().sound


def test_a_lot_with_other_dates_is_refused(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        site.skus["MILK"] = a_sku(session, "MILK", lot_policy="lot_expiry")
    first = ReceivedLine(site.skus["MILK"], 1, lot_code="L1", expiry_on=date(2027, 1, 1))
    other = ReceivedLine(site.skus["MILK"], 1, lot_code="L1", expiry_on=date(2027, 2, 1))
    house.run(receive_stock, ReceiveStock, warehouse_id=site.id, lines=(first,))
    with pytest.raises(Refusal, match="lot_dates_differ"):
        house.run(receive_stock, ReceiveStock, warehouse_id=site.id, lines=(other,))


def test_pieces_with_serials_are_received_one_by_one(house: HouseUnderTest) -> None:
    site = a_site(house)
    with house.write() as session:
        site.skus["PHONE"] = a_sku(session, "PHONE", serial_policy="strong")
    line = ReceivedLine(site.skus["PHONE"], 2, serials=("S1", "S2"))
    assert len(house.run(receive_stock, ReceiveStock, warehouse_id=site.id, lines=(line,)).move_ids) == 2
    wrong = ReceivedLine(site.skus["PHONE"], 3, serials=("S3", "S4"))
    with pytest.raises(Refusal, match="serials_do_not_match_qty"):
        house.run(receive_stock, ReceiveStock, warehouse_id=site.id, lines=(wrong,))


def test_goods_are_carried_to_real_places_only(house: HouseUnderTest) -> None:
    site, other = a_site(house), a_site(house, code="W2")
    site.put("TEA", 5, "A-01")
    fields = {"balance_id": site.balance_id("A-01", "TEA"), "qty": 2}
    house.run(move_stock, MoveStock, to_location_id=site["A-02"], **fields)
    assert (site.on_hand("A-01", "TEA"), site.on_hand("A-02", "TEA")) == (3, 2)
    with pytest.raises(Refusal, match="location_not_for_hands"):
        house.run(move_stock, MoveStock, to_location_id=site["CUSTOMER"], **fields)
    with pytest.raises(NotFound, match="location_not_found"):
        house.run(move_stock, MoveStock, to_location_id=other["A-02"], **fields)
    with pytest.raises(NotFound, match="balance_not_found"):
        house.run(move_stock, MoveStock, to_location_id=site["A-02"], balance_id=999_999, qty=1)
    by = house.actor_as(warehouses=frozenset({other.id}))
    with pytest.raises(Forbidden, match="outside_scope"):
        house.run(move_stock, MoveStock, to_location_id=site["A-02"], by=by, **fields)


def adjust(site: Site, delta: int, note: str = "counted") -> object:
    return site.house.run(
        adjust_stock,
        AdjustStock,
        location_id=site["A-01"],
        sku_id=site.skus["TEA"],
        qty_delta=delta,
        note=note,
    )


def test_an_adjustment_needs_an_amount_and_a_reason(house: HouseUnderTest) -> None:
    site = a_site(house)
    adjust(site, 4)
    adjust(site, -1)
    assert site.on_hand("A-01", "TEA") == 3
    with pytest.raises(Refusal, match="adjustment_is_nothing"):
        adjust(site, 0)
    with pytest.raises(Refusal, match="reason_needed"):
        adjust(site, 1, " ")
    with pytest.raises(Refusal, match="not_enough_stock"):
        adjust(site, -4)
    assert site.verify().sound


def test_goods_that_turn_out_defective_cannot_be_sold_any_more(house: HouseUnderTest) -> None:
    site = a_site(house)
    site.put("TEA", 5, "A-01")
    promised(site, "TEA", 5)
    balance_id = site.balance_id("A-01", "TEA")
    posted = house.run(change_quality, ChangeQuality, balance_id=balance_id, qty=2, note="wet")
    assert [each.qty for each in posted.bumped] == [2]
    assert site.figures("TEA") == (3, 3)
    assert sorted((row.quality, row.on_hand) for row in site.balances("A-01", "TEA")) == [
        ("defective", 2),
        ("good", 3),
    ]
    (bad,) = [row.id for row in site.balances("A-01", "TEA") if row.quality == "defective"]
    house.run(change_quality, ChangeQuality, balance_id=bad, qty=2, note="dried")
    assert site.figures("TEA") == (5, 3)
    assert site.verify().sound


def test_a_mistake_is_put_right_by_a_counter_entry_once(house: HouseUnderTest) -> None:
    site = a_site(house)
    (line_id,) = site.put("TEA", 50, "A-01")
    house.run(correct_move, CorrectMove, move_id=line_id, note="was 5")
    assert site.on_hand("A-01", "TEA") == 0
    with house.read() as session:
        counter = session.scalars(select(StockMove).where(StockMove.corrects_id == line_id)).one()
    assert (counter.from_location_id, counter.to_location_id, counter.note) == (
        site["A-01"],
        site["SUPPLIER"],
        "was 5",
    )
    with pytest.raises(Refusal, match="move_corrected_already"):
        house.run(correct_move, CorrectMove, move_id=line_id, note="again")
    with pytest.raises(NotFound, match="move_not_found"):
        house.run(correct_move, CorrectMove, move_id=999_999, note="what")
    assert site.verify().sound


def test_a_pick_is_undone_in_its_task_not_here(house: HouseUnderTest) -> None:
    from backend.stock.rules import Move, Reason

    site = a_site(house)
    site.put("TEA", 5, "A-01")
    allocation_id = allocated(site, promised(site, "TEA", 1), "A-01", "TEA", 1)
    (line_id,) = site.post(
        Move(site.skus["TEA"], 1, site["A-01"], site["PICKED"], Reason.PICK, allocation_id=allocation_id)
    )
    with pytest.raises(Refusal, match="move_belongs_to_a_pick"):
        house.run(correct_move, CorrectMove, move_id=line_id, note="no")


def a_unit(site: Site, lpn: str, kind: str = "carton", place: str = "STAGING") -> int:
    with site.house.write() as session:
        return ensure_handling_unit(
            session, lpn, kind=kind, warehouse_id=site.id, now=site.house.clock.now(), location_id=site[place]
        )


def test_a_pallet_travels_with_the_cartons_on_it(house: HouseUnderTest) -> None:
    site = a_site(house)
    a_unit(site, "PLT-1", "pallet")
    carton = a_unit(site, "CTN-1")
    site.put("TEA", 5, "STAGING", to_hu_id=carton)
    house.run(nest_handling_unit, NestHandlingUnit, lpn="CTN-1", parent_lpn="PLT-1")
    place = house.run(move_handling_unit, MoveHandlingUnit, lpn="PLT-1", to_location_id=site["R-01"])
    assert place.location_id == site["R-01"]
    (row,) = [row for row in site.balances("R-01", "TEA") if row.on_hand]
    assert (row.hu_id, row.on_hand, site.on_hand("STAGING", "TEA")) == (carton, 5, 0)
    with house.read() as session:
        assert session.get_one(HandlingUnit, carton).location_id == site["R-01"]
    assert site.verify().sound


def test_units_nest_only_where_they_stand_together_and_never_in_themselves(house: HouseUnderTest) -> None:
    site = a_site(house)
    a_unit(site, "PLT-1", "pallet")
    a_unit(site, "CTN-1")
    a_unit(site, "CTN-2", place="A-01")
    house.run(nest_handling_unit, NestHandlingUnit, lpn="CTN-1", parent_lpn="PLT-1")
    with pytest.raises(Refusal, match="handling_unit_in_itself"):
        house.run(nest_handling_unit, NestHandlingUnit, lpn="PLT-1", parent_lpn="CTN-1")
    with pytest.raises(Refusal, match="handling_unit_not_at_place"):
        house.run(nest_handling_unit, NestHandlingUnit, lpn="CTN-2", parent_lpn="PLT-1")
    with pytest.raises(NotFound, match="handling_unit_not_found"):
        house.run(nest_handling_unit, NestHandlingUnit, lpn="CTN-9", parent_lpn=None)
    with pytest.raises(Refusal, match="handling_unit_is_other_kind"):
        a_unit(site, "CTN-1", "tote")
    other = a_site(house, code="W2")
    with pytest.raises(Refusal, match="handling_unit_elsewhere"):
        a_unit(other, "CTN-1")
