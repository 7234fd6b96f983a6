"""A day in a small warehouse, all of it through the API: goods in, orders in, a wave, a cart, the desk's questions."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.outbound.waves.models import WaveOrder
from backend.outbound.waves.queries import wave_allocations
from backend.outbound.waves.use_cases import PlannedBatch, RecordPlan, record_plan
from tests.build.layout import a_layout
from tests.build.people import PASSWORD, PIN, a_user_with, badge_of, somebody_logged_in
from tests.conftest import EVERYTHING, HouseUnderTest
from tests.contract.witness import Witness


@dataclass
class Day:
    """What the parts of the day hand on to each other."""

    witness: Witness
    user_id: int
    warehouse_id: int = 0
    bins: dict[str, int] | None = None
    skus: dict[str, int] | None = None
    order_ids: tuple[int, ...] = ()
    wave_id: int = 0
    task_id: int = 0

    @property
    def house(self) -> HouseUnderTest:
        """Where it happens."""
        return self.witness.house


def a_day(house: HouseUnderTest) -> Day:
    """The whole day."""
    day = _open(house)
    for part in (_goods, _orders, _wave, _cart, _desk, _office, _close):
        part(day)
    return day


def _open(house: HouseUnderTest) -> Day:
    user = a_user_with(house, *sorted(EVERYTHING), login="li")
    witness = Witness(house, house.client())
    assert witness.post("/api/session/badge", badge=badge_of(house, user.id), pin="0000")["code"]
    session = witness.post("/api/session/badge", badge=badge_of(house, user.id), pin=PIN)
    assert session["user"]["id"] == user.id
    assert witness.post("/api/session/password", login="li", password=PASSWORD)["permissions"]
    assert witness.get("/api/session")["user"]["name"] == "Li"
    witness.post("/api/session/language", language="en")
    day = Day(witness, user.id)
    day.warehouse_id = witness.post("/api/layout/warehouses", code="W1", name="First", timezone="UTC")["id"]
    return day


def _goods(day: Day) -> None:
    w, place = day.witness, day.warehouse_id
    assert w.post("/api/layout/import", warehouse_id=place, **a_layout())["created"] > 20
    hall = f"/api/layout/warehouses/{place}"
    drawn = w.get(f"{hall}/map")
    columns = drawn["bin_columns"]
    extra = json.dumps({"zones": [{"code": "BACK", "kind": "returns"}]})
    w.upload(f"{hall}/import-file", "hall.json", extra)
    day.bins = {row[columns.index("code")]: row[columns.index("id")] for row in drawn["bins"]}
    assert w.get("/api/layout/warehouses")[0]["id"] == place
    assert w.get(f"{hall}/locations", limit=5)["next"]
    assert w.get(f"{hall}/scan", text="A-01-1")["check_code"]
    assert w.get(f"{hall}/scan", text="nowhere")["code"]
    aisle = drawn["aisles"][1]["id"]
    assert w.post(f"/api/layout/aisles/{aisle}/block", y_from_mm=1000, y_to_mm=1500, reason="spill")["id"]
    assert w.get(f"{hall}/map")["aisles"][1]["stretches"] == [[1000, 1500]]
    w.post(f"/api/layout/aisles/{aisle}/unblock")
    w.post(f"/api/layout/locations/{day.bins['B-05-2']}/block", reason="broken shelf")
    w.post(f"/api/layout/locations/{day.bins['B-05-2']}/unblock")
    sku = {"weight_g": 200, "length_mm": 90, "width_mm": 60, "height_mm": 30}
    carton = {"code": "CARTON-APPLE", "qty": 12}
    pack = {"name": "carton", "qty": 12, "weight_g": 2500}
    made = {
        "APPLE": w.post(
            "/api/catalog/skus", code="APPLE", name="Apple", barcodes=[carton], packs=[pack], **sku
        ),
        "MILK": w.post("/api/catalog/skus", code="MILK", name="Milk", lot_policy="lot_expiry", **sku),
        "PEN": w.post("/api/catalog/skus", code="PEN", name="Pen", fragile=True, **sku),
        "SET": w.post("/api/catalog/skus", code="SET", name="Writing set", **sku),
    }
    day.skus = {code: row["id"] for code, row in made.items()}
    parts = [{"code": "PEN", "qty": 2}, {"code": "APPLE"}]
    w.put(f"/api/catalog/skus/{day.skus['SET']}/parts", parts=parts)
    pen = f"/api/catalog/skus/{day.skus['PEN']}"
    added = w.post(f"{pen}/barcodes", code="6901234567892")
    w.send("DELETE", f"{pen}/barcodes/{w.post(f'{pen}/barcodes', code='OLD-PEN')['id']}")
    w.send("PATCH", pen, {"name": "Ball pen", "velocity": "A"})
    assert w.get(pen)["card"]["barcodes"]
    assert w.get("/api/catalog/scan", text=added["code"])["candidates"]
    assert w.get("/api/catalog/scan", text="(10)LOT1(17)271231")["lot"] == "LOT1"
    assert w.get("/api/catalog/skus", search="SET")["items"][0]["is_bundle"]
    w.post("/api/catalog/skus/import", rows=[{"code": "BOOK", "name": "Book"}, {"code": ""}])
    assert b"APPLE" in w.get("/api/catalog/skus/export")
    w.upload("/api/catalog/skus/import-file", "skus.csv", "code,name\nCUP,Cup\n")
    _receive(day)


def _receive(day: Day) -> None:
    w, place, bins, skus = day.witness, day.warehouse_id, day.bins or {}, day.skus or {}
    lot = {"lot_code": "L1", "expiry_on": "2027-12-31", "mfg_on": "2026-10-01"}
    lines: list[dict[str, Any]] = [
        {"sku_id": skus["APPLE"], "qty": 50, "to_location_id": bins["A-01-1"]},
        {"sku_id": skus["APPLE"], "qty": 50, "to_location_id": bins["B-02-1"]},
        {"sku_id": skus["PEN"], "qty": 50, "to_location_id": bins["A-03-2"]},
        {"sku_id": skus["MILK"], "qty": 20, "to_location_id": bins["B-04-1"], **lot},
        {"sku_id": skus["PEN"], "qty": 10, "lpn": "PALLET-1"},
        {"sku_id": skus["PEN"], "qty": 1, "quality": "defective", "lpn": "BOX-1"},
    ]
    assert w.post("/api/stock/receipts", warehouse_id=place, lines=lines, note="first")["move_ids"]
    assert w.post("/api/stock/receipts", warehouse_id=place, lines=[lines[3] | {"lot_code": None}])["code"]
    w.post("/api/stock/handling-units/nest", lpn="BOX-1", parent_lpn="PALLET-1")
    w.post("/api/stock/handling-units/move", lpn="PALLET-1", to_location_id=bins["B-05-1"])
    pens = w.get("/api/stock/balances", warehouse_id=place, location_id=bins["A-03-2"])["items"][0]
    moved = w.post("/api/stock/transfers", balance_id=pens["id"], qty=5, to_location_id=bins["A-04-2"])
    w.post(f"/api/stock/moves/{moved['move_ids'][0]}/correct", note="wrong bin")
    w.post("/api/stock/quality-changes", balance_id=pens["id"], qty=1, note="dented")
    w.post(
        "/api/stock/adjustments", location_id=bins["A-03-2"], sku_id=skus["PEN"], qty_delta=-1, note="count"
    )


def _orders(day: Day) -> None:
    w, place = day.witness, day.warehouse_id
    w.put("/api/orders/policies", shop="web", auto_approve=False, most_units=100)
    w.put("/api/orders/cut-offs", warehouse_id=place, carrier="SF", local_time="18:00")
    w.put("/api/allocation/policy", warehouse_id=place, min_days_left=30)

    def order(number: str, *lines: tuple[str, int], **more: Any) -> dict[str, Any]:
        wanted = [{"code": code, "qty": qty} for code, qty in lines]
        return {"external_no": number, "carrier": "SF", "lines": wanted, **more}

    orders = [
        order("1", ("APPLE", 2), ("MILK", 1), tags=["gift"], ship_to={"city": "Ningbo"}),
        order("2", ("SET", 1), promise_at="2026-11-24T09:00:00+00:00"),
        order("3", ("PEN", 3)),
        order("4", ("PEN", 4), ("APPLE", 1)),
        order("5", ("APPLE", 1)),
        order("6", ("NOBODY KNOWS", 1)),
    ]
    report = w.post("/api/orders/import", warehouse_id=place, shop="web", orders=orders)
    assert (report["created"], report["refused"]) == (5, 1)
    assert w.get(f"/api/orders/imports/{report['import_id']}")["state"] == "done"
    assert w.get(f"/api/orders/imports/{report['import_id']}/problems")["items"]
    w.upload(
        "/api/orders/import-file", "more.csv", "order,sku,qty\n7,PEN,1\n", warehouse_id=place, shop="web"
    )
    assert w.get("/api/orders/imports")["items"]
    listed = w.get("/api/orders", warehouse_id=place, text="web")["items"]
    by_number = {row["external_no"]: row["id"] for row in listed}
    for order_id in by_number.values():
        assert w.post(f"/api/orders/{order_id}/approve")["state"] == "approved"
    day.house.work()
    w.post("/api/allocation/reserve", warehouse_id=place)
    fifth = f"/api/orders/{by_number['5']}"
    assert w.post(f"{fifth}/hold", reason="address_changed", note="call first")["holds"]
    assert w.get("/api/orders", held=True)["items"][0]["holds"] == ["address_changed"]
    w.post(f"{fifth}/release-hold", reason="address_changed")
    w.post(f"{fifth}/priority", priority=5)
    assert w.post(f"{fifth}/cancel")["state"] == "cancelled"
    assert w.post(f"{fifth}/approve")["code"]
    day.order_ids = tuple(by_number[number] for number in "1234")
    assert w.get(f"/api/orders/{day.order_ids[0]}")["order"]["state"] == "reserved"
    day.house.work()


def _wave(day: Day) -> None:
    w, place = day.witness, day.warehouse_id
    wishes: dict[str, Any] = {
        "name": "All",
        "warehouse_id": place,
        "plan_seconds": 1,
        "scan_mode": "quantity",
    }
    strategy = w.post("/api/waves/strategies", **wishes)
    w.put(f"/api/waves/strategies/{strategy['id']}", **wishes, cart_totes=12)
    assert w.get("/api/waves/strategies", warehouse_id=place)[0]["cart_totes"] == 12
    preview = w.get("/api/waves/preview", strategy_id=strategy["id"])
    assert preview["orders_in"] >= 4
    first = w.post("/api/waves", strategy_id=strategy["id"])["wave_id"]
    w.post(f"/api/waves/{first}/cancel")
    day.wave_id = w.post("/api/waves", strategy_id=strategy["id"])["wave_id"]
    where = f"/api/waves/{day.wave_id}"
    assert w.post(f"{where}/release")["code"]
    assert w.post(f"{where}/plan")["state"] == "planning"
    w.post(f"{where}/stop")
    _plan(day)
    assert w.get(where)["batches"]
    assert w.post(f"{where}/release")["state"] == "released"
    assert w.get("/api/waves", state="released")["items"]
    day.house.work()


def _plan(day: Day) -> None:
    """One cart with everything: the optimiser has tests of its own."""
    with day.house.read() as session:
        goods = wave_allocations(session, day.wave_id)
        wanted = select(WaveOrder.order_id).where(WaveOrder.wave_id == day.wave_id, WaveOrder.state == "in")
        ids = tuple(session.scalars(wanted.order_by(WaveOrder.order_id)))
    batches = tuple(
        PlannedBatch((one,), tuple(sorted({line.location_id for line in goods[one]})), 10_000) for one in ids
    )
    day.house.run(
        record_plan, RecordPlan, wave_id=day.wave_id, batches=batches, objective_mm=50_000,
        bound_mm=40_000, status="feasible", elapsed_s=1,
    )  # fmt: skip


def _cart(day: Day) -> None:
    w, place = day.witness, day.warehouse_id
    assert w.get("/api/picking/tasks", state="open")["items"]
    waiting = w.get("/api/floor/tasks", warehouse_id=place)
    w.post(f"/api/floor/tasks/{waiting[-1]['id']}/priority", priority=1)
    colleague = Witness(day.house, somebody_logged_in(day.house, login="zhao"), w.seen)
    theirs = colleague.post("/api/picking/claim", warehouse_id=place)["task"]["id"]
    colleague.post(f"/api/picking/tasks/{theirs}/suspend")
    assert w.post(f"/api/picking/tasks/{theirs}/take-over")["task"]["picker_id"] == day.user_id
    while task := w.post("/api/picking/claim", warehouse_id=place)["task"]:
        day.task_id = task["id"]
        _walk(day, task)
    assert w.get("/api/floor/whereabouts", warehouse_id=place)


def _walk(day: Day, task: dict[str, Any]) -> None:
    w, where = day.witness, f"/api/picking/tasks/{task['id']}"
    held = day.order_ids[3]
    assert w.post(f"{where}/claim")["task"]["id"] == task["id"]
    slots = {tote["order_id"]: tote["slot_no"] for tote in task["totes"]}
    w.post(f"{where}/totes", slot_no=1, lpn=f"TOTE-{task['id']}")
    w.post(f"{where}/suspend")
    task = w.post(f"{where}/resume")["task"]
    w.post(f"{where}/mis-scans", line_id=task["lines"][0]["id"], step="sku", scanned="X", expected="Y")
    w.post(f"{where}/skips", line_id=task["lines"][0]["id"])
    for line in task["lines"]:
        scan = {
            "line_id": line["id"], "slot_no": 1, "location_code": line["location"]["code"],
            "sku_barcode": line["sku"]["code"], "lot_code": line["lot"] and line["lot"]["code"],
        }  # fmt: skip
        assert w.post(f"{where}/picks", qty=999, **scan)["code"] == "more_than_asked"
        if line["qty"] > 1 and held not in slots:
            assert w.post(f"{where}/shorts", line_id=line["id"], qty=1, reason="damaged")["tone"] == "warn"
        line = next(each for each in w.get(where)["lines"] if each["id"] == line["id"])  # noqa: PLW2901
        left = line["qty"] - line["picked_qty"] - line["short_qty"]
        done = w.post(f"{where}/picks", qty=left, **scan)["task"]
        w.post(f"{where}/undo", pick_id=done["picks"][-1]["id"])
        version = w.get(where)["version"]
        assert w.post(f"{where}/picks", qty=left, knows_version=version, **scan)["change"]
    if held in slots:
        _stop(day, where, held)
    _rest(day, where)
    assert w.post(f"{where}/finish")["task"]["state"] == "done"


def _stop(day: Day, where: str, order_id: int) -> None:
    """The customer changes their mind when the goods are in the tote."""
    w = day.witness
    w.post(f"/api/orders/{order_id}/hold", reason="refund_requested")
    day.house.work()
    for entry in w.get(where)["put_backs"]:
        names = ("order_id", "line_id", "qty", "location_code")
        w.post(f"{where}/put-backs", **{name: entry[name] for name in names})


def _rest(day: Day, where: str) -> None:
    """What a short pick sent to other bins."""
    w = day.witness
    for line in w.get(where)["lines"]:
        for split in line["splits"]:
            left = split["qty"] - split["picked_qty"] - split["short_qty"]
            if left:
                w.post(
                    f"{where}/picks", line_id=line["id"], slot_no=split["slot_no"], qty=left,
                    location_code=line["location"]["code"], sku_barcode=line["sku"]["code"],
                    lot_code=line["lot"] and line["lot"]["code"],
                )  # fmt: skip


def _desk(day: Day) -> None:
    w, place, apple = day.witness, day.warehouse_id, (day.skus or {})["APPLE"]
    day.house.clock.advance(seconds=90)
    day.house.work()
    board = w.get("/api/board", warehouse_id=place)
    assert board["waves"] or board["rates"]["lines_today"]
    explained = w.get("/api/stock/explain", warehouse_id=place, sku_id=apple)
    assert explained["balances"]
    balance = f"/api/stock/balances/{explained['balances'][0]['id']}"
    w.get(balance)
    assert w.get(f"{balance}/moves")["items"][0]["user_name"] == "Li"
    assert w.get("/api/stock/figures", warehouse_id=place)["items"]
    assert w.get("/api/stock/moves", warehouse_id=place, limit=200)["items"]
    assert w.get("/api/stock/as-of", warehouse_id=place, at=day.house.clock.now().isoformat())["items"]
    assert w.get("/api/stock/truth")
    channel = f"warehouse:{place}"
    assert w.get("/api/realtime/replay", channel=channel, after=1)["events"]
    assert w.get("/api/jobs", state="done")["items"]
    assert w.get("/api/picking/tasks", mine=True)["items"]


def _office(day: Day) -> None:
    w, place = day.witness, day.warehouse_id
    role = w.post("/api/people/roles", code="temp", name="Temp", permissions=["pick"])
    w.put(f"/api/people/roles/{role['id']}", name="Helper", permissions=["pick", "pack"])
    user = w.post(
        "/api/people/users", login="temp", name="Temp", roles=["temp"], warehouses=[place], pin="408213"
    )
    one = f"/api/people/users/{user['id']}"
    w.put(one, name="Temp Two", roles=["temp"], warehouses=None)
    assert w.get(one)["has_pin"]
    w.post(f"{one}/pin", pin="730514")
    w.post(f"{one}/password", password="a horse in the battery")
    w.post(f"{one}/badge")
    assert w.get(f"{one}/badge.png")
    w.post(f"{one}/unlock")
    w.post(f"{one}/revoke-sessions")
    made = w.post("/api/people/api-keys", user_id=day.user_id, name="ERP", permissions=["view_stock"])
    w.post(f"/api/people/api-keys/{made['id']}/revoke")
    w.post(f"{one}/deactivate")
    w.post(f"{one}/activate")
    for path in ("users", "roles", "sessions", "api-keys", "audit"):
        assert w.get(f"/api/people/{path}")
    other = somebody_logged_in(day.house, login="other").get("/api/session").json
    w.post(f"/api/people/sessions/{other['session_id']}/revoke")
    offer = w.post("/api/devices/enrolments", warehouse_id=place)
    device = w.post("/api/devices/enrol", code=offer["code"], name="Gun 1")
    w.post(f"/api/devices/{device['id']}/rename", name="Gun 2")
    assert w.get("/api/devices")
    w.post(f"/api/devices/{device['id']}/revoke")
    assert w.get("/api/integrations/events")
    hook: dict[str, Any] = {"name": "ERP", "url": "https://erp.example/in", "names": ["stock.*"]}
    where = f"/api/integrations/webhooks/{w.post('/api/integrations/webhooks', **hook)['id']}"
    w.put(where, **hook, active=True)
    assert w.post(f"{where}/secret")["secret"]
    w.post(f"{where}/ping")
    assert w.get("/api/integrations/webhooks")
    assert w.get("/api/integrations/deliveries")["items"]


def _close(day: Day) -> None:
    w = day.witness
    for page in ("/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/docs"):
        assert w.get(page)
    w.post("/api/session/own-pin", old=PIN, new="508264")
    w.post("/api/session/own-password", old=PASSWORD, new="staple in the battery")
    w.send("DELETE", "/api/session")
    assert w.get("/api/session")["code"] == "login_needed"
