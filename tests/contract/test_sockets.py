"""Sockets: the acknowledgement is the HTTP reply, channels belong to those they concern, a dead session is thrown out."""

from typing import Any

import pytest
from flask_socketio import SocketIOTestClient

from backend.core.ids import uuid7
from backend.core.outbox import emit
from backend.core.realtime import Realtime
from backend.master.layout.events import LocationBlocked
from backend.master.people.use_cases import RevokeSession, revoke_session
from tests.build.layout import a_warehouse
from tests.build.people import a_user_with, key, logged_in
from tests.conftest import HouseUnderTest


def sockets(house: HouseUnderTest) -> Realtime:
    """The socket side of the app."""
    found: Realtime = house.app.extensions["tideline_background"].sockets
    return found


def connect(house: HouseUnderTest, user_id: int) -> tuple[SocketIOTestClient, Any]:
    """A socket of somebody who is logged in, and the browser it belongs to."""
    browser = logged_in(house, user_id)
    return sockets(house).socketio.test_client(house.app, flask_test_client=browser), browser


def ask(socket: SocketIOTestClient, event: str, message: Any) -> Any:
    """Send, and wait for the acknowledgement."""
    return socket.emit(event, message, callback=True)


@pytest.fixture
def picker(house: HouseUnderTest) -> tuple[SocketIOTestClient, Any, int, int]:
    """A picker's socket, browser, user and warehouse."""
    warehouse = a_warehouse(house)
    user = a_user_with(house, "pick", warehouses=(warehouse,))
    socket, browser = connect(house, user.id)
    return socket, browser, user.id, warehouse


def test_nobody_connects_without_a_session(house: HouseUnderTest) -> None:
    socket = sockets(house).socketio.test_client(house.app, flask_test_client=house.client())
    assert not socket.is_connected()


def test_a_connection_beyond_the_limit_is_refused_so_that_the_api_keeps_its_threads(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    sockets(house).max_sockets = 1
    second = sockets(house).socketio.test_client(house.app, flask_test_client=picker[1])
    assert picker[0].is_connected()
    assert not second.is_connected()


def test_the_acknowledgement_is_the_http_reply(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    socket, browser, _, warehouse = picker
    body = {"warehouse_id": warehouse}
    said = ask(socket, "command", {"name": "picking.claim_next_task", "id": uuid7(), "body": body})
    answer = browser.post("/api/picking/claim", json=body, headers=key())
    assert (said["status"], said["body"]) == (answer.status_code, answer.json)


def test_the_same_command_over_both_ways_is_one_command(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    socket, browser, _, warehouse = picker
    name = uuid7()
    ask(
        socket,
        "command",
        {"name": "picking.claim_next_task", "id": name, "body": {"warehouse_id": warehouse}},
    )
    other = browser.post(
        "/api/picking/claim", json={"warehouse_id": warehouse + 1}, headers={"Idempotency-Key": name}
    )
    assert (other.status_code, other.json["code"]) == (422, "command_id_reused")


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (None, "unknown_command"),
        ({"name": "no.such"}, "unknown_command"),
        ({"name": "picking.claim_next_task", "id": "7", "body": {}}, "idempotency_key_needed"),
        ({"name": "picking.claim_next_task", "id": uuid7(), "body": []}, "invalid"),
        ({"name": "picking.claim_next_task", "id": uuid7(), "body": {"warehouse_id": "x\x00"}}, "invalid"),
        ({"name": "picking.claim_next_task", "id": uuid7(), "body": {"warehouse_id": 99}}, "outside_scope"),
    ],
)
def test_a_bad_message_gets_the_one_error_shape(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int], message: Any, code: str
) -> None:
    said = ask(picker[0], "command", message)
    assert said["ok"] is False
    assert (said["body"]["code"], said["body"]["status"]) == (code, said["status"])
    assert {"type", "title", "status", "code", "facts"} <= said["body"].keys()


def test_channels_of_others_are_closed(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    socket, _, user, warehouse = picker
    for channel in (f"user:{user + 1}", f"warehouse:{warehouse + 1}", "session:1", "user:", ""):
        said = ask(socket, "join", {"channels": [{"channel": channel, "after": None}]})
        assert said["body"]["code"] == "not_your_channel", channel
    said = ask(socket, "join", {"channels": [{"channel": f"warehouse:{warehouse}", "after": None}]})
    assert said["ok"]


def test_a_fact_is_told_to_its_channel_and_missed_ones_are_replayed(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    socket, browser, _, warehouse = picker
    channel = f"warehouse:{warehouse}"
    ask(socket, "join", {"channels": [{"channel": channel, "after": None}]})
    block_something(house, warehouse)
    house.work()
    live = [each["args"][0] for each in socket.get_received() if each["name"] == "fact"]
    assert [fact["channel"] for fact in live] == [channel] * len(live)
    assert live
    block_something(house, warehouse)
    house.work()
    missed = browser.get(f"/api/realtime/replay?channel={channel}&after={live[-1]['seq']}").json
    assert [(fact["prev"], fact["name"]) for fact in missed["events"]] == [
        (live[-1]["seq"], "layout.location_blocked")
    ]


def test_a_revoked_session_loses_its_socket(
    house: HouseUnderTest, picker: tuple[SocketIOTestClient, Any, int, int]
) -> None:
    socket, browser, _, _ = picker
    mine = browser.get("/api/session").json
    house.run(revoke_session, RevokeSession, session_id=mine["session_id"])
    sockets(house).throw_out(house.app.extensions["tideline"])
    assert not socket.is_connected()


def block_something(house: HouseUnderTest, warehouse_id: int) -> None:
    """Make some news in the warehouse."""
    with house.write() as session:
        emit(
            session,
            LocationBlocked(warehouse_id=warehouse_id, location_id=1, code="A", reason=""),
            now=house.clock.now(),
        )
