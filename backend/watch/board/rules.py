"""Pace, the risk of missing a cut-off, and when a light changes colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

OPEN_STATES = ("received", "approved", "reserved", "backordered", "in_wave", "picking")
PICKED_STATES = ("picked", "packed", "shipped")
IN_WORK_STATES = ("in_wave", "picking")

PACE_WINDOW = timedelta(hours=1)
RATE_WINDOW = timedelta(minutes=15)
_LEAST_SPAN = timedelta(minutes=5)  # a pace from a few seconds of work says nothing
SILENT_AFTER = timedelta(minutes=15)
NEWS_WARN, NEWS_STOP = timedelta(seconds=3), timedelta(seconds=15)
TRUTH_STALE = timedelta(minutes=30)
_JOBS_WARN = timedelta(seconds=60)


class Light(StrEnum):
    """ok: rely on it. warn: look at it. stop: do not rely on it."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


class Risk(StrEnum):
    """Whether a cut-off will be met."""

    ON_TIME = "on_time"
    TIGHT = "tight"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Load:
    """What one carrier takes at one time: orders, how many of them are picked, and lines still to pick."""

    cut_off_at: datetime
    carrier: str | None
    orders: int
    orders_done: int
    lines_open: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A load and what will become of it; `expected_at` is None when there is nothing to do or no pace to go by."""

    load: Load
    risk: Risk
    expected_at: datetime | None


def lines_per_hour(lines: int, first_at: datetime | None, now: datetime, window: timedelta) -> int:
    """Pace over a window of which the work may fill only the end; nobody's first seconds count as a pace."""
    if lines <= 0 or first_at is None:
        return 0
    span = min(max(now - first_at, _LEAST_SPAN), window)
    return round(lines * 3600 / span.total_seconds())


def outlooks(loads: Sequence[Load], pace: int, now: datetime) -> list[Outlook]:
    """Every load in the order of its cut-off, on the assumption that the floor works them off in that order.

    Args:
        loads: in any order.
        pace: lines per hour of the whole floor.
        now: when.
    """
    ahead, found = 0, []
    for load in sorted(loads, key=lambda each: (each.cut_off_at, each.carrier or "")):
        ahead += load.lines_open
        expected_at = None
        if load.lines_open and pace > 0:
            expected_at = now + timedelta(seconds=round(ahead * 3600 / pace))
        found.append(Outlook(load, _risk(load, expected_at, now), expected_at))
    return found


def _risk(load: Load, expected_at: datetime | None, now: datetime) -> Risk:
    """Tight is when less than a tenth of the time that is left, and at least ten minutes, remains as a margin."""
    if not load.lines_open and load.orders_done >= load.orders:
        return Risk.ON_TIME
    left = load.cut_off_at - now
    if left <= timedelta(0):
        return Risk.LATE
    if expected_at is None:
        return Risk.TIGHT if left < timedelta(hours=1) else Risk.ON_TIME
    if expected_at > load.cut_off_at:
        return Risk.LATE
    margin = max(left / 10, timedelta(minutes=10))
    return Risk.TIGHT if load.cut_off_at - expected_at < margin else Risk.ON_TIME


def truth_light(sound: bool | None, checked_at: datetime | None, now: datetime) -> Light:
    """Red when the last proof failed; yellow when there is none, or an old one."""
    if sound is False:
        return Light.STOP
    if sound is None or checked_at is None or now - checked_at > TRUTH_STALE:
        return Light.WARN
    return Light.OK


def news_light(oldest_at: datetime | None, now: datetime) -> Light:
    """How long the oldest fact has waited to be told."""
    waited = now - oldest_at if oldest_at else timedelta(0)
    return Light.STOP if waited > NEWS_STOP else Light.WARN if waited > NEWS_WARN else Light.OK


def jobs_light(dead: int, oldest_due_at: datetime | None, now: datetime) -> Light:
    """Red when a job gave up; yellow when due ones pile up."""
    if dead:
        return Light.STOP
    return Light.WARN if oldest_due_at and now - oldest_due_at > _JOBS_WARN else Light.OK
