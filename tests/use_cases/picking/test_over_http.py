"""The handheld's way: the same verbs over HTTP, as the interface promises them."""

from typing import Any

from tests.build.people import a_user, key, logged_in
from tests.build.picking import on_the_floor
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest

TASK_FIELDS = {
    "id", "warehouse_id", "state", "mode", "wave", "due_at", "picker_id", "scan_each", "route_mm", "route", "here",
    "totes", "lines", "picks", "put_backs", "version",
}  # fmt: skip


def test_a_task_is_claimed_picked_and_finished_over_http(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    on_the_floor(shop)
    client = logged_in(house, a_user(house).id)

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/picking{path}", json=body, headers=key())

    task = post("/claim", warehouse_id=shop.hall.warehouse_id).json["task"]
    assert set(task) == TASK_FIELDS
    where = f"/tasks/{task['id']}"
    assert post(f"{where}/totes", slot_no=1, lpn="TOTE-1").json["tone"] == "ok"
    line = task["lines"][0]
    scan = {"line_id": line["id"], "slot_no": 1, "location_code": "A-01-1", "sku_barcode": "APPLE"}
    missed = post(f"{where}/mis-scans", line_id=line["id"], step="sku", scanned="X", expected="APPLE")
    assert (missed.status_code, missed.json["task"]) == (200, None)
    no = post(f"{where}/picks", qty=3, **scan)
    assert (no.status_code, no.json["code"], no.json["facts"]) == (
        409,
        "more_than_asked",
        {"qty": 3, "left": 2},
    )
    assert post(f"{where}/picks", qty=0, **scan).status_code == 422
    done = post(f"{where}/picks", qty=2, **scan).json
    assert (done["next_line_id"], done["task"]["lines"][0]["state"]) == (None, "picked")
    undone = post(f"{where}/undo", command_id=done["task"]["picks"][0]["command_id"]).json
    assert undone["task"]["picks"][0]["undone"]
    version = undone["task"]["version"]
    brief = post(f"{where}/picks", qty=2, knows_version=version, **scan).json
    assert (brief["task"], brief["change"]["version"]) == (None, version + 1)
    assert post(f"{where}/finish").json["task"]["state"] == "done"
    assert post("/claim", warehouse_id=shop.hall.warehouse_id).json == {"task": None}
    listed = client.get("/api/picking/tasks?state=done&mine=true").json
    assert [(row["id"], row["lines_open"]) for row in listed["items"]] == [(task["id"], 0)]
    assert client.get(f"/api/picking{where}").json["state"] == "done"
    assert client.get("/api/picking/tasks/999").status_code == 404
    shop.proven()


def test_a_supervisor_makes_a_wave_over_http(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=2)
    client = logged_in(house, a_user(house, "zhao", roles=("supervisor",)).id)
    body = {"warehouse_id": shop.hall.warehouse_id, "name": "All", "group_by": ["carrier"], "plan_seconds": 1}
    strategy = client.post("/api/waves/strategies", json=body, headers=key())
    assert strategy.status_code == 201
    strategy_id = strategy.json["id"]
    seen = client.get(f"/api/waves/preview?strategy_id={strategy_id}").json
    assert (seen["orders_in"], seen["rows"][0]["code"]) == (1, "in")
    wave_id = client.post("/api/waves", json={"strategy_id": strategy_id}, headers=key()).json["wave_id"]
    assert client.post(f"/api/waves/{wave_id}/plan", json={}, headers=key()).json["state"] == "planning"
    assert client.get("/api/waves?state=planning").json["items"][0]["id"] == wave_id
    assert client.get(f"/api/waves/{wave_id}").json["orders"][0]["wave_state"] == "in"
    assert client.post(f"/api/waves/{wave_id}/cancel", json={}, headers=key()).json["state"] == "cancelled"
    assert client.get(f"/api/floor/tasks?warehouse_id={shop.hall.warehouse_id}").json == []
    assert client.get(f"/api/floor/whereabouts?warehouse_id={shop.hall.warehouse_id}").json == []
