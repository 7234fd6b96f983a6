"""What of a GS1 code could be read; the vectors are shared with the handheld."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.master.catalog.rules.gs1 import bracketed, digital_link, element_string, read_gs1

ROOT = Path(__file__).resolve().parents[3]
SHARED = [ROOT / "tests/contract/gs1-vectors.json", ROOT / "pwa/src/rules/gs1-vectors.json"]
VECTORS = [vector for path in SHARED if path.exists() for vector in json.loads(path.read_text("utf-8"))]
GTIN = "6901234567892"


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_shared_vector(vector: dict[str, Any]):
    data = read_gs1(vector["input"])
    expected = vector["expect"]
    if expected is None:
        assert data is None or not data.found
        return
    assert data is not None
    read = {
        "gtin": data.gtin or data.content_gtin,
        "lot": data.lot,
        "expiry_on": data.expiry_on.isoformat() if data.expiry_on else None,
        "serial": data.serial,
        "qty": data.qty,
        "sscc": data.sscc,
        "unknown_ais": list(data.unknown_ais),
    }
    for name, value in expected.items():
        if name == "gtin" and value is not None:
            assert read["gtin"] is not None
            assert read["gtin"].zfill(14) == value.zfill(14)
        elif name in read:
            assert read[name] == value, name


def test_an_unknown_ai_is_named_and_the_rest_is_read():
    data = read_gs1(f"]C1010{GTIN}88XYZ\x1d17271231\x1d10LOT-7")
    assert data is not None
    assert data.gtin == GTIN
    assert data.unknown_ais == ("88",)
    assert (data.lot, data.expiry_on) == ("LOT-7", date(2027, 12, 31))


def test_an_unknown_ai_of_predefined_length_needs_no_separator():
    data = read_gs1(f"]d2010{GTIN}1412345610LOT-7")
    assert data is not None
    assert data.unknown_ais == ("14",)
    assert data.lot == "LOT-7"


def test_a_date_that_does_not_exist_loses_only_itself():
    data = read_gs1(f"]d2010{GTIN}17270231\x1d10LOT-7")
    assert data is not None
    assert data.expiry_on is None
    assert data.wrong_ais == ("17",)
    assert (data.gtin, data.lot) == (GTIN, "LOT-7")


def test_a_month_that_does_not_exist_loses_only_itself():
    data = read_gs1(f"]d2010{GTIN}1727139910LOT-7")
    assert data is not None
    assert (data.wrong_ais, data.lot) == (("17",), "LOT-7")


def test_a_wrong_check_digit_is_no_gtin():
    data = read_gs1("]C10106901234567893\x1d10LOT-7")
    assert data is not None
    assert data.gtin is None
    assert (data.wrong_ais, data.lot) == (("01",), "LOT-7")


def test_a_lot_that_is_too_long_is_not_cut_into_other_parts():
    data = read_gs1(f"]C1010{GTIN}10" + "A" * 20 + "21SER\x1d17271231")
    assert data is not None
    assert (data.lot, data.serial) == (None, None)
    assert data.wrong_ais == ("10",)
    assert data.expiry_on == date(2027, 12, 31)


def test_day_zero_is_the_last_of_the_month():
    data = read_gs1(f"(01)0{GTIN}(17)280200")
    assert data is not None
    assert data.expiry_on == date(2028, 2, 29)


def test_best_before_counts_where_no_expiry_is_given():
    data = read_gs1(f"(01)0{GTIN}(15)271231(11)260101")
    assert data is not None
    assert (data.expiry_on, data.mfg_on) == (date(2027, 12, 31), date(2026, 1, 1))


@pytest.mark.parametrize("separator", ["\x1d", "\u241d", "<GS>", "{GS}", "|", "~", "^]", "\\x1d", "^"])
def test_readers_send_the_separator_in_many_ways(separator: str):
    data = read_gs1(f"010{GTIN}10LOT-7{separator}21S1")
    assert data is not None
    assert (data.lot, data.serial) == ("LOT-7", "S1")


@pytest.mark.parametrize("prefix", ["]C1", "]d2", "]Q3", "]e0", "]J1", "", "\x1d"])
def test_prefixes_of_readers_are_understood(prefix: str):
    data = read_gs1(f"{prefix}010{GTIN}17271231")
    assert data is not None
    assert data.gtin == GTIN


@pytest.mark.parametrize(
    "text",
    ["6901234567892", "SKU-1", "0112345", "10ABC", "01069012345678931", "", "]E06901234567892", "(9)x"],
)
def test_what_does_not_claim_to_be_gs1_is_left_alone(text: str):
    assert read_gs1(text) is None


def test_a_sscc_with_contents():
    data = read_gs1(f"00106141412345678908020{GTIN}3724\x1d10LOT-7")
    assert data is not None
    assert (data.sscc, data.content_gtin, data.qty, data.lot) == ("106141412345678908", GTIN, 24, "LOT-7")


def test_brackets_with_an_unknown_ai_and_blanks():
    data = read_gs1(f"(01) 0{GTIN} (88) what (10) LOT-7")
    assert data is not None
    assert (data.gtin, data.lot, data.unknown_ais) == (GTIN, "LOT-7", ("88",))


def test_a_digital_link_in_any_domain_with_lot_serial_and_expiry():
    data = read_gs1(f"https://shop.example.com/goods/01/{GTIN}/10/A%2FB/21/S1?17=271231&utm_source=x&88=y")
    assert data is not None
    assert (data.gtin, data.lot, data.serial) == (GTIN, "A/B", "S1")
    assert data.expiry_on == date(2027, 12, 31)
    assert data.unknown_ais == ("88",)


def test_a_digital_link_with_names_instead_of_numbers():
    data = read_gs1(f"http://example.com/gtin/{GTIN}/lot/L7?exp=271231")
    assert data is not None
    assert (data.gtin, data.lot, data.expiry_on) == (GTIN, "L7", date(2027, 12, 31))


@pytest.mark.parametrize(
    "uri", ["https://example.com/", "https://example.com/01", "http://[bad", "https://x/99/1"]
)
def test_an_address_without_goods_says_nothing(uri: str):
    data = read_gs1(uri)
    assert data is not None
    assert not data.found


def test_the_three_written_forms():
    elements = [("01", f"0{GTIN}"), ("10", "A/1"), ("17", "271231"), ("21", "S&1")]
    assert bracketed(elements) == f"(01)0{GTIN}(10)A/1(17)271231(21)S&1"
    assert element_string(elements) == f"010{GTIN}10A/1\x1d1727123121S&1"
    assert digital_link(elements) == f"https://id.gs1.org/01/0{GTIN}/10/A%2F1/21/S%261?17=271231"
