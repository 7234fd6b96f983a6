"""The small parts of the core that need no database."""

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from backend.core.db import FairLock
from backend.core.http import check_plain
from backend.core.ids import derived_id, is_command_id, uuid7
from backend.core.money import Money
from backend.core.settings import BadSettings, Settings


def test_uuid7_is_a_version_7_uuid_and_sorts_by_time() -> None:
    first = uuid7()
    time.sleep(0.002)
    second = uuid7()
    assert (first[14], first[19] in "89ab") == ("7", True)
    assert first < second
    assert is_command_id(first)


@pytest.mark.parametrize("text", ["", "1", "not-a-uuid", "{12345678-1234-5678-1234-567812345678}", "x" * 36])
def test_what_is_no_uuid_is_no_command_id(text: str) -> None:
    assert not is_command_id(text)


def test_a_derived_id_follows_from_its_cause_alone() -> None:
    assert derived_id("a", 1) == derived_id("a", 1)
    assert derived_id("a", 1) != derived_id("a1")


def test_settings_list_everything_that_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(BadSettings) as bad:
        Settings.from_env(
            {
                "TIDELINE_COLOUR": "blue",
                "TIDELINE_POOL_SIZE": "many",
                "TIDELINE_MAX_SOCKETS": "0",
                "TIDELINE_DATABASE_URL": "mysql://x",
                "TIDELINE_SECRET": "short",
                "HOME": str(tmp_path),
            }
        )
    assert len(bad.value.problems) == 5


def test_the_secret_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    environ = {"TIDELINE_VAR_DIR": str(tmp_path / "var")}
    first, second = Settings.from_env(environ), Settings.from_env(environ)
    assert first.secret == second.secret
    assert len(first.secret) >= 32
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600


@given(st.integers(-(10**12), 10**12), st.integers(-(10**12), 10**12))
def test_money_adds_and_subtracts_to_the_same(left: int, right: int) -> None:
    assert Money(left, "CNY") + Money(right, "CNY") - Money(right, "CNY") == Money(left, "CNY")


def test_two_currencies_never_make_a_sum() -> None:
    with pytest.raises(ValueError, match="cannot add"):
        Money(1, "CNY") + Money(1, "USD")


@pytest.mark.parametrize(
    ("amount", "words"),
    [(Money(-5, "CNY"), "-0.05 CNY"), (Money(1234, "JPY"), "1234 JPY"), (Money(1500, "KWD"), "1.500 KWD")],
)
def test_money_is_written_with_the_digits_of_its_currency(amount: Money, words: str) -> None:
    assert str(amount) == words


@pytest.mark.parametrize(
    "value", ["a\x00b", "\ud800", 2**60, 1e300, float("inf"), {"a\x00": 1}, ["\x00"], [[[[]]]]]
)
def test_what_no_column_can_hold_is_refused(value: object) -> None:
    if value == [[[[]]]]:
        for _ in range(30):
            value = [value]
    with pytest.raises(ValidationError):
        check_plain({"field": value})


def test_the_fair_lock_serves_in_order_of_arrival() -> None:
    lock, order, threads = FairLock(), [], []

    def wait(number: int) -> None:
        with lock:
            order.append(number)

    with lock:
        for number in range(8):
            thread = threading.Thread(target=wait, args=(number,))
            thread.start()
            threads.append(thread)
            while len(lock._queue) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == list(range(8))
