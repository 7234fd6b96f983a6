"""Rate limits: so many requests of one caller to one address in a window of time.

Counted in Redis where there is one, so that all processes count together; otherwise, and while Redis is away, in this
process. Every request comes by here, so the count in the process is a dictionary and no more.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Flask, request
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

_MOST_KNOWN = 20_000
_PATIENCE_SECONDS = 0.5
_AWAY_SECONDS = 5  # a Redis that did not answer is left alone for so long
_log = structlog.get_logger("rates")


class HereCounter:
    """Fixed windows, counted in this process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[str, tuple[float, int]] = {}  # when the window ends, and how many came

    def hit(self, limit: RateLimitItem, key: str, now: float) -> bool:
        """Count one more; False when it is one too many. `now` in seconds."""
        with self._guard:
            ends, count = self._known.get(key, (0.0, 0))
            if ends <= now:
                self._make_room(now)
                ends, count = now + limit.get_expiry(), 0
            self._known[key] = (ends, count + 1)
        return count < limit.amount

    def _make_room(self, now: float) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known = {key: known for key, known in self._known.items() if known[0] > now}
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()


def _in_redis(url: str) -> FixedWindowRateLimiter:
    waits: dict[str, Any] = {"socket_timeout": _PATIENCE_SECONDS, "socket_connect_timeout": _PATIENCE_SECONDS}
    return FixedWindowRateLimiter(storage_from_string(url, wrap_exceptions=True, **waits))


class Gate:
    """Counts the requests of each caller to each endpoint, and lets in as many as the limits allow."""

    def __init__(self, redis_url: str) -> None:
        self._here = HereCounter()
        self._together = _in_redis(redis_url) if redis_url else None
        self._away_until = 0.0

    def lets_in(self, limits: list[RateLimitItem], who: str, where: str) -> bool:
        """Whether the caller may do this once more; it is counted in any case."""
        let = [self._hit(each, who, where) for each in limits]
        return all(let)

    def _hit(self, limit: RateLimitItem, who: str, where: str) -> bool:
        now = time.monotonic()
        if self._together is not None and now >= self._away_until:
            try:
                return self._together.hit(limit, who, where)
            except StorageError:
                self._away_until = now + _AWAY_SECONDS
                _log.warning("rates_counted_here", seconds=_AWAY_SECONDS)
        return self._here.hit(limit, f"{who} {where} {limit}", now)


def guard(
    app: Flask,
    gate: Gate,
    who: Callable[[], str],
    usual: str,
    *,
    special: Mapping[str, str],
    exempt: frozenset[str],
) -> None:
    """Refuse whoever asks too often with 429.

    Args:
        app: whose routes.
        gate: where it is counted.
        who: the caller to count.
        usual: the limit of every route, such as `6000/minute`.
        special: the limit of a route by its name.
        exempt: names of routes that always answer.
    """
    limits = {name: parse_many(text) for name, text in special.items()}
    others = parse_many(usual)

    @app.before_request
    def _check() -> None:
        view = app.view_functions.get(request.endpoint or "")
        name = getattr(getattr(view, "tideline", None), "name", "")
        if view is None or name in exempt:
            return
        if not gate.lets_in(limits.get(name, others), who(), request.endpoint or ""):
            raise TooManyRequests
