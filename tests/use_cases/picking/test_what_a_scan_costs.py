"""A scan is what the house does most: its price is kept in sight."""

from typing import Any

from sqlalchemy import event

from tests.build.people import a_user, key, logged_in
from tests.build.picking import on_the_floor
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest

MOST_STATEMENTS = 18


def test_a_scan_takes_few_statements(house: HouseUnderTest) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=10)
    shop.order(APPLE=3)
    on_the_floor(shop)
    client = logged_in(house, a_user(house).id)

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/picking{path}", json=body, headers=key()).json

    task = post("/claim", warehouse_id=shop.hall.warehouse_id)["task"]
    where = f"/tasks/{task['id']}"
    version = post(f"{where}/totes", slot_no=1, lpn="TOTE-1")["task"]["version"]
    scan = {
        "line_id": task["lines"][0]["id"], "slot_no": 1, "location_code": "A-01-1", "sku_barcode": "APPLE", "qty": 1,
    }  # fmt: skip
    asked: list[str] = []
    event.listen(house.db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    first = post(f"{where}/picks", knows_version=version, **scan)
    opened = len(asked)
    asked.clear()
    second = post(f"{where}/picks", knows_version=first["change"]["version"], **scan)
    assert second["change"]["line"]["picked_qty"] == 2
    assert opened <= MOST_STATEMENTS, asked  # one more than later ones: the tote's balance is opened
    assert len(asked) < MOST_STATEMENTS, asked
