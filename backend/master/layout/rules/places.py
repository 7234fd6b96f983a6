"""What a location is called, how its label proves that it was read whole, and which places a warehouse is born with."""

import re
import unicodedata
from dataclasses import dataclass

from backend.core.errors import Unprocessable

ZONE_KINDS = ("pick", "reserve", "staging", "packing", "returns", "defect")
PHYSICAL_KINDS = ("bin", "staging", "packing", "dock", "shortage", "picked")
VIRTUAL_KINDS = ("supplier", "customer", "adjustment")
LOCATION_KINDS = PHYSICAL_KINDS + VIRTUAL_KINDS
BORN_KINDS = ("staging", "packing", "shortage", "picked", *VIRTUAL_KINDS)
FILE_KINDS = ("bin", "staging", "packing", "dock")
SELLABLE_ZONES = frozenset({"pick", "reserve"})
SIDES = ("", "L", "R")
LONGEST_CODE = 40

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE = re.compile(r"[^\s\x00-\x1f.,;|\"']+(?:\.[^\s\x00-\x1f.,;|\"']+)*")
_CHECK = re.compile(r"[0-9A-Z]{2,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """A location as other rooms read it. Coordinates in mm, `level` counts from the floor upwards."""

    id: int
    warehouse_id: int
    zone_id: int | None
    kind: str
    code: str
    check_code: str
    aisle_id: int | None
    side: str
    x_mm: int
    y_mm: int
    floor: int
    level: int
    pick_seq: int
    max_volume_mm3: int | None
    max_weight_g: int | None
    blocked: bool
    sellable: bool


def place_key(text: str) -> str:
    """A code as it is kept: no blanks, full-width characters folded, upper case."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if char.isprintable() and not char.isspace()).upper()


def place_code(text: str) -> str:
    """Raises: Unprocessable `place_code` when it is empty, longer than 40 characters, or holds `, ; |` or quotes."""
    code = place_key(text)
    if not code or len(code) > LONGEST_CODE or not _CODE.fullmatch(code):
        raise Unprocessable("place_code", code=text[:80], longest=LONGEST_CODE)
    return code


def check_code(code: str) -> str:
    """Two characters (Crockford base 32) over a location's code.

    A polynomial hash modulo the prime 1021 that starts at 1: every single wrong character, every swap of two
    neighbours and every lost character at either end of an ASCII code changes it with certainty or 1020 in 1021.
    """
    state = 1
    for char in place_key(code):
        state = (state * 37 + ord(char)) % 1021
    state = state * 389 % 1021  # neighbours shall not look alike
    return _CROCKFORD[state >> 5] + _CROCKFORD[state & 31]


def label_text(code: str, check: str) -> str:
    """What a location's label holds: `<check>.<code>`.

    The check stands first: a scan that lost its end fails the check, and one that lost its beginning has no whole
    check left, so that a cut code can never name another bin.
    """
    return f"{check}.{code}"


def readings(text: str) -> tuple[tuple[str, str | None], ...]:
    """Each (code, check) that a scanned or typed text may mean; the text as a bare code first."""
    key = place_key(text)
    found: list[tuple[str, str | None]] = [(key, None)]
    head, dot, rest = key.partition(".")
    if dot and rest and _CHECK.fullmatch(head):
        found.append((rest, head))
    body, dot, tail = key.rpartition(".")
    if dot and body and _CHECK.fullmatch(tail):
        found.append((body, tail))
    return tuple(found)
