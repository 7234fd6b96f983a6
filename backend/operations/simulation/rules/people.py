"""How people walk, handle and err. Planning figures in the order of magnitude of warehouse practice, not measurements.

Times are medians in seconds around which a log-normal draw spreads; rates are per confirmation of one SKU into one tote.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Dice(Protocol):
    """Chance, handed in: `random.Random(seed)` fits."""

    def random(self) -> float: ...
    def gauss(self, mu: float, sigma: float, /) -> float: ...
    def lognormvariate(self, mu: float, sigma: float, /) -> float: ...
    def randrange(self, stop: int, /) -> int: ...


class Mistake(StrEnum):
    """What a person does wrong."""

    WRONG_BIN = "wrong_bin"
    WRONG_SKU = "wrong_sku"
    WRONG_QTY = "wrong_qty"
    WRONG_TOTE = "wrong_tote"


@dataclass(frozen=True, slots=True)
class ErrorRates:
    """Chance of each mistake per confirmation; `careless` is the share of wrong counts and drops made after a right
    scan, which no scanner can see; `empty_bin` is how often the goods are not there.
    """

    wrong_bin: float = 0.008
    wrong_sku: float = 0.005
    wrong_qty: float = 0.006
    wrong_tote: float = 0.006
    careless: float = 0.3
    empty_bin: float = 0.002


@dataclass(frozen=True, slots=True)
class Times:
    """Medians in seconds."""

    start: float = 40.0
    bind_tote: float = 5.0
    find_bin: float = 2.5
    scan: float = 1.4
    first_piece: float = 2.6
    next_piece: float = 0.9
    drop: float = 1.6
    correct: float = 4.0
    unload: float = 50.0


@dataclass(frozen=True, slots=True)
class Person:
    """One picker: walking speed in mm/s, and a factor on every handling time."""

    walk_mm_s: int
    hand: float


@dataclass(frozen=True, slots=True)
class Habits:
    """The models together."""

    times: Times = Times()
    errors: ErrorRates = ErrorRates()
    walk_mm_s: int = 1_100
    spread: float = 0.25


def a_person(dice: Dice, habits: Habits) -> Person:
    """Somebody: walking speed within about 10 %, handling within about 15 % of the middle."""
    walk = habits.walk_mm_s * min(max(dice.gauss(1.0, 0.05), 0.8), 1.2)
    return Person(round(walk), min(max(dice.gauss(1.0, 0.08), 0.75), 1.35))


def handling_s(dice: Dice, habits: Habits, person: Person, median_s: float) -> float:
    """One draw of a handling time in seconds."""
    return median_s * person.hand * dice.lognormvariate(0.0, habits.spread)


def taking_s(dice: Dice, habits: Habits, person: Person, qty: int, *, scan_each: bool) -> float:
    """Seconds to take `qty` pieces out of a bin and drop them into the tote, scans of the goods included."""
    times = habits.times
    scans = qty if scan_each else 1
    median = times.first_piece + times.next_piece * (qty - 1) + times.scan * scans + times.drop
    return handling_s(dice, habits, person, median)


def mistakes(dice: Dice, rates: ErrorRates) -> frozenset[Mistake]:
    """What goes wrong in one confirmation; usually nothing."""
    chances = (
        (Mistake.WRONG_BIN, rates.wrong_bin),
        (Mistake.WRONG_SKU, rates.wrong_sku),
        (Mistake.WRONG_QTY, rates.wrong_qty),
        (Mistake.WRONG_TOTE, rates.wrong_tote),
    )
    return frozenset(mistake for mistake, chance in chances if dice.random() < chance)


def is_careless(dice: Dice, rates: ErrorRates) -> bool:
    """Whether a wrong count or drop happens after a right scan."""
    return dice.random() < rates.careless


def wrong_count(dice: Dice, qty: int) -> int:
    """How many pieces are in the hand instead of `qty`: one more or one less, never none."""
    return qty - 1 if qty > 1 and dice.random() < 0.5 else qty + 1
