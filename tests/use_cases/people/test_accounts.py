"""Accounts, roles and who may hand out what."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from backend.core.errors import Forbidden, NotFound, Refusal, Unprocessable
from backend.master.people.models import Role, UserRole
from backend.master.people.rules import PERMISSIONS
from backend.master.people.use_cases import (
    ChangeRole,
    CreateRole,
    CreateUser,
    DeactivateUser,
    change_role,
    create_role,
    create_user,
    deactivate_user,
)
from tests.build.layout import a_warehouse
from tests.build.people import PIN, a_user, a_user_with, audited, badge_of, key, logged_in, somebody_logged_in


def office(house, **fields):
    return somebody_logged_in(house, login="office", **fields)


def put(client, user_id, **changes):
    body = {"name": "Wang", "language": "zh", "roles": ["picker"], "jobs": [], "warehouses": None} | changes
    return client.put(f"/api/people/users/{user_id}", json=body, headers=key())


def test_an_account_is_opened_with_everything_it_needs(house):
    place = a_warehouse(house)
    body = {
        "login": "Li.Na",
        "name": "李娜",
        "roles": ["picker", "packer"],
        "jobs": ["pick", "pack"],
        "warehouses": [place],
        "shops": ["tmall"],
        "pin": PIN,
        "password": "a long good phrase",
    }
    reply = office(house).post("/api/people/users", json=body, headers=key())
    assert reply.status_code == 201
    made = reply.json
    assert made["login"] == "li.na"
    assert (made["roles"], made["warehouses"], made["shops"], made["owners"]) == (
        ["packer", "picker"],
        [place],
        ["tmall"],
        None,
    )
    assert made["has_pin"] and made["has_password"] and made["has_badge"]
    assert logged_in(house, made["id"]).get("/api/session").json["permissions"] == [
        "pack",
        "pick",
        "view_orders",
        "view_stock",
    ]
    assert audited(house, "user_created")[-1][1] == f"user:{made['id']}"
    assert house.events("people.user_created")[-1]["body"]["user_id"] == made["id"]


def test_the_same_request_again_opens_no_second_account(house):
    client, headers = office(house), key()
    body = {"login": "li", "name": "Li", "pin": PIN}
    first = client.post("/api/people/users", json=body, headers=headers)
    again = client.post("/api/people/users", json=body, headers=headers)
    assert first.json == again.json
    other = client.post("/api/people/users", json=body | {"pin": "5093"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "command_id_reused")


def test_a_login_is_taken_once_also_when_two_ask_together(house):
    def make(number):
        try:
            return house.run(create_user, CreateUser, login="LI", name=f"Li {number}")
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(8)))
    assert made.count("login_taken") == 7


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"roles": ("king",)}, "unknown_role"),
        ({"jobs": ("fly",)}, "unknown_job"),
        ({"language": "tlh"}, "unknown_language"),
        ({"warehouses": (99,)}, "unknown_warehouse"),
        ({"login": "  "}, "login_empty"),
    ],
)
def test_an_account_with_unknown_words_is_refused(house, fields, code):
    with pytest.raises(Unprocessable, match=code):
        house.run(create_user, CreateUser, **{"login": "li", "name": "Li"} | fields)


def test_nobody_gives_away_rights_they_do_not_hold(house):
    by = house.actor_as(permissions={"manage_people", "pick", "view_stock"})
    assert house.run(create_user, CreateUser, by=by, login="li", name="Li", roles=("picker",)).roles == (
        "picker",
    )
    by = house.actor_as(permissions={"manage_people", "pick", "view_stock"})
    with pytest.raises(Refusal, match="cannot_grant"):
        house.run(create_user, CreateUser, by=by, login="wu", name="Wu", roles=("admin",))


def test_nobody_gives_away_places_they_do_not_hold(house):
    here, there = a_warehouse(house, "W1"), a_warehouse(house, "W2")
    for warehouses in ((there,), None):
        by = house.actor_as(warehouses=frozenset({here}))
        with pytest.raises(Forbidden, match="scope_too_wide"):
            house.run(create_user, CreateUser, by=by, login="li", name="Li", warehouses=warehouses)
    by = house.actor_as(shops=frozenset({"tmall"}))
    with pytest.raises(Forbidden, match="scope_too_wide"):
        house.run(create_user, CreateUser, by=by, login="li", name="Li", warehouses=(here,), shops=("jd",))


def test_changed_rights_count_from_the_next_request(house):
    user = a_user(house)
    handheld, desk = logged_in(house, user.id), office(house)
    assert put(desk, user.id, roles=["shelver"], warehouses=[]).status_code == 200
    now = handheld.get("/api/session").json
    assert (now["permissions"], now["warehouses"]) == (["shelve", "view_stock"], [])
    assert house.events("people.grants_changed")[-1]["channel"] == f"user:{user.id}"
    assert [len(audited(house, each)) for each in ("user_changed", "roles_changed", "scopes_changed")] == [
        1,
        1,
        1,
    ]


def test_an_account_with_more_rights_than_ones_own_is_out_of_reach(house):
    boss = a_user(house, "boss", roles=("admin",))
    desk = somebody_logged_in(house, "manage_people", "pick", login="clerk")
    for path, body in (
        ("pin", {"pin": PIN}),
        ("password", {"password": "a long good phrase"}),
        ("badge", {}),
        ("deactivate", {}),
    ):
        reply = desk.post(f"/api/people/users/{boss.id}/{path}", json=body, headers=key())
        assert (reply.status_code, reply.json["code"]) == (403, "outranked")


def test_the_last_one_who_manages_people_stays(house):
    boss = a_user(house, "boss", roles=("admin",))
    for attempt in (lambda: house.run(deactivate_user, DeactivateUser, user_id=boss.id),):
        with pytest.raises(Refusal, match="last_admin"):
            attempt()
    desk = logged_in(house, boss.id)
    assert put(desk, boss.id, roles=["picker"]).json["code"] == "last_admin"
    itself = desk.post(f"/api/people/users/{boss.id}/deactivate", headers=key())
    assert itself.json["code"] == "not_yourself"


def test_two_administrators_cannot_remove_each_other_together(house):
    one, two = a_user(house, "one", roles=("admin",)), a_user(house, "two", roles=("admin",))

    def close(user_id):
        try:
            return house.run(deactivate_user, DeactivateUser, user_id=user_id).active
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(map(str, pool.map(close, (one.id, two.id)))) == ["False", "last_admin"]


def test_a_closed_account_is_logged_out_and_may_be_opened_again(house):
    user = a_user(house)
    handheld, desk = logged_in(house, user.id), office(house)
    assert desk.post(f"/api/people/users/{user.id}/deactivate", headers=key()).json["active"] is False
    assert handheld.get("/api/session").status_code == 401
    assert house.events("people.user_deactivated")[0]["body"]["user_id"] == user.id
    assert desk.post(f"/api/people/users/{user.id}/activate", headers=key()).json["active"] is True
    logged_in(house, user.id)


def test_a_new_badge_makes_the_old_one_worthless(house):
    user = a_user(house)
    handheld, desk, old = logged_in(house, user.id), office(house), badge_of(house, user.id)
    assert desk.post(f"/api/people/users/{user.id}/badge", headers=key()).status_code == 204
    assert badge_of(house, user.id) != old
    assert handheld.get("/api/session").status_code == 401
    assert house.client().post("/api/session/badge", json={"badge": old, "pin": PIN}).status_code == 401
    assert len(audited(house, "badge_changed")) == 1


def test_the_picture_of_a_badge_says_what_is_scanned(house):
    user = a_user(house)
    reply = office(house).get(f"/api/people/users/{user.id}/badge.png")
    assert (reply.status_code, reply.content_type) == (200, "image/png")
    assert reply.headers["Cache-Control"] == "no-store"
    assert zxingcpp.read_barcodes(Image.open(io.BytesIO(reply.data)))[0].text == badge_of(house, user.id)
    bare = a_user(house, "bare", badge=False)
    client = logged_in(house, a_user(house, "boss", roles=("admin",)).id)
    assert client.get(f"/api/people/users/{bare.id}/badge.png").json["code"] == "no_badge"
    assert client.get("/api/people/users/999/badge.png").json["code"] == "user_not_found"


def test_a_supervisor_lets_somebody_try_again(house):
    user = a_user(house)
    client, badge = house.client(), badge_of(house, user.id)
    for _ in range(5):
        client.post("/api/session/badge", json={"badge": badge, "pin": "0000"})
    board = somebody_logged_in(house, "supervise")
    assert board.post(f"/api/people/users/{user.id}/unlock", headers=key()).status_code == 204
    logged_in(house, user.id)
    assert len(audited(house, "login_unlocked")) == 1
    assert board.post("/api/people/users/999/unlock", headers=key()).json["code"] == "user_not_found"


def test_people_are_listed_found_and_paged(house):
    for login in ("anna", "bert", "cai"):
        a_user(house, login)
    desk = office(house)
    page = desk.get("/api/people/users?limit=2").json
    assert [row["login"] for row in page["items"]] == ["anna", "bert"]
    assert [row["login"] for row in desk.get(f"/api/people/users?cursor={page['next']}").json["items"]] == [
        "cai",
        "office",
    ]
    assert [row["login"] for row in desk.get("/api/people/users?q=ER").json["items"]] == ["bert"]
    assert desk.get("/api/people/users?q=%25").json["items"] == []
    assert desk.get("/api/people/users/999").status_code == 404
    assert "hash" not in desk.get("/api/people/users").text


def test_a_role_of_the_houses_own_reaches_everybody_who_has_it(house):
    desk = office(house)
    made = desk.post(
        "/api/people/roles",
        json={"code": "counter", "name": "Counter", "permissions": ["view_stock"]},
        headers=key(),
    )
    assert made.status_code == 201
    user = a_user(house, roles=("counter",))
    handheld = logged_in(house, user.id)
    body = {"name": "Counter", "permissions": ["adjust_stock", "view_stock"]}
    assert desk.put(f"/api/people/roles/{made.json['id']}", json=body, headers=key()).status_code == 200
    assert handheld.get("/api/session").json["permissions"] == ["adjust_stock", "view_stock"]
    listed = {row["code"]: row for row in desk.get("/api/people/roles").json}
    assert listed["counter"]["people"] == 1
    assert [len(audited(house, each)) for each in ("role_created", "role_changed")] == [2, 1]


def test_roles_that_may_not_be_written_are_refused(house):
    role = house.run(create_role, CreateRole, code="counter", name="C", permissions=("pick",))
    wanted = [
        (create_role, CreateRole, {"code": "counter", "name": "C", "permissions": ()}, "role_taken"),
        (create_role, CreateRole, {"code": "admin", "name": "C", "permissions": ()}, "role_taken"),
        (create_role, CreateRole, {"code": "Bad code", "name": "C", "permissions": ()}, "bad_role_code"),
        (
            create_role,
            CreateRole,
            {"code": "flyer", "name": "C", "permissions": ("fly",)},
            "unknown_permission",
        ),
        (change_role, ChangeRole, {"role_id": 999, "name": "C", "permissions": ()}, "role_not_found"),
    ]
    for use_case, command, fields, code in wanted:
        with pytest.raises(Refusal, match=code):
            house.run(use_case, command, **fields)
    by = house.actor_as(permissions={"manage_people"})
    a_user(house, "boss", roles=("admin",))
    with pytest.raises(Refusal, match="cannot_grant"):
        house.run(change_role, ChangeRole, by=by, role_id=role.id, name="C", permissions=("pick", "pack"))
    with house.read() as session:
        admin_id = session.scalar(select(Role.id).where(Role.code == "admin"))
    with pytest.raises(Refusal, match="builtin_role"):
        house.run(change_role, ChangeRole, role_id=admin_id, name="C", permissions=())


def test_a_role_that_holds_the_last_manager_keeps_that_right(house):
    boss = a_user_with(house, *sorted(PERMISSIONS), login="boss")
    with house.read() as session:
        role_id = session.scalar(select(UserRole.role_id).where(UserRole.user_id == boss.id))
    with pytest.raises(Refusal, match="last_admin"):
        house.run(change_role, ChangeRole, role_id=role_id, name="C", permissions=("pick",))


def test_somebody_out_of_sight_is_not_found(house):
    here, there = a_warehouse(house, "W1"), a_warehouse(house, "W2")
    user = a_user(house, warehouses=(there,))
    with pytest.raises(NotFound, match="user_not_found"):
        house.run(
            deactivate_user, DeactivateUser, by=house.actor_as(warehouses=frozenset({here})), user_id=user.id
        )
