"""Keys for programs: shown once, never stronger than their user, gone when revoked."""

from backend.master.people.use_cases import DeactivateUser, deactivate_user
from tests.build.people import a_user, a_user_with, audited, key, somebody_logged_in


def make(client, user_id, permissions=("import_orders",), headers=None, **more):
    body = {"user_id": user_id, "name": "Shop bridge", "permissions": list(permissions)} | more
    return client.post("/api/people/api-keys", json=body, headers=headers or key())


def with_key(house, token):
    client = house.client()
    return lambda path="/api/session": client.get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_key_opens_what_it_was_made_for(house):
    robot = a_user(house, "robot", roles=("integration",))
    made = make(somebody_logged_in(house), robot.id)
    assert made.status_code == 201
    token = made.json["token"]
    assert token.startswith("tlk_")
    assert token.startswith(made.json["hint"])
    seen = with_key(house, token)()
    assert seen.json["permissions"] == ["import_orders"]
    assert seen.json["user"]["id"] == robot.id
    assert seen.json["session_id"] is None
    assert audited(house, "api_key_created")[0][1] == f"api_key:{made.json['id']}"


def test_a_lost_reply_is_given_again_with_the_same_key(house):
    robot = a_user(house, "robot", roles=("integration",))
    desk, headers = somebody_logged_in(house), key()
    assert make(desk, robot.id, headers=headers).json == make(desk, robot.id, headers=headers).json
    assert len(desk.get("/api/people/api-keys").json) == 1


def test_a_key_is_never_stronger_than_its_user(house):
    robot = a_user(house, "robot", roles=("picker",))
    token = make(somebody_logged_in(house), robot.id, ("pick", "manage_people")).json["token"]
    assert with_key(house, token)().json["permissions"] == ["pick"]
    assert with_key(house, token)("/api/people/users").status_code == 403


def test_nobody_makes_a_key_stronger_than_themselves(house):
    robot = a_user_with(house, login="robot")
    clerk = somebody_logged_in(house, "manage_people", login="clerk")
    assert make(clerk, robot.id, ("manage_people", "pick")).json["code"] == "cannot_grant"
    boss = a_user(house, "boss", roles=("admin",))
    assert make(clerk, boss.id, ("manage_people",)).json["code"] == "outranked"
    assert make(clerk, 999).json["code"] == "user_not_found"
    assert make(clerk, robot.id, ("fly",)).status_code == 422


def test_a_revoked_key_opens_nothing(house):
    robot = a_user(house, "robot", roles=("integration",))
    desk = somebody_logged_in(house)
    made = make(desk, robot.id).json
    call = with_key(house, made["token"])
    assert call().status_code == 200
    revoked = desk.post(f"/api/people/api-keys/{made['id']}/revoke", headers=key())
    assert revoked.json["revoked_at"] is not None
    assert call().status_code == 401
    assert len(audited(house, "api_key_revoked")) == 1
    assert desk.post("/api/people/api-keys/999/revoke", headers=key()).json["code"] == "api_key_not_found"


def test_a_key_stops_after_its_days_and_with_its_user(house):
    robot = a_user(house, "robot", roles=("integration",))
    desk = somebody_logged_in(house)
    short, long = make(desk, robot.id, days=1).json["token"], make(desk, robot.id).json["token"]
    house.clock.advance(days=1, seconds=1)
    assert with_key(house, short)().status_code == 401
    assert with_key(house, long)().status_code == 200
    house.run(deactivate_user, DeactivateUser, user_id=robot.id)
    assert with_key(house, long)().status_code == 401


def test_the_last_use_of_a_key_is_noted(house):
    robot = a_user(house, "robot", roles=("integration",))
    desk = somebody_logged_in(house)
    token = make(desk, robot.id).json["token"]
    assert desk.get("/api/people/api-keys").json[0]["last_used_at"] is None
    with_key(house, token)()
    assert desk.get("/api/people/api-keys").json[0]["last_used_at"] is not None


def test_a_program_has_no_session_to_change_secrets_with(house):
    robot = a_user(house, "robot", roles=("integration",))
    token = make(somebody_logged_in(house), robot.id).json["token"]
    headers = key() | {"Authorization": f"Bearer {token}"}
    reply = house.client().post("/api/session/own-pin", json={"old": "4071", "new": "5093"}, headers=headers)
    assert (reply.status_code, reply.json["code"]) == (403, "session_needed")


def test_nonsense_is_nobody(house):
    for token in ("", "tlk_", "tlk_x", "x" * 5000):
        reply = house.client().get("/api/session", headers={"Authorization": f"Bearer {token}"})
        assert reply.status_code == 401
