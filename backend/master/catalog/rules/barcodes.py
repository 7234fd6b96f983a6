"""Codes in one canonical form, check digits verified.

GTIN-8, -12, -13 and -14, UPC-E and ISBN-10 all become one key: thirteen digits, or fourteen where a packaging indicator
1-9 makes it another pack. Check digits: GS1 General Specifications 7.9.1 (mod 10) and ISO 2108 annex (ISBN-10, mod 11).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from backend.core.errors import Unprocessable

LONGEST_CODE = 120
_GTIN_LENGTHS = (8, 12, 13, 14)
_ISBN_10 = re.compile(r"\d{9}[\dX]")
_ISBN_13 = re.compile(r"97[89]\d{10}")
_BOOKISH = re.compile(r"[\dXx][\dXx \-]{8,20}")


class BarcodeKind(StrEnum):
    """Where a code comes from: ours, GS1's, a book's, or one that stands for a whole carton."""

    OWN = "own"
    GTIN = "gtin"
    ISBN = "isbn"
    CARTON = "carton"


@dataclass(frozen=True, slots=True)
class CanonicalCode:
    """A code as it is stored and looked up."""

    code: str
    kind: BarcodeKind


def tidy(text: str) -> str:
    """The code as typed or scanned: full-width characters folded, control characters and outer blanks removed."""
    if text.isascii() and text.isprintable():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if char.isprintable()).strip()


def own_key(text: str) -> str:
    """The look-up form of a code of our own making; upper and lower case are the same code."""
    return tidy(text).upper()


def gs1_check_digit(payload: str) -> int:
    """Mod-10 check digit of a GTIN, GLN or SSCC without its last digit."""
    weighted = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(payload)))
    return -weighted % 10


def isbn10_check_digit(payload: str) -> str:
    """Mod-11 check character (`0`-`9` or `X`) of the nine digits of an ISBN-10."""
    weighted = sum(int(digit) * (10 - at) for at, digit in enumerate(payload))
    return "0123456789X"[-weighted % 11]


def has_gs1_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return is_digits(digits) and len(digits) > 1 and int(digits[-1]) == gs1_check_digit(digits[:-1])


def is_digits(text: str) -> bool:
    """Only ASCII digits: `str.isdigit` also accepts superscripts and Arabic-Indic digits."""
    return text.isascii() and text.isdigit()


def canonical_gtin(digits: str) -> str:
    """GTIN-8, -12, -13 or -14 as thirteen digits, or as fourteen when it names a higher packaging level."""
    padded = digits.zfill(14)
    return padded[1:] if padded[0] == "0" else padded


def gtin14(code: str) -> str:
    """The fourteen digits that element strings and labels want."""
    return code.zfill(14)


def isbn13(isbn10: str) -> str:
    """An ISBN-10 (ten characters, check character included) in its EAN form."""
    payload = "978" + isbn10[:9]
    return f"{payload}{gs1_check_digit(payload)}"


def isbn10(isbn: str) -> str | None:
    """The ten-character form of an ISBN-13, or nothing for the 979 range, which has none."""
    if not isbn.startswith("978"):
        return None
    return isbn[3:12] + isbn10_check_digit(isbn[3:12])


def upc_e_as_upc_a(digits: str) -> str | None:
    """UPC-E (6, 7 or 8 digits) expanded to the twelve digits of UPC-A; nothing where it cannot be one.

    GS1 General Specifications 5.2.2.4.2. Six digits mean number system 0; without a check digit one is computed.
    """
    if len(digits) not in (6, 7, 8) or not is_digits(digits):
        return None
    body = digits.zfill(7) if len(digits) == 6 else digits
    system, six = body[0], body[1:7]
    if system not in "01":
        return None
    match six[5]:
        case "0" | "1" | "2":
            payload = f"{system}{six[:2]}{six[5]}0000{six[2:5]}"
        case "3":
            payload = f"{system}{six[:3]}00000{six[3:5]}"
        case "4":
            payload = f"{system}{six[:4]}00000{six[4]}"
        case _:
            payload = f"{system}{six[:5]}0000{six[5]}"
    check = str(gs1_check_digit(payload))
    return payload + check if len(digits) < 8 or digits[7] == check else None


@lru_cache(maxsize=4096)
def canonical_barcode(text: str, kind: str | None = None) -> CanonicalCode:
    """The form under which a barcode is kept.

    Args:
        kind: what the writer says it is; without it, eight, twelve, thirteen or fourteen digits must be a valid GTIN,
            a valid ISBN-10 is a book, and all else is a code of our own. A carton code may be either.

    Raises:
        Unprocessable: `barcode_empty`, `barcode_too_long`, `barcode_malformed`, `barcode_check_digit`.
    """
    code = tidy(text)
    if not code:
        raise Unprocessable("barcode_empty")
    if len(code) > LONGEST_CODE:
        raise Unprocessable("barcode_too_long", longest=LONGEST_CODE)
    if kind == BarcodeKind.OWN:
        return CanonicalCode(code.upper(), BarcodeKind.OWN)
    found = _book(code, claimed=kind == BarcodeKind.ISBN) or _trade_item(
        code, claimed=kind == BarcodeKind.GTIN
    )
    if found is None:
        found = CanonicalCode(code.upper(), BarcodeKind.OWN)
    return CanonicalCode(found.code, BarcodeKind.CARTON) if kind == BarcodeKind.CARTON else found


def _book(code: str, *, claimed: bool) -> CanonicalCode | None:
    bare = re.sub(r"[ \-]", "", code).upper()
    if _ISBN_13.fullmatch(bare):
        return CanonicalCode(_verified(bare), BarcodeKind.ISBN)
    if _ISBN_10.fullmatch(bare):
        expected = isbn10_check_digit(bare[:9])
        if bare[9] == expected:
            return CanonicalCode(isbn13(bare), BarcodeKind.ISBN)
        if claimed:
            raise Unprocessable("barcode_check_digit", code=code, expected=expected)
    if claimed:
        raise Unprocessable("barcode_malformed", code=code, kind="isbn")
    return None


def _trade_item(code: str, *, claimed: bool) -> CanonicalCode | None:
    digits = code.replace(" ", "") if claimed else code
    if is_digits(digits) and len(digits) in _GTIN_LENGTHS:
        expanded = upc_e_as_upc_a(digits) if len(digits) == 8 and not has_gs1_check_digit(digits) else None
        return CanonicalCode(canonical_gtin(expanded or _verified(digits)), BarcodeKind.GTIN)
    if not claimed:
        return None
    expanded = upc_e_as_upc_a(digits)
    if expanded is None:
        raise Unprocessable("barcode_malformed", code=code, kind="gtin")
    return CanonicalCode(canonical_gtin(expanded), BarcodeKind.GTIN)


def _verified(digits: str) -> str:
    expected = gs1_check_digit(digits[:-1])
    if int(digits[-1]) != expected:
        raise Unprocessable("barcode_check_digit", code=digits, expected=str(expected))
    return digits


def scan_keys(text: str) -> tuple[str, ...]:
    """Every canonical code that this scan may mean, the literal one first; for one query with `IN`.

    A book's EAN with the price add-on glued to it (13 + 2 or 13 + 5 digits) is also tried without it.
    """
    code = tidy(text)
    keys = [code.upper()]
    if is_digits(code):
        if len(code) in _GTIN_LENGTHS and has_gs1_check_digit(code):
            keys.append(canonical_gtin(code))
        expanded = upc_e_as_upc_a(code) if len(code) == 8 else None
        if expanded:
            keys.append(canonical_gtin(expanded))
        if len(code) in (15, 18) and code.startswith("97") and has_gs1_check_digit(code[:13]):
            keys.append(code[:13])
    if _BOOKISH.fullmatch(code):
        bare = re.sub(r"[ \-]", "", code).upper()
        if _ISBN_13.fullmatch(bare) and has_gs1_check_digit(bare):
            keys.append(bare)
        if _ISBN_10.fullmatch(bare) and bare[9] == isbn10_check_digit(bare[:9]):
            keys.append(isbn13(bare))
    return tuple(dict.fromkeys(keys))


def looks_misread(text: str) -> bool:
    """Digits of a GTIN's length with a wrong check digit: scan again, it is not an unknown item."""
    code = tidy(text)
    return (
        is_digits(code)
        and len(code) in _GTIN_LENGTHS
        and not has_gs1_check_digit(code)
        and not (len(code) == 8 and upc_e_as_upc_a(code))
    )
