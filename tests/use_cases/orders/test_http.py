"""Orders, stock and allocation over HTTP."""

import io

from flask.testing import FlaskClient

from backend.core.ids import uuid7
from tests.build.orders import order
from tests.build.people import key, somebody_logged_in
from tests.build.stock import a_site
from tests.conftest import HouseUnderTest


def test_an_order_comes_in_is_held_and_cancelled(house: HouseUnderTest) -> None:
    site = a_site(house)
    client = somebody_logged_in(house)
    body = {
        "warehouse_id": site.id,
        "shop": "web",
        "orders": [{"external_no": "1", "lines": [{"code": "TEA", "qty": 2}], "ship_to": {"city": "x"}}],
    }
    report = client.post("/api/orders/import", json=body, headers=key())
    assert (report.status_code, report.json["created"], report.json["problems"]) == (200, 1, [])
    order_id = order(site, "1").id
    (row,) = client.get(f"/api/orders?warehouse_id={site.id}&state=approved&held=false").json["items"]
    assert (row["id"], row["number"], row["units"], row["holds"]) == (order_id, "web-1", 2, [])
    held = client.post(f"/api/orders/{order_id}/hold", json={"reason": "manual"}, headers=key())
    assert held.json == {"order_id": order_id, "number": "web-1", "state": "approved", "holds": ["manual"]}
    sheet = client.get(f"/api/orders/{order_id}").json
    assert (sheet["ship_to"], sheet["lines"][0]["sku_code"], sheet["holds"][0]["reason"]) == (
        {"city": "x"},
        "TEA",
        "manual",
    )
    freed = client.post(f"/api/orders/{order_id}/release-hold", json={"reason": "manual"}, headers=key())
    assert freed.json["holds"] == []
    assert client.post(f"/api/orders/{order_id}/cancel", json={}, headers=key()).json["state"] == "cancelled"
    no = client.post(f"/api/orders/{order_id}/priority", json={"priority": 3}, headers=key())
    assert (no.status_code, no.json["code"]) == (409, "order_is_over")


def test_a_file_is_uploaded_and_its_report_read_page_by_page(house: HouseUnderTest) -> None:
    site = a_site(house)
    client = somebody_logged_in(house)
    text = b"Ref,sku,qty\n1,TEA,2\n2,POST,1\n3,POST,1\n"

    def send(headers: dict[str, str]) -> object:
        form = {
            "file": (io.BytesIO(text), "o.csv"),
            "warehouse_id": str(site.id),
            "columns": '{"Ref": "external_no"}',
        }
        return client.post("/api/orders/import-file", data=form, headers=headers)

    same = {"Idempotency-Key": uuid7()}
    first, again = send(same), send(same)
    assert first.status_code == 200, first.json
    assert first.json == again.json
    assert (first.json["created"], first.json["problem_count"]) == (1, 4)
    import_id = first.json["import_id"]
    assert client.get(f"/api/orders/imports/{import_id}").json["problems"] == 4
    page = client.get(f"/api/orders/imports/{import_id}/problems?limit=3").json
    assert (len(page["items"]), page["next"] is not None) == (3, True)
    assert [row["id"] for row in client.get("/api/orders/imports").json["items"]] == [import_id]
    missing = client.post("/api/orders/import-file", data={"warehouse_id": "1"}, headers=key())
    assert (missing.status_code, missing.json["code"]) == (422, "file_missing")


def balances(client: FlaskClient, warehouse_id: int) -> list[dict]:
    return client.get(f"/api/stock/balances?warehouse_id={warehouse_id}").json["items"]


def test_goods_are_received_carried_explained_and_proved(house: HouseUnderTest) -> None:
    site = a_site(house)
    client = somebody_logged_in(house)
    body = {"warehouse_id": site.id, "lines": [{"sku_id": site.skus["TEA"], "qty": 5}]}
    assert client.post("/api/stock/receipts", json=body, headers=key()).status_code == 201
    (row,) = balances(client, site.id)
    assert (row["location_code"], row["on_hand"], row["free"]) == ("STAGING", 5, 5)
    body = {"balance_id": row["id"], "qty": 2, "to_location_id": site["A-01"]}
    assert client.post("/api/stock/transfers", json=body, headers=key()).status_code == 201
    moves = client.get(f"/api/stock/balances/{row['id']}/moves").json["items"]
    assert [(move["reason"], move["change"], move["after"]) for move in moves] == [
        ("TRANSFER", -2, 3),
        ("RECEIPT", 5, 5),
    ]
    assert moves[0]["user_name"]
    sheet = client.get(f"/api/stock/explain?warehouse_id={site.id}&sku_id={site.skus['TEA']}").json
    assert (sheet["figure"]["atp"], len(sheet["balances"])) == (5, 2)
    (figure,) = client.get(f"/api/stock/figures?warehouse_id={site.id}&text=TE").json["items"]
    assert figure["sellable"] == 5
    past = client.get(f"/api/stock/as-of?warehouse_id={site.id}&at=2026-11-23T08:00:00Z").json["items"]
    assert sum(each["on_hand_then"] for each in past) == 5
    assert len(client.get(f"/api/stock/moves?warehouse_id={site.id}").json["items"]) == 2
    assert client.get("/api/stock/truth").json["sound"] is None
    one = client.get(f"/api/stock/balances/{row['id']}").json
    assert (one["balance"]["on_hand"], one["promises"]) == (3, [])


def test_who_may_not_is_told_so(house: HouseUnderTest) -> None:
    site = a_site(house)
    client = somebody_logged_in(house, "pick")
    for path in (f"/api/stock/balances?warehouse_id={site.id}", "/api/orders", "/api/stock/truth"):
        assert client.get(path).status_code == 403
    body = {"warehouse_id": site.id, "orders": []}
    assert client.post("/api/orders/import", json=body, headers=key()).status_code == 403


def test_policies_are_written_and_a_sweep_is_asked_for(house: HouseUnderTest) -> None:
    site = a_site(house)
    client = somebody_logged_in(house)
    written = [
        client.put("/api/orders/policies", json={"shop": "web", "most_units": 5}, headers=key()),
        client.put(
            "/api/orders/cut-offs",
            json={"warehouse_id": site.id, "carrier": "sf", "local_time": "17:30", "weekdays": [0, 1]},
            headers=key(),
        ),
        client.put(
            "/api/allocation/policy", json={"warehouse_id": site.id, "min_days_left": 9}, headers=key()
        ),
    ]
    assert [reply.status_code for reply in written] == [204, 204, 204]
    swept = client.post("/api/allocation/reserve", json={"warehouse_id": site.id}, headers=key())
    assert swept.json == {"reserved": 0, "backordered": 0, "more": False}
