"""The pure decisions about secrets, tries and rights."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters

from backend.core.errors import Refusal, Unprocessable
from backend.master.people.rules import (
    ADDRESS_BRAKE,
    CREDENTIAL_BRAKE,
    PERMISSIONS,
    ROLES,
    Kind,
    api_key_token,
    badge_code,
    badge_code_in,
    brake_for,
    check_may_grant,
    checked_permissions,
    credential_key,
    normal_login,
    proves,
    sealed_password,
    sealed_pin,
)

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_built_in_roles_hold_known_permissions_only():
    assert all(allowed <= PERMISSIONS for allowed in ROLES.values())
    assert ROLES["admin"] == PERMISSIONS
    assert set(ROLES) == {"picker", "shelver", "packer", "supervisor", "finance", "admin", "integration"}


def test_secrets_are_sealed_with_argon2id_at_the_owasp_minimum():
    parameters = extract_parameters(sealed_pin("4071", "c1"))
    assert parameters.type.name == "ID"
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_the_same_command_seals_the_same_and_another_one_differs():
    assert sealed_pin("4071", "c1") == sealed_pin("4071", "c1")
    assert sealed_pin("4071", "c1") != sealed_pin("4071", "c2")
    assert sealed_pin("407140714", "c1").split("$")[-2] != sealed_password("407140714x", "c1").split("$")[-2]


def test_a_sealed_secret_is_proved_by_itself_only():
    sealed = sealed_password("correct horse battery", "c1")
    assert proves("correct horse battery", sealed)
    assert not proves("correct horse batterz", sealed)
    assert not proves("", sealed)
    assert not proves("nobody", None)
    assert not proves("x", "not a hash at all")


@pytest.mark.parametrize(
    "pin", ["", "123", "1234", "9876", "7777", "8901", "12a4", "１２３９", "4071407140714", " 4071"]
)
def test_a_weak_pin_is_refused(pin):
    with pytest.raises(Unprocessable, match="weak_pin"):
        sealed_pin(pin, "c1")


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaa", "Password123", "1234567890", "x" * 129])
def test_a_weak_password_is_refused(password):
    with pytest.raises(Unprocessable, match="weak_password"):
        sealed_password(password, "c1")


def test_the_wait_doubles_up_to_an_hour_and_is_forgotten_after_a_quiet_day():
    waits = [CREDENTIAL_BRAKE.wait_s(fails, NOW, NOW) for fails in range(14)]
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert CREDENTIAL_BRAKE.wait_s(10**6, NOW, NOW) == 3600
    assert CREDENTIAL_BRAKE.wait_s(5, NOW, NOW + timedelta(seconds=29)) == 1
    assert CREDENTIAL_BRAKE.wait_s(5, NOW, NOW + timedelta(seconds=30)) == 0
    assert CREDENTIAL_BRAKE.is_forgotten(NOW, NOW + timedelta(days=1))


def test_an_address_has_more_tries_than_a_badge():
    assert brake_for("a:10.0.0.7") is ADDRESS_BRAKE
    assert brake_for(credential_key(Kind.BADGE, "X")) is CREDENTIAL_BRAKE
    assert ADDRESS_BRAKE.free > CREDENTIAL_BRAKE.free


def test_a_badge_has_at_least_128_random_bits():
    code = badge_code(bytes(range(20)))
    assert len(code) == 32
    assert badge_code_in(f"TL1:{code}\n") == code


def test_logins_are_compared_without_case_and_width():
    assert normal_login("  ＷＡＮＧ.Li ") == "wang.li"


def test_an_api_key_begins_with_its_mark():
    assert api_key_token(bytes(32)).startswith("tlk_")


def test_nobody_grants_what_they_do_not_hold():
    check_may_grant(frozenset({"pick"}), {"pick"})
    check_may_grant(frozenset({"*"}), {"pick", "supervise"})
    with pytest.raises(Refusal) as refused:
        check_may_grant(frozenset({"pick"}), {"pick", "supervise"})
    assert refused.value.facts == {"missing": ["supervise"]}


def test_unknown_permissions_are_named():
    assert checked_permissions(["pick", "pick"]) == ("pick",)
    with pytest.raises(Unprocessable) as refused:
        checked_permissions(["pick", "fly"])
    assert refused.value.facts == {"unknown": ["fly"]}
