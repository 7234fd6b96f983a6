"""Which bins serve a demand: pure, with explicit costs in mm of walking."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Costs:
    """What each thing is worth in mm of walking."""

    extra_bin_mm: int = 4_000
    empties_bonus_mm: int = 6_000
    level_mm: int = 500
    floor_mm: int = 60_000


@dataclass(frozen=True, slots=True)
class Fitness:
    """Which goods may be sent: `min_days_left` of life on `today`, `min_age_days` since they were made."""

    today: date
    min_days_left: int = 0
    min_age_days: int = 0
    fifo_days: int = 1


@dataclass(frozen=True, slots=True)
class Candidate:
    """Goods in a bin. `free` pieces can be taken; x, y in mm; `is_pick_face` False: reserve."""

    balance_id: int
    location_id: int
    x_mm: int
    y_mm: int
    floor: int
    level: int
    pick_seq: int
    free: int
    on_hand: int
    is_pick_face: bool
    expiry_on: date | None = None
    mfg_on: date | None = None
    fifo_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taking:
    """So many pieces out of one balance."""

    balance_id: int
    qty: int


class Nearby:
    """The bins of a piece of work, so that the nearest of thousands is found in a few steps.

    Bins are kept per line along y (an aisle side: one x on one floor); a query looks at two bins of each line.
    """

    def __init__(self, places: Iterable[tuple[int, int, int]] = ()) -> None:
        self._lines: dict[tuple[int, int], list[int]] = {}
        for x, y, floor in places:
            self.add(x, y, floor)

    def add(self, x_mm: int, y_mm: int, floor: int) -> None:
        """The work visits this place."""
        line = self._lines.setdefault((x_mm, floor), [])
        at = bisect_left(line, y_mm)
        if at == len(line) or line[at] != y_mm:
            line.insert(at, y_mm)

    def distance_mm(self, x_mm: int, y_mm: int, floor: int, floor_mm: int) -> int:
        """Rectangular distance to the nearest place, a floor counted as `floor_mm`; 0 where the work is still empty."""
        best: int | None = None
        for (x, other_floor), line in self._lines.items():
            aside = abs(x_mm - x) + floor_mm * abs(floor - other_floor)
            if best is not None and aside >= best:
                continue
            at = bisect_left(line, y_mm)
            along = min(abs(y_mm - y) for y in line[max(0, at - 1) : at + 1])
            best = aside + along if best is None else min(best, aside + along)
        return best or 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The takings, the pieces of them that come from reserve, and the pieces that no bin has."""

    takings: tuple[Taking, ...]
    from_reserve: int
    missing: int


def fits(candidate: Candidate, fitness: Fitness) -> bool:
    """Whether these goods may be sent at all: not expired, not too close to it, not too young."""
    expires, made = candidate.expiry_on, candidate.mfg_on
    if expires is not None and expires < fitness.today + timedelta(days=fitness.min_days_left):
        return False
    return made is None or made + timedelta(days=fitness.min_age_days) <= fitness.today


def choose(
    qty: int,
    candidates: Sequence[Candidate],
    *,
    issue_policy: str,
    fitness: Fitness,
    costs: Costs,
    near: Nearby,
) -> Choice:
    """Bins for `qty` pieces of one SKU.

    Rank first: what must leave first (by issue policy), and among equals the pick face before reserve. Within a rank the
    cheapest bin is taken again and again: distance to the nearest bin of the same work (`near`, which the bins chosen
    here join), a bonus when the taking empties the bin, a price for every further bin, level and pick sequence
    as tie-breakers. A single bin that holds all that a rank must give is preferred to crumbs by the price of a bin.

    Complexity: O(n · takings) for n candidates; n is the number of bins of one SKU.
    """
    left = qty
    takings: list[Taking] = []
    from_reserve = 0
    usable = [each for each in candidates if each.free > 0 and fits(each, fitness)]
    for rank in _ranks(usable, issue_policy, fitness):
        remaining = list(rank)
        while left > 0 and remaining:
            best = min(remaining, key=lambda each: _cost(each, left, near, costs))
            remaining.remove(best)
            take = min(best.free, left)
            takings.append(Taking(best.balance_id, take))
            near.add(best.x_mm, best.y_mm, best.floor)
            from_reserve += 0 if best.is_pick_face else take
            left -= take
        if left == 0:
            break
    return Choice(tuple(takings), from_reserve, left)


def _ranks(usable: Iterable[Candidate], issue_policy: str, fitness: Fitness) -> list[list[Candidate]]:
    ranks: dict[tuple[int, int], list[Candidate]] = {}
    for each in usable:
        rank = (_due(each, issue_policy, fitness), 0 if each.is_pick_face else 1)
        ranks.setdefault(rank, []).append(each)
    return [ranks[rank] for rank in sorted(ranks)]


def _due(candidate: Candidate, issue_policy: str, fitness: Fitness) -> int:
    """A number that is smaller for what must leave earlier; goods that nothing is known of leave last."""
    if issue_policy == "fefo" and candidate.expiry_on is not None:
        return candidate.expiry_on.toordinal()
    if candidate.mfg_on is not None and issue_policy == "fifo":
        return candidate.mfg_on.toordinal() // fitness.fifo_days
    if candidate.fifo_at is not None:
        day = candidate.fifo_at.toordinal() // fitness.fifo_days
        return day if issue_policy == "fifo" else day + date.max.toordinal()
    return 2 * date.max.toordinal()


def _cost(candidate: Candidate, wanted: int, near: Nearby, costs: Costs) -> tuple[int, int, int]:
    walk = near.distance_mm(candidate.x_mm, candidate.y_mm, candidate.floor, costs.floor_mm)
    taken = min(candidate.free, wanted)
    bins_after = costs.extra_bin_mm if taken < wanted else 0
    bonus = costs.empties_bonus_mm if taken == candidate.on_hand else 0
    return (
        walk + bins_after - bonus + costs.level_mm * candidate.level,
        candidate.pick_seq,
        candidate.balance_id,
    )
