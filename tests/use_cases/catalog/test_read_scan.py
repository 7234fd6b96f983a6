"""What a scanned text means."""

from datetime import date
from typing import Any

from sqlalchemy import event

from backend.master.catalog.queries import Scan, read_scan, sku_cards, sku_ids_by_code
from backend.master.catalog.use_cases import UpdateSku, update_sku
from tests.build.catalog import a_sku

EAN = "6901234567892"


def scan(house: Any, text: str) -> Scan:
    with house.read() as session:
        return read_scan(session, text)


def test_an_ean_finds_its_sku(house):
    sku_id = a_sku(house, "TEA", barcodes=(EAN,))
    found = scan(house, EAN)
    assert found.kind == "sku"
    assert [(each.sku_id, each.code, each.qty) for each in found.candidates] == [(sku_id, "TEA", 1)]


def test_our_own_code_can_be_scanned_in_any_case(house):
    a_sku(house, "Tea-1")
    assert scan(house, "tea-1").candidates[0].code == "TEA-1"


def test_every_way_of_writing_a_book_finds_it(house):
    a_sku(house, "BOOK", barcodes=("0-306-40615-2",))
    for text in (
        "0306406152",
        "9780306406157",
        "978-0-306-40615-7",
        "]E09780306406157",
        "978030640615751999",
    ):
        assert scan(house, text).kind == "sku", text


def test_a_carton_stands_for_its_pieces(house):
    a_sku(house, "TEA", barcodes=(EAN, ("16901234567899", 12)))
    assert scan(house, "16901234567899").candidates[0].qty == 12
    assert scan(house, "011690123456789910L1").candidates[0].qty == 12


def test_a_barcode_of_several_skus_is_answered_with_a_choice(house):
    a_sku(house, "TEA-OLD", barcodes=(EAN,))
    a_sku(house, "TEA-NEW", barcodes=(EAN,))
    assert [each.code for each in scan(house, EAN).candidates] == ["TEA-NEW", "TEA-OLD"]


def test_a_sku_that_is_no_longer_kept_is_no_choice(house):
    a_sku(house, "TEA-OLD", barcodes=(EAN,))
    gone = a_sku(house, "TEA-NEW", barcodes=(EAN,))
    house.run(update_sku, UpdateSku, sku_id=gone, active=False)
    assert [each.code for each in scan(house, EAN).candidates] == ["TEA-OLD"]


def test_gs1_tells_lot_expiry_and_serial_even_with_an_unknown_part(house):
    a_sku(house, "TEA", barcodes=(EAN,))
    found = scan(house, f"]d2010{EAN}88X\x1d1727123110LOT-7\x1d21S1")
    assert found.kind == "sku"
    assert (found.lot, found.expiry_on, found.serial) == ("LOT-7", date(2027, 12, 31), "S1")
    assert found.unknown_ais == ("88",)


def test_an_unknown_sscc_is_a_handling_unit(house):
    found = scan(house, "00106141412345678908")
    assert (found.kind, found.sscc) == ("sscc", "106141412345678908")


def test_a_location_label_looks_like_one(house):
    assert scan(house, "7K.A-01-1").kind == "location"


def test_a_tote_looks_like_one(house):
    assert scan(house, "TOTE-0001").kind == "lpn"


def test_a_wrong_check_digit_is_a_misread(house):
    found = scan(house, "6901234567893")
    assert (found.kind, found.misread) == ("unknown", True)


def test_a_valid_but_unknown_ean_is_no_misread(house):
    found = scan(house, EAN)
    assert (found.kind, found.misread) == ("unknown", False)


def test_a_scan_is_one_query(house):
    a_sku(house, "TEA", barcodes=(EAN,))
    seen: list[str] = []

    @event.listens_for(house.db.engine, "before_cursor_execute")
    def _count(_connection, _cursor, statement, *_):
        if "SELECT" in statement:
            seen.append(statement)

    scan(house, f"]C1010{EAN}10LOT-7")
    assert len(seen) == 1


def test_cards_carry_every_barcode(house):
    sku_id = a_sku(house, "TEA", barcodes=(EAN, ("16901234567899", 12)))
    with house.read() as session:
        card = sku_cards(session, [sku_id, 999_999])[sku_id]
        assert sku_ids_by_code(session, ["tea", "nothing"]) == {"tea": sku_id}
    assert card.barcodes == (("TEA", 1), (EAN, 1), ("16901234567899", 12))
    assert card.volume_mm3 == 100 * 80 * 50
