"""Logging in with a badge and a PIN, and everything that may go wrong."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.master.people.models import AuthSession, LoginTry
from backend.master.people.use_cases import DeactivateUser, deactivate_user
from tests.build.layout import a_warehouse
from tests.build.people import PIN, a_device, a_user, audited, badge_of, logged_in


def log_in(client: Any, badge: str, pin: str = PIN) -> Any:
    return client.post("/api/session/badge", json={"badge": badge, "pin": pin})


def test_a_badge_and_its_pin_open_a_session_with_rights_and_warehouses(house):
    place = a_warehouse(house)
    user = a_user(house, warehouses=(place,), language="zh", jobs=("pick",))
    reply = log_in(house.client(), badge_of(house, user.id))
    assert reply.status_code == 200
    assert reply.json["user"] == {
        "id": user.id,
        "name": "Wang",
        "language": "zh",
        "login": "wang",
        "jobs": ["pick"],
    }
    assert reply.json["permissions"] == ["pick", "view_stock"]
    assert [each["id"] for each in reply.json["warehouses"]] == [place]
    assert reply.json["device"] is None
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_secure(house):
    user = a_user(house)
    reply = house.client().post(
        "/api/session/badge",
        json={"badge": badge_of(house, user.id), "pin": PIN},
        base_url="https://tideline.test",
    )
    assert "Secure" in reply.headers["Set-Cookie"]


def test_only_the_hash_of_the_token_is_stored(house):
    user = a_user(house)
    client = logged_in(house, user.id)
    token = client.get_cookie("tideline").value
    with house.read() as session:
        stored = session.scalars(select(AuthSession.token_hash)).one()
    assert len(token) == 43
    assert token not in stored


def test_the_login_is_told_and_written_down(house):
    user = a_user(house)
    logged_in(house, user.id)
    assert [each["channel"] for each in house.events("people.session_opened")] == [f"user:{user.id}"]
    action, subject, facts = audited(house, "login_ok")[0]
    assert (action, subject, facts["kind"]) == ("login_ok", f"user:{user.id}", "badge")


def test_a_badge_read_in_small_letters_or_full_width_is_the_same_badge(house):
    user = a_user(house)
    badge = badge_of(house, user.id)
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in badge)
    assert log_in(house.client(), f" {badge.lower()} ").status_code == 200
    assert log_in(house.client(), wide).status_code == 200


def test_a_wrong_pin_and_an_unknown_badge_get_the_same_answer(house):
    user = a_user(house)
    wrong = log_in(house.client(), badge_of(house, user.id), "0000")
    unknown = log_in(house.client(), "TL1:NOBODYHASTHISBADGE", "0000")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json["code"] == "wrong_badge_or_pin"
    assert wrong.json == unknown.json
    assert [entry[1] for entry in audited(house, "login_failed")] == [f"user:{user.id}", "user:unknown"]


def test_five_wrong_pins_lock_the_badge_and_each_further_one_for_longer(house):
    user = a_user(house)
    client, badge = house.client(), badge_of(house, user.id)
    left = [log_in(client, badge, "0000").json["facts"]["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    locked = log_in(client, badge)
    assert (locked.status_code, locked.json["code"]) == (429, "login_locked")
    assert locked.json["facts"] == {"seconds": 30}
    house.clock.advance(seconds=31)
    assert log_in(client, badge, "0000").json["facts"]["wait_s"] == 60
    house.clock.advance(seconds=31)
    assert log_in(client, badge).status_code == 429
    house.clock.advance(seconds=31)
    assert log_in(client, badge).status_code == 200
    assert log_in(client, badge, "0000").json["facts"]["tries_left"] == 4
    assert [facts["seconds"] for _, _, facts in audited(house, "login_locked")] == [30, 60]


def test_an_unknown_badge_is_locked_like_a_known_one(house):
    client = house.client()
    codes = [log_in(client, "TL1:NOBODY", "0000").json["code"] for _ in range(6)]
    assert codes == ["wrong_badge_or_pin"] * 5 + ["login_locked"]


def test_one_address_that_tries_many_badges_is_slowed(house):
    client = house.client()
    for number in range(60):
        assert log_in(client, f"TL1:NOBODY{number}", "0000").status_code == 401
    assert log_in(client, "TL1:ANOTHER", "0000").json["code"] == "login_locked"


def test_fifty_wrong_pins_at_once_are_five_tries(house):
    user = a_user(house)
    badge, app = badge_of(house, user.id), house.app

    def attempt(number: int) -> str:
        return log_in(app.test_client(), badge, f"{number:04}").json["code"]

    with ThreadPoolExecutor(25) as pool:
        codes = list(pool.map(attempt, range(50)))
    assert codes.count("wrong_badge_or_pin") == 5
    assert codes.count("login_locked") == 45
    assert len(audited(house, "login_failed")) == 5
    assert len(audited(house, "login_locked")) == 1
    with house.read() as session:
        assert session.scalar(select(func.max(LoginTry.fails))) == 5


def test_somebody_without_a_pin_does_not_get_in(house):
    user = a_user(house, pin_hash=None)
    assert log_in(house.client(), badge_of(house, user.id), "nobody").status_code == 401


def test_a_closed_account_does_not_get_in_and_looks_like_an_unknown_one(house):
    user = a_user(house)
    a_user(house, "boss", roles=("admin",))
    house.run(deactivate_user, DeactivateUser, user_id=user.id)
    assert log_in(house.client(), badge_of(house, user.id)).json["code"] == "wrong_badge_or_pin"


def test_on_an_enrolled_device_the_session_belongs_to_the_device(house):
    device_id = a_device(house, a_warehouse(house), name="Gun 7", token="seven")
    user = a_user(house)
    client = house.client()
    client.set_cookie("tideline_device", "seven")
    reply = log_in(client, badge_of(house, user.id))
    assert reply.json["device"] == {"id": device_id, "name": "Gun 7"}
    stolen = house.client()
    stolen.set_cookie("tideline", client.get_cookie("tideline").value)
    assert stolen.get("/api/session").status_code == 401
    assert client.get("/api/session").status_code == 200


def test_where_badges_need_a_device_another_one_is_refused(house):
    house.settings = replace(house.settings, badge_needs_device=True)
    a_device(house, a_warehouse(house), token="seven")
    user = a_user(house)
    client = house.client()
    refused = log_in(client, badge_of(house, user.id))
    assert (refused.status_code, refused.json["code"]) == (403, "device_not_enrolled")
    client.set_cookie("tideline_device", "seven")
    assert log_in(client, badge_of(house, user.id)).status_code == 200


def test_logging_in_on_another_handheld_logs_out_the_first(house):
    user = a_user(house)
    first = logged_in(house, user.id)
    second = logged_in(house, user.id)
    assert first.get("/api/session").status_code == 401
    assert second.get("/api/session").status_code == 200
    ended = house.events("people.session_ended")
    assert [(each["channel"], each["body"]["why"]) for each in ended] == [
        (f"user:{user.id}", "switched_device")
    ]


def test_a_handheld_serves_one_person_at_a_time(house):
    a_device(house, a_warehouse(house), token="seven")
    one, other = a_user(house, "one"), a_user(house, "other")
    client = house.client()
    client.set_cookie("tideline_device", "seven")
    logged_in(house, one.id, client=client)
    logged_in(house, other.id, client=client)
    assert [each["body"]["why"] for each in house.events("people.session_ended")] == ["device_taken"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"badge": "TL1:X"},
        {"badge": 7, "pin": "1"},
        {"badge": "", "pin": ""},
        {"badge": "x", "pin": "1", "z": 1},
    ],
)
def test_a_malformed_login_is_no_try(house, body):
    assert house.client().post("/api/session/badge", json=body).status_code == 422
    with house.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginTry)) == 0


def test_a_secret_is_in_no_stored_command_and_in_no_event(house):
    from backend.core.execute import CommandRecord

    user = a_user(house)
    client = logged_in(house, user.id)
    token = client.get_cookie("tideline").value
    log_in(client, badge_of(house, user.id), "987123")
    with house.read() as session:
        replies = " ".join(session.scalars(select(CommandRecord.reply)))
    told = str(house.events()) + str(audited(house)) + replies
    assert token not in told
    assert "987123" not in told


def test_right_and_wrong_pins_at_once_end_in_order(house):
    user = a_user(house)
    badge, app = badge_of(house, user.id), house.app

    def attempt(number: int) -> int:
        return log_in(app.test_client(), badge, PIN if number % 3 else "0000").status_code

    with ThreadPoolExecutor(8) as pool:
        codes = set(pool.map(attempt, range(24)))
    assert codes <= {200, 401, 429}
    with house.read() as session:
        running = select(func.count()).select_from(AuthSession).where(AuthSession.ended_at.is_(None))
        assert session.scalar(running) == 1
