"""When a carrier collects next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class CutOff:
    """A carrier's collection in the warehouse's local time; carrier '' is for those without their own. 0 = Monday."""

    carrier: str
    local_time: time
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


def next_cut_off(cut_offs: Sequence[CutOff], carrier: str, after: datetime, timezone: str) -> datetime | None:
    """The first collection later than `after` (UTC in, UTC out), or None where no rule fits.

    Local time is meant by the clock on the wall: in the hour that summer time skips, the collection moves with it.
    """
    mine = [each for each in cut_offs if each.carrier == carrier]
    fitting = mine or [each for each in cut_offs if each.carrier == ""]
    zone = ZoneInfo(timezone)
    today = after.astimezone(zone).date()
    instants = [
        datetime.combine(today + timedelta(days=days), each.local_time, zone).astimezone(after.tzinfo)
        for each in fitting
        for days in range(8)
        if (today + timedelta(days=days)).weekday() in each.weekdays
    ]
    return min((instant for instant in instants if instant > after), default=None)
