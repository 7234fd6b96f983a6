"""The audit log: everything that touches security, newest first, and nothing ever changed."""

import ast
from pathlib import Path

from tests.build.people import a_user, audited, key, logged_in, somebody_logged_in

ROOM = Path(__file__).parents[3] / "backend" / "master" / "people"


def test_the_log_is_read_by_those_who_manage_people_only(house):
    assert somebody_logged_in(house, "supervise", login="boss").get("/api/people/audit").status_code == 403
    assert (
        somebody_logged_in(house, "manage_people", login="clerk").get("/api/people/audit").status_code == 200
    )


def test_the_log_comes_newest_first_in_pages_and_can_be_narrowed(house):
    user = a_user(house)
    logged_in(house, user.id)
    client = somebody_logged_in(house, "manage_people", login="clerk")
    page = client.get("/api/people/audit?limit=2").json
    assert [row["action"] for row in page["items"]] == ["login_ok", "user_created"]
    rest = client.get(f"/api/people/audit?cursor={page['next']}&limit=200").json["items"]
    assert len(rest) + 2 == len(audited(house))
    mine = client.get(f"/api/people/audit?subject=user:{user.id}&action=login_ok").json["items"]
    assert [(row["actor_id"], row["actor_name"]) for row in mine] == [(user.id, "Wang")]
    assert client.get("/api/people/audit?since=2027-01-01T00:00:00Z").json["items"] == []
    assert client.get("/api/people/audit?until=2027-01-01T00:00:00Z&actor_id=1").status_code == 200
    assert client.get("/api/people/audit?since=2027-01-01").status_code == 422


def test_an_entry_names_the_address_of_the_one_who_acted(house):
    client = somebody_logged_in(house, login="boss")
    client.post("/api/people/users", json={"login": "li", "name": "Li"}, headers=key())
    row = client.get("/api/people/audit?action=user_created&limit=1").json["items"][0]
    assert (row["actor_name"], row["address"]) == ("Boss", "127.0.0.1")


def test_no_line_of_the_room_changes_or_deletes_an_entry():
    for path in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"update", "delete"}
            ):
                named = [each.id for each in node.args if isinstance(each, ast.Name)]
                assert "AuditEntry" not in named, path
