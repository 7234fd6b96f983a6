"""What a GS1 barcode says, and what of it could be read.

`biip` knows the application identifiers (AIs), their formats and dates. It gives up at the first AI it does not know;
this layer goes on: an unknown AI or a wrong part is named and skipped, and the rest of the code still counts.
Sources: GS1 General Specifications 7.8 (element strings, predefined lengths in figure 7.8.5-2), GS1 Digital Link URI syntax.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from biip import ParseConfig, ParseError
from biip.gs1_element_strings import GS1ElementString

from backend.master.catalog.rules.barcodes import canonical_gtin, has_gs1_check_digit, is_digits

GS = "\x1d"
_CONFIG = ParseConfig(gs1_element_strings_verify_date=False)

# Readers send FNC1 as the group separator, or as a stand-in where a keyboard cannot type it. None of these
# characters may occur in GS1 data (character set 82).
_STAND_INS = re.compile(r"<GS>|\{GS\}|\[GS\]|<FNC1>|\{FNC1\}|\\x1[dD]|\\u001[dD]|\^\]|[\u241d\u00e8|~^]")
_GS1_SYMBOLOGIES = frozenset({"]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1"})
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_BRACKETED = re.compile(r"[(\[](\d{2,4})[)\]]")
_LINK_PRIMARY = frozenset(
    {
        "00",
        "01",
        "253",
        "255",
        "401",
        "402",
        "414",
        "415",
        "417",
        "8003",
        "8004",
        "8006",
        "8010",
        "8013",
        "8017",
        "8018",
    }
)
_LINK_WORDS = {"gtin": "01", "sscc": "00", "lot": "10", "ser": "21", "exp": "17", "cpv": "22"}

# Element strings of predefined length, AI included: they need no separator even when the AI itself is unknown to us.
_PREDEFINED = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16} | {
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 8),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 10),
}
_AI_LENGTHS = {
    **dict.fromkeys(("23", "24", "25", "40", "41", "42"), 3),
    **dict.fromkeys(("31", "32", "33", "34", "35", "36", "39", "43", "70", "71", "72", "80", "81", "82"), 4),
}


@dataclass(frozen=True, slots=True)
class Gs1Data:
    """What could be read of one GS1 code.

    `gtin` and `content_gtin` (AI 02) are canonical as in `barcodes`; `qty` is AI 30 or 37; `expiry_on` is the expiry
    date (17, 7003) or else the best-before date (15). `elements` keeps every AI that was read, in order.
    """

    elements: tuple[tuple[str, str], ...] = ()
    gtin: str | None = None
    content_gtin: str | None = None
    lot: str | None = None
    expiry_on: date | None = None
    mfg_on: date | None = None
    serial: str | None = None
    qty: int | None = None
    sscc: str | None = None
    unknown_ais: tuple[str, ...] = ()
    wrong_ais: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether anything at all was understood."""
        return bool(self.elements)


@dataclass(frozen=True, slots=True)
class _Part:
    ai: str
    element: GS1ElementString | None
    known: bool


def split_symbology(text: str) -> tuple[str, str]:
    """The ISO 15424 symbology identifier that some readers send first (`]C1`, `]E0`, …), and what follows it."""
    found = _SYMBOLOGY.match(text)
    return (found.group(), text[3:]) if found else ("", text)


def read_gs1(text: str) -> Gs1Data | None:
    """Read a GS1 code in any of its forms, or nothing when the text does not claim to be one.

    Forms: raw reader data with or without symbology identifier and with FNC1 as group separator or stand-in; the
    human-readable form with brackets; a GS1 Digital Link. Raw data without any mark counts only when it begins
    with a GTIN or SSCC whose check digit is right: anything else may be a code of our own.
    """
    symbology, data = split_symbology(text.strip(" \t\r\n"))
    if data[:8].lower().startswith(("http://", "https://")):
        return _gather(_link_parts(data))
    if _BRACKETED.match(data):
        return _gather(_bracketed_parts(data))
    data = _STAND_INS.sub(GS, data)
    if symbology in _GS1_SYMBOLOGIES or data.startswith(GS) or _begins_like_gs1(data):
        return _gather(_raw_parts(data.strip(GS)))
    return None


def _begins_like_gs1(data: str) -> bool:
    if data[:2] in ("01", "02"):
        return has_gs1_check_digit(data[2:16]) and len(data) >= 16
    if data[:2] == "00":
        return has_gs1_check_digit(data[2:20]) and len(data) >= 20
    return GS in data and data[:2].isdigit()


def _raw_parts(data: str) -> Iterator[_Part]:
    rest = data
    while rest:
        part, length = _first_part(rest)
        yield part
        rest = rest[length:].lstrip(GS)


