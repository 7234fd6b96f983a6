"""Whatever is written can be read again."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.master.catalog.rules.barcodes import (
    canonical_barcode,
    gs1_check_digit,
    has_gs1_check_digit,
    isbn10,
    isbn10_check_digit,
    isbn13,
    scan_keys,
    upc_e_as_upc_a,
)
from backend.master.catalog.rules.gs1 import bracketed, digital_link, element_string, read_gs1
from backend.master.layout.rules.places import check_code, label_text, readings

DIGITS = string.digits
SET_82 = "".join(char for char in string.printable[:94] if char not in "#$@[\\]^`{|}~")


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=length, max_size=length)


def with_check_digit(payload: str) -> str:
    return f"{payload}{gs1_check_digit(payload)}"


gtins = st.sampled_from([7, 11, 12, 13]).flatmap(digits).map(with_check_digit)
values = st.text(SET_82, min_size=1, max_size=20)
no_brackets = st.text("".join(char for char in SET_82 if char not in "()[]"), min_size=1, max_size=20)
dates = st.dates(
    min_value=__import__("datetime").date(2000, 1, 1), max_value=__import__("datetime").date(2070, 12, 31)
)


def elements(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.fixed_dictionaries(
        {"01": digits(13).map(with_check_digit)},
        optional={
            "10": texts,
            "17": dates.map(lambda day: day.strftime("%y%m%d")),
            "21": texts,
            "30": st.integers(1, 99_999_999).map(str),
            "3103": digits(6),
        },
    ).map(lambda parts: sorted(parts.items(), key=lambda part: part[0] != "01"))  # the GTIN first


@given(gtins)
def test_a_kept_gtin_is_found_by_every_way_of_writing_it(gtin: str):
    kept = canonical_barcode(gtin, "gtin").code
    for zeros in ("", "0", "00"):
        written = zeros + gtin
        if len(written) in (8, 12, 13, 14):
            assert kept in scan_keys(written)
    assert canonical_barcode(kept).code == kept


@given(digits(9))
def test_isbn_10_and_13_are_the_same_book(payload: str):
    ten = payload + isbn10_check_digit(payload)
    thirteen = isbn13(ten)
    assert isbn10(thirteen) == ten
    assert has_gs1_check_digit(thirteen)
    hyphened = f"{ten[0]}-{ten[1:4]}-{ten[4:9]}-{ten[9]}".lower()
    assert canonical_barcode(hyphened, "isbn").code == canonical_barcode(thirteen).code == thirteen
    assert thirteen in scan_keys(ten)


@given(st.sampled_from("01"), digits(6))
def test_upc_e_and_its_upc_a_are_kept_as_one(system: str, six: str):
    long = upc_e_as_upc_a(system + six)
    assert long is not None
    assert has_gs1_check_digit(long)
    assert upc_e_as_upc_a(system + six + long[-1]) == long
    assert canonical_barcode(long).code in scan_keys(system + six + long[-1])


@given(digits(12), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(payload: str, at: int, by: int):
    right = with_check_digit(payload)
    wrong = right[:at] + str((int(right[at]) + by) % 10) + right[at + 1 :]
    assert not has_gs1_check_digit(wrong)


@given(elements(values), st.sampled_from(["]C1", "]d2", "]Q3", ""]))
def test_element_strings_are_read_as_they_were_written(parts: list[tuple[str, str]], prefix: str):
    data = read_gs1(prefix + element_string(parts))
    assert data is not None
    assert list(data.elements) == parts
    assert data.unknown_ais == data.wrong_ais == ()


@given(elements(no_brackets))
def test_the_bracketed_form_is_read_as_it_was_written(parts: list[tuple[str, str]]):
    data = read_gs1(bracketed(parts))
    assert data is not None
    assert list(data.elements) == parts


@given(elements(values))
def test_digital_links_are_read_as_they_were_written(parts: list[tuple[str, str]]):
    data = read_gs1(digital_link(parts))
    assert data is not None
    assert sorted(data.elements) == sorted(parts)


@given(elements(values), st.text(string.ascii_letters, min_size=1, max_size=10), st.integers(0, 5))
def test_an_unknown_part_anywhere_loses_nothing_else(parts: list[tuple[str, str]], noise: str, at: int):
    place = min(at, len(parts))
    mixed = [*parts[:place], ("88", noise), *parts[place:]]
    data = read_gs1("]C1" + element_string(mixed))
    assert data is not None
    assert list(data.elements) == parts
    assert data.unknown_ais == ("88",)


@given(st.text(max_size=60))
@settings(max_examples=300)
def test_no_text_at_all_breaks_the_reader(text: str):
    read_gs1(text)
    read_gs1("]C1" + text)
    read_gs1("https://x/01/" + text)
    read_gs1("(01)" + text)
    scan_keys(text)
    readings(text)


codes = st.from_regex(r"[A-Z0-9]{1,4}(-[A-Z0-9]{1,4}){0,3}", fullmatch=True)


@given(codes)
def test_a_location_label_is_read_as_it_was_printed(code: str):
    label = label_text(code, check_code(code))
    assert (code, check_code(code)) in readings(label)
    assert (code, check_code(code)) in readings(label.lower())
    assert (code, check_code(code)) in readings(f"{code}.{check_code(code)}")


@given(codes, st.integers(1, 12))
def test_a_label_that_lost_its_end_never_fits(code: str, lost: int):
    label = label_text(code, check_code(code))
    cut = label[:-lost]
    for reading, check in readings(cut):
        if check is None:
            assert "." in reading or len(reading) <= 2  # no bare code is left of it
        else:
            assert check_code(reading) != check or _collides(reading, code)


def _collides(reading: str, code: str) -> bool:
    """Two codes of the same check: one in 1021, and never those that differ by one character."""
    return reading != code and abs(len(reading) - len(code)) > 1


@given(codes, st.integers(0, 20), st.sampled_from(string.ascii_uppercase + DIGITS))
def test_one_wrong_character_always_changes_the_check(code: str, at: int, char: str):
    place = at % len(code)
    other = code[:place] + char + code[place + 1 :]
    assert (check_code(other) == check_code(code)) == (other == code)
