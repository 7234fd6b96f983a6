"""Logging in at a desk, and one's own account."""

import pytest

from tests.build.people import PASSWORD, PIN, a_user, audited, badge_of, key, logged_in


def log_in(client, login, password=PASSWORD):
    return client.post("/api/session/password", json={"login": login, "password": password})


def at_desk(house, login="wang"):
    client = house.client()
    assert log_in(client, login).status_code == 200
    return client


def test_a_login_and_its_password_open_a_session(house):
    a_user(house, "Wang.Li")
    reply = log_in(house.client(), " wang.LI ")
    assert reply.status_code == 200
    assert audited(house, "login_ok")[0][2]["kind"] == "password"


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(house):
    a_user(house)
    wrong, unknown = log_in(house.client(), "wang", "nonsense"), log_in(house.client(), "nobody", "nonsense")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json
    assert wrong.json["code"] == "wrong_login_or_password"


def test_wrong_passwords_do_not_lock_the_badge(house):
    user = a_user(house)
    client = house.client()
    codes = [log_in(client, "wang", "nonsense").json["code"] for _ in range(6)]
    assert codes[-1] == "login_locked"
    assert logged_in(house, user.id).get("/api/session").status_code == 200


def test_desk_sessions_live_beside_each_other(house):
    a_user(house)
    first, second = at_desk(house), at_desk(house)
    assert first.get("/api/session").status_code == second.get("/api/session").status_code == 200


def test_a_session_ends_when_unused_and_in_any_case_after_its_days(house):
    a_user(house)
    client = at_desk(house)
    house.clock.advance(minutes=719)
    assert client.get("/api/session").status_code == 200
    house.clock.advance(minutes=719)
    assert client.get("/api/session").status_code == 200
    house.clock.advance(minutes=721)
    assert client.get("/api/session").status_code == 401
    client = at_desk(house)
    for _ in range(15):
        house.clock.advance(minutes=700)
        last = client.get("/api/session").status_code
    assert last == 401


def test_use_is_noted_every_five_minutes_only(house):
    a_user(house)
    client = at_desk(house)
    begin = client.get("/api/session").json["expires_at"]
    house.clock.advance(minutes=4)
    assert [client.get("/api/session").json["expires_at"] for _ in range(2)] == [begin, begin]
    house.clock.advance(minutes=2)
    client.get("/api/session")
    assert client.get("/api/session").json["expires_at"] > begin


def test_logging_out_ends_the_session_and_takes_the_cookie_back(house):
    a_user(house)
    client = at_desk(house)
    token = client.get_cookie("tideline").value
    assert client.delete("/api/session").status_code == 204
    assert client.get_cookie("tideline") is None
    client.set_cookie("tideline", token)
    assert client.get("/api/session").status_code == 401
    assert len(audited(house, "logout")) == 1
    assert house.client().delete("/api/session").status_code == 204


def test_one_changes_ones_own_password_with_the_old_one(house):
    a_user(house)
    client, other = at_desk(house), at_desk(house)
    body = {"old": PASSWORD, "new": "another good phrase"}
    assert client.post("/api/session/own-password", json=body, headers=key()).status_code == 204
    assert client.get("/api/session").status_code == 200
    assert other.get("/api/session").status_code == 401
    assert log_in(house.client(), "wang").status_code == 401
    assert log_in(house.client(), "wang", "another good phrase").status_code == 200
    assert len(audited(house, "password_changed")) == 1


def test_one_changes_ones_own_pin_with_the_old_one(house):
    user = a_user(house)
    client = logged_in(house, user.id)
    wrong = client.post("/api/session/own-pin", json={"old": "0000", "new": "5093"}, headers=key())
    assert (wrong.status_code, wrong.json["code"]) == (401, "wrong_badge_or_pin")
    weak = client.post("/api/session/own-pin", json={"old": PIN, "new": "1111"}, headers=key())
    assert (weak.status_code, weak.json["code"]) == (422, "weak_pin")
    assert (
        client.post("/api/session/own-pin", json={"old": PIN, "new": "5093"}, headers=key()).status_code
        == 204
    )
    again = house.client().post("/api/session/badge", json={"badge": badge_of(house, user.id), "pin": "5093"})
    assert again.status_code == 200


def test_guessing_the_old_pin_is_braked_like_logging_in(house):
    user = a_user(house)
    client = logged_in(house, user.id)
    body = {"old": "0000", "new": "5093"}
    codes = [client.post("/api/session/own-pin", json=body, headers=key()).json["code"] for _ in range(6)]
    assert codes[-1] == "login_locked"


def test_one_chooses_ones_own_language(house):
    a_user(house, language="zh")
    client = at_desk(house)
    assert client.post("/api/session/language", json={"language": "en"}, headers=key()).status_code == 204
    assert client.get("/api/session").json["user"]["language"] == "en"
    assert client.post("/api/session/language", json={"language": "tlh"}, headers=key()).status_code == 422


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b"\xff\xfe", b'{"login": "a"}'])
def test_a_malformed_login_gets_a_problem_document(house, body):
    reply = house.client().post("/api/session/password", data=body, content_type="application/json")
    assert reply.status_code in (400, 422)
    assert reply.content_type == "application/problem+json"