def _first_part(rest: str) -> tuple[_Part, int]:
    """The first element string and how many characters it takes; an unreadable one ends where the next can begin."""
    upto_separator = rest.find(GS) if GS in rest else len(rest)
    end = min(_PREDEFINED.get(rest[:2], upto_separator), upto_separator)
    try:
        element = GS1ElementString.extract(rest, config=_CONFIG)
    except ParseError:
        ai = _ai_of(rest)
        return _Part(ai, None, known=_is_known(ai)), max(end, 1)
    overlong = ".." in element.ai.format and len(element) < upto_separator
    if overlong:  # biip would read the tail of a too long lot as the next AI
        return _Part(element.ai.ai, None, known=True), upto_separator
    return _Part(element.ai.ai, element, known=True), len(element)


def _ai_of(text: str) -> str:
    return text[: _AI_LENGTHS.get(text[:2], 2)]


def _is_known(ai: str) -> bool:
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

    try:
        return GS1ApplicationIdentifier.extract(ai).ai == ai
    except ParseError:
        return False


def _bracketed_parts(data: str) -> Iterator[_Part]:
    pieces = _BRACKETED.split(_STAND_INS.sub("", data.replace(GS, "")))
    for ai, value in zip(pieces[1::2], pieces[2::2], strict=True):
        yield _exact_part(ai, value.strip())


def _link_parts(uri: str) -> Iterator[_Part]:
    try:
        address = urlsplit(uri)
    except ValueError:
        return
    segments = [unquote(segment) for segment in address.path.split("/")]
    keys = [_LINK_WORDS.get(segment.lower(), segment) for segment in segments]
    start = next((at for at, key in enumerate(keys[:-1]) if key in _LINK_PRIMARY), None)
    if start is None:
        return
    for at in range(start, len(segments) - 1, 2):
        yield _exact_part(keys[at], segments[at + 1])
    for name, value in parse_qsl(address.query):
        ai = _LINK_WORDS.get(name.lower(), name)
        if (
            is_digits(ai) and 2 <= len(ai) <= 4
        ):  # other query parameters belong to the web site, not to the goods
            yield _exact_part(ai, value)


def _exact_part(ai: str, value: str) -> _Part:
    if not _is_known(ai):
        return _Part(ai, None, known=False)
    filled = value.zfill(14) if ai in ("01", "02") else value
    try:
        return _Part(ai, GS1ElementString.parse(ai + filled, config=_CONFIG), known=True)
    except ParseError:
        return _Part(ai, None, known=True)


def _gather(parts: Iterable[_Part]) -> Gs1Data:
    read: dict[str, GS1ElementString] = {}
    unknown: list[str] = []
    wrong: list[str] = []
    for part in parts:
        if not part.known:
            unknown.append(part.ai)
        elif part.element is None or _is_wrong(part.element):
            wrong.append(part.ai)
        else:
            read.setdefault(part.ai, part.element)
    return Gs1Data(
        elements=tuple((ai, element.value) for ai, element in read.items()),
        gtin=_gtin(read.get("01")),
        content_gtin=_gtin(read.get("02")),
        lot=_text(read.get("10")),
        expiry_on=_first_date(read, "17", "7003", "15"),
        mfg_on=_first_date(read, "11"),
        serial=_text(read.get("21")),
        qty=_count(read.get("30") or read.get("37")),
        sscc=_text(read.get("00")),
        unknown_ais=tuple(unknown),
        wrong_ais=tuple(wrong),
    )


def _is_wrong(element: GS1ElementString) -> bool:
    if element.ai.ai in ("11", "12", "13", "15", "16", "17", "7003"):
        return element.date is None
    return bool(element.gtin_error or element.sscc_error)


def _text(element: GS1ElementString | None) -> str | None:
    return element.value if element else None


def _gtin(element: GS1ElementString | None) -> str | None:
    return canonical_gtin(element.value) if element else None


def _count(element: GS1ElementString | None) -> int | None:
    return int(element.value) if element else None


def _first_date(read: dict[str, GS1ElementString], *ais: str) -> date | None:
    return next((read[ai].date for ai in ais if ai in read), None)


def bracketed(elements: Iterable[tuple[str, str]]) -> str:
    """The human-readable form printed under the bars: `(01)…(10)…`."""
    return "".join(f"({ai}){value}" for ai, value in elements)


def element_string(elements: Iterable[tuple[str, str]]) -> str:
    """The data of a GS1-128, DataMatrix or QR symbol, with a separator after each part that has no fixed length."""
    text = "".join(f"{ai}{value}{'' if ai[:2] in _PREDEFINED else GS}" for ai, value in elements)
    return text.removesuffix(GS)


def digital_link(elements: Iterable[tuple[str, str]], *, base: str = "https://id.gs1.org") -> str:
    """A GS1 Digital Link: the GTIN (or else SSCC) is the key, lot and serial stand in its path, all else in the query."""
    listed = list(elements)
    key = next(pair for ai in ("01", "00") for pair in listed if pair[0] == ai)
    path = [key] + [pair for ai in ("10", "21") for pair in listed if pair[0] == ai and key[0] == "01"]
    query = [pair for pair in listed if pair not in path]
    text = base + "".join(f"/{ai}/{quote(value, safe='')}" for ai, value in path)
    return text + ("?" + "&".join(f"{ai}={quote(value, safe='')}" for ai, value in query) if query else "")
