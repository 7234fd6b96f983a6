"""Codes in one canonical form."""

import pytest

from backend.core.errors import Refusal
from backend.master.catalog.rules.barcodes import (
    canonical_barcode,
    gs1_check_digit,
    isbn10,
    isbn10_check_digit,
    isbn13,
    looks_misread,
    scan_keys,
    upc_e_as_upc_a,
)


@pytest.mark.parametrize(
    ("text", "code", "kind"),
    [
        ("6901234567892", "6901234567892", "gtin"),
        ("96385074", "0000096385074", "gtin"),
        ("036000291452", "0036000291452", "gtin"),
        ("0036000291452", "0036000291452", "gtin"),
        ("00036000291452", "0036000291452", "gtin"),
        ("16901234567899", "16901234567899", "gtin"),
        ("04252614", "0042100005264", "gtin"),
        ("978-7-111-12806-9", "9787111128069", "isbn"),
        ("0-306-40615-2", "9780306406157", "isbn"),
        ("080442957x", "9780804429573", "isbn"),
        ("a-100", "A-100", "own"),
        ("ＡＢＣ１２３", "ABC123", "own"),
        ("123456", "123456", "own"),
        ("1234567890", "1234567890", "own"),
    ],
)
def test_every_form_of_a_code_is_kept_once(text: str, code: str, kind: str):
    found = canonical_barcode(text)
    assert (found.code, found.kind) == (code, kind)


@pytest.mark.parametrize(
    ("text", "kind", "refused"),
    [
        ("", None, "barcode_empty"),
        ("   ", None, "barcode_empty"),
        ("x" * 121, None, "barcode_too_long"),
        ("6901234567893", None, "barcode_check_digit"),
        ("9787111128068", None, "barcode_check_digit"),
        ("0306406153", "isbn", "barcode_check_digit"),
        ("12345", "isbn", "barcode_malformed"),
        ("12345", "gtin", "barcode_malformed"),
        ("ABC", "gtin", "barcode_malformed"),
    ],
)
def test_a_code_that_cannot_be_right_is_refused(text: str, kind: str | None, refused: str):
    with pytest.raises(Refusal) as no:
        canonical_barcode(text, kind)
    assert no.value.code == refused


def test_the_refusal_of_a_check_digit_names_the_right_one():
    with pytest.raises(Refusal) as no:
        canonical_barcode("6901234567893")
    assert no.value.facts == {"code": "6901234567893", "expected": "2"}


def test_digits_that_are_our_own_need_no_check_digit():
    assert canonical_barcode("6901234567893", "own").code == "6901234567893"


def test_a_carton_code_keeps_its_packaging_indicator():
    found = canonical_barcode("16901234567899", "carton")
    assert (found.code, found.kind) == ("16901234567899", "carton")


def test_a_scan_is_looked_up_under_every_form_it_may_have():
    assert scan_keys("036000291452") == ("036000291452", "0036000291452")
    assert scan_keys("0-306-40615-2") == ("0-306-40615-2", "9780306406157")
    assert scan_keys("04252614")[1:] == ("0042100005264",)
    assert scan_keys("a-1") == ("A-1",)


def test_a_book_scanned_with_its_price_is_found():
    assert "9787111128069" in scan_keys("978711112806951299")


def test_a_wrong_check_digit_looks_misread_and_an_own_code_does_not():
    assert looks_misread("6901234567893")
    assert not looks_misread("6901234567892")
    assert not looks_misread("SKU-1")
    assert not looks_misread("04252614")


def test_published_check_digits():
    assert gs1_check_digit("629104150021") == 3  # GS1's own worked example
    assert isbn10_check_digit("030640615") == "2"
    assert isbn13("0306406152") == "9780306406157"
    assert isbn10("9780306406157") == "0306406152"
    assert isbn10("9791234567896") is None


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("01234505", "012000003455"),
        ("01234514", "012100003454"),
        ("01234523", "012200003453"),
        ("01234531", "012300000451"),
        ("01234543", "012340000053"),
        ("01234558", "012345000058"),
        ("123455", "012345000058"),
        ("0123455", "012345000058"),
        ("01234559", None),
        ("21234558", None),
        ("12345", None),
    ],
)
def test_upc_e_is_expanded(short: str, long: str | None):
    assert upc_e_as_upc_a(short) == long
