"""Every command of the sockets is a route of the API too: same verb, same shapes, same right, same answer."""

from typing import Any

import pytest
from flask_socketio import SocketIOTestClient

from backend.core.http import Deed, RouteRule
from backend.core.ids import uuid7
from backend.orders.use_cases import HoldOrder, hold_order
from backend.outbound.picking.queries import sheet_of
from backend.rooms import ROOMS, part
from tests.build.people import a_user_with, logged_in
from tests.build.picking import on_the_floor
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest

COMMANDS: dict[str, tuple[str, Deed]] = {
    name: (room, deed)
    for room in ROOMS
    if (module := part(room, "sockets"))
    for name, deed in module.COMMANDS.items()
}


def routes(house: HouseUnderTest) -> dict[str, tuple[str, str, RouteRule]]:
    """Method, path and rule of every command over HTTP, by `room.verb`."""
    found = {}
    for rule in house.app.url_map.iter_rules():
        about = getattr(house.app.view_functions[rule.endpoint], "tideline", None)
        if isinstance(about, RouteRule) and about.kind == "command":
            (method,) = (rule.methods or set()) - {"OPTIONS"}
            found[f"{rule.endpoint.partition('.')[0]}.{about.name}"] = (method, rule.rule, about)
    return found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_the_same_line_in_both_tables(house: HouseUnderTest, name: str) -> None:
    room, deed = COMMANDS[name]
    assert name == f"{room.rpartition('.')[2]}.{deed.use_case.__name__}"
    _, _, about = routes(house)[name]
    assert (deed.takes, deed.gives, deed.may) == (about.takes, about.gives, about.may)
    assert about.status == 200, "an acknowledgement always says 200"


def test_every_command_of_the_handheld_is_offered_over_sockets(house: HouseUnderTest) -> None:
    assert {name for name in routes(house) if name.startswith("picking.")} == set(COMMANDS)
    assert set(house.app.extensions["tideline_background"].sockets.deeds) == set(COMMANDS)


class BothWays:
    """A picker who sends each command over HTTP and again, under the same id, over the socket."""

    def __init__(self, house: HouseUnderTest, login: str = "wang") -> None:
        self.routes = routes(house)
        self.browser = logged_in(house, a_user_with(house, "pick", login=login, warehouses=None).id)
        sockets = house.app.extensions["tideline_background"].sockets
        self.socket: SocketIOTestClient = sockets.socketio.test_client(
            house.app, flask_test_client=self.browser
        )
        self.done: set[str] = set()

    def over_socket(self, name: str, command_id: str, body: dict[str, Any]) -> Any:
        """The acknowledgement."""
        return self.socket.emit("command", {"name": name, "id": command_id, "body": body}, callback=True)

    def over_http(self, name: str, command_id: str, body: dict[str, Any]) -> Any:
        """The reply."""
        method, rule, _ = self.routes[name]
        path = rule.replace("<int:task_id>", str(body.get("task_id", "")))
        rest = {key: value for key, value in body.items() if f":{key}>" not in rule}
        return self.browser.open(path, method=method, json=rest, headers={"Idempotency-Key": command_id})

    def do(self, name: str, *, socket_first: bool = False, **body: Any) -> Any:
        """Both ways; the body that both gave."""
        command_id = uuid7()
        if socket_first:
            said = self.over_socket(name, command_id, body)
            answer = self.over_http(name, command_id, body)
        else:
            answer = self.over_http(name, command_id, body)
            said = self.over_socket(name, command_id, body)
        assert said["status"] == answer.status_code, (said, answer.json)
        assert said["ok"] == (answer.status_code < 400)
        assert said["body"] == answer.json
        if said["ok"]:
            self.done.add(name)
        return said["body"]


def test_each_acknowledgement_is_the_http_reply_whichever_way_came_first(house: HouseUnderTest) -> None:
    shop = _a_shop_with_orders(house)
    wang, zhao = BothWays(house), BothWays(house, "zhao")
    where = {"warehouse_id": shop.hall.warehouse_id}
    task_id = wang.do("picking.claim_next_task", **where)["task"]["id"]
    wang.do("picking.suspend_task", task_id=task_id)
    zhao.do("picking.take_over_task", task_id=task_id, socket_first=True)
    zhao.do("picking.suspend_task", task_id=task_id)
    assert zhao.do("picking.resume_task", task_id=task_id)["task"]["state"] == "claimed"
    _pick_a_cart(zhao, task_id, socket_first=False)
    house.run(hold_order, HoldOrder, order_id=order_of(house, task_id), reason="address_changed")
    house.work()
    _put_back_and_finish(zhao, task_id, socket_first=False)
    task_id = wang.do("picking.claim_next_task", socket_first=True, **where)["task"]["id"]
    _pick_a_cart(wang, task_id, socket_first=True)
    _put_back_and_finish(wang, task_id, socket_first=True)
    assert wang.do("picking.claim_next_task", **where) == {"task": None}
    assert wang.done | zhao.done == set(COMMANDS)
    shop.proven()


def _a_shop_with_orders(house: HouseUnderTest) -> Shop:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=20)
    shop.stock("PEAR", A_03_1=20)
    for _ in range(2):
        shop.order(APPLE=3, PEAR=1)
    on_the_floor(shop, totes=1)
    return shop


def order_of(house: HouseUnderTest, task_id: int) -> int:
    """The one order on the cart."""
    with house.read() as session:
        (tote,) = sheet_of(session, task_id)["totes"]
    return int(tote["order_id"])


def _pick_a_cart(way: BothWays, task_id: int, *, socket_first: bool) -> None:
    def do(name: str, **body: Any) -> Any:
        return way.do(f"picking.{name}", socket_first=socket_first, task_id=task_id, **body)

    task = do("claim_task")["task"]
    first, second = (line["id"] for line in task["lines"])
    scan = {"slot_no": 1, "line_id": first, "location_code": "A-01-1", "sku_barcode": "APPLE"}
    assert do("confirm_pick", qty=1, **scan)["code"] == "tote_not_bound"
    do("bind_tote", slot_no=1, lpn=f"TOTE-{task_id}")
    do("record_mis_scan", line_id=first, step="sku", scanned="PEAR", expected="APPLE")
    assert do("confirm_pick", qty=0, **scan)["code"] == "invalid"
    assert do("confirm_pick", qty=9, **scan)["code"] == "more_than_asked"
    picked = do("confirm_pick", qty=2, **scan)["task"]
    undone = do("undo_pick", pick_id=picked["picks"][-1]["id"])["task"]
    assert do("confirm_pick", qty=2, knows_version=undone["version"], **scan)["change"]
    do("skip_line", line_id=second)
    do("short_pick", line_id=first, qty=1, reason="damaged")
    do("short_pick", line_id=second, qty=1, reason="damaged")


def _put_back_and_finish(way: BothWays, task_id: int, *, socket_first: bool) -> None:
    def do(name: str, **body: Any) -> Any:
        return way.do(f"picking.{name}", socket_first=socket_first, task_id=task_id, **body)

    for entry in do("resume_task")["task"]["put_backs"]:
        names = ("order_id", "line_id", "qty", "location_code")
        do("put_back", **{name: entry[name] for name in names})
    assert do("finish_task")["task"]["state"] == "done"
