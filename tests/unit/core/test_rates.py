"""Rate limits as this process counts them."""

import pytest
from limits import parse

from backend.core import rates
from backend.core.rates import Gate, HereCounter

TWO = parse("2/minute")


def test_a_window_lets_in_as_many_as_the_limit_says_and_then_begins_anew() -> None:
    counter = HereCounter()
    assert [counter.hit(TWO, "wang", now) for now in (0, 1, 2, 59)] == [True, True, False, False]
    assert counter.hit(TWO, "wang", 60)


def test_callers_are_counted_apart() -> None:
    counter = HereCounter()
    assert [counter.hit(TWO, name, 0) for name in ("wang", "li", "wang", "li")] == [True] * 4
    assert not counter.hit(TWO, "wang", 0)


def test_many_strangers_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "_MOST_KNOWN", 10)
    counter = HereCounter()
    for number in range(25):
        counter.hit(TWO, f"stranger {number}", number)
    assert len(counter._known) <= 10


def test_a_redis_that_is_away_is_left_alone_and_the_process_counts() -> None:
    gate = Gate("redis://127.0.0.1:1/0")
    assert [gate.lets_in([TWO], "wang", "/x") for _ in range(3)] == [True, True, False]
