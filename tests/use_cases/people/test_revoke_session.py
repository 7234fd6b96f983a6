"""Sessions are seen and ended from the board, at once."""

from datetime import timedelta

import pytest

from backend.core.db import Database
from backend.master.devices.use_cases import RevokeDevice, revoke_device
from backend.master.people.queries import authenticate, forget_known
from backend.master.people.use_cases import Sweep, sweep
from tests.build.layout import a_warehouse
from tests.build.people import a_device, a_user, audited, key, logged_in, somebody_logged_in


def revoke(client, session_id):
    return client.post(f"/api/people/sessions/{session_id}/revoke", headers=key())


def test_a_revoked_session_is_refused_with_the_next_request(house):
    picker = a_user(house)
    handheld, board = logged_in(house, picker.id), somebody_logged_in(house, "supervise")
    session_id = handheld.get("/api/session").json["session_id"]
    assert revoke(board, session_id).status_code == 204
    refused = handheld.get("/api/session")
    assert (refused.status_code, refused.json["code"]) == (401, "login_needed")
    told = house.events("people.session_ended")[-1]
    assert told["channel"] == f"user:{picker.id}"
    assert told["body"]["why"] == "revoked"
    assert audited(house, "session_revoked")[0][1:] == (f"user:{picker.id}", {"session_id": session_id})


def test_revoking_twice_says_nothing_new(house):
    handheld, board = logged_in(house, a_user(house).id), somebody_logged_in(house, "supervise")
    session_id = handheld.get("/api/session").json["session_id"]
    assert [revoke(board, session_id).status_code for _ in range(2)] == [204, 204]
    assert len(audited(house, "session_revoked")) == 1


def test_all_sessions_of_a_person_end_together(house):
    user = a_user(house)
    handheld, board = logged_in(house, user.id), somebody_logged_in(house, "supervise")
    assert board.post(f"/api/people/users/{user.id}/revoke-sessions", headers=key()).status_code == 204
    assert handheld.get("/api/session").status_code == 401
    assert board.post("/api/people/users/999/revoke-sessions", headers=key()).json["code"] == "user_not_found"


def test_a_picker_revokes_nobody_and_sees_no_list(house):
    client = somebody_logged_in(house, "pick")
    assert revoke(client, 1).status_code == 403
    assert client.get("/api/people/sessions").status_code == 403
    assert revoke(house.client(), 1).status_code == 401


def test_a_supervisor_reaches_only_people_of_their_own_warehouses(house):
    here, there = a_warehouse(house, "W1"), a_warehouse(house, "W2")
    mine, other = a_user(house, "mine", warehouses=(here,)), a_user(house, "other", warehouses=(there,))
    logged_in(house, mine.id)
    far = logged_in(house, other.id)
    board = somebody_logged_in(house, "supervise", login="boss", warehouses=(here,))
    listed = {row["login"] for row in board.get("/api/people/sessions").json["items"]}
    assert listed == {"mine", "boss"}
    refused = revoke(board, far.get("/api/session").json["session_id"])
    assert (refused.status_code, refused.json["code"]) == (404, "session_not_found")


def test_the_list_says_who_where_and_since_when_and_comes_in_pages(house):
    device_id = a_device(house, a_warehouse(house), name="Gun 7", token="seven")
    user = a_user(house)
    client = house.client()
    client.set_cookie("tideline_device", "seven")
    logged_in(house, user.id, client=client)
    board = somebody_logged_in(house, "supervise")
    first = board.get("/api/people/sessions?limit=1").json
    second = board.get(f"/api/people/sessions?limit=1&cursor={first['next']}").json
    row = second["items"][0]
    assert (row["user_name"], row["device_id"], row["device_name"], row["kind"]) == (
        "Wang",
        device_id,
        "Gun 7",
        "badge",
    )
    assert second["next"] is None


def test_with_a_revoked_device_its_sessions_are_over_at_once(house):
    device_id = a_device(house, a_warehouse(house), token="seven")
    client = house.client()
    client.set_cookie("tideline_device", "seven")
    user = a_user(house)
    logged_in(house, user.id, client=client)
    house.run(revoke_device, RevokeDevice, device_id=device_id)
    house.clock.advance(seconds=2)  # another process may have answered less than two seconds ago
    assert client.get("/api/session").status_code == 401
    house.work()
    assert house.events("people.session_ended")[-1]["body"]["why"] == "device_revoked"
    _, subject, facts = audited(house, "device_revoked")[0]
    assert (subject, len(facts["sessions"])) == (f"device:{device_id}", 1)


def test_another_process_learns_of_a_revocation_within_two_seconds(house):
    handheld, board = logged_in(house, a_user(house).id), somebody_logged_in(house, "supervise")
    token = handheld.get_cookie("tideline").value
    now = house.clock.now()
    with house.read() as session:
        known = authenticate(session, token, None, None, now=now)
    revoke(board, known.session_id)
    for late, expected in ((0, None), (2, None)):
        with house.read() as session:
            assert authenticate(session, token, None, None, now=now + timedelta(seconds=late)) is expected


def test_a_known_caller_costs_no_query(house, monkeypatch: pytest.MonkeyPatch):
    handheld = logged_in(house, a_user(house).id)
    token = handheld.get_cookie("tideline").value
    now = house.clock.now()
    forget_known()
    with house.read() as session:
        first = authenticate(session, token, None, None, now=now)
        monkeypatch.setattr(session, "execute", None)
        assert authenticate(session, token, None, None, now=now + timedelta(seconds=1)) is first
    assert isinstance(house.db, Database)


def test_what_has_expired_is_closed_by_the_hourly_sweep(house):
    logged_in(house, a_user(house).id)
    house.clock.advance(days=8)
    house.run(sweep, Sweep)
    assert house.events("people.session_ended")[-1]["body"]["why"] == "expired"
