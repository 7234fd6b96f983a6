"""Webhooks from subscription to arrival, with a real receiver that may fail."""

import hashlib
import hmac
import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import select

from backend.core.errors import Forbidden
from backend.core.outbox import emit
from backend.master.devices.events import DeviceRenamed
from backend.master.integrations.models import Webhook
from backend.master.integrations.queries import is_behind
from backend.master.integrations.use_cases import (
    CreateWebhook,
    ForgetDelivered,
    create_webhook,
    forget_delivered,
)
from tests.build.layout import a_warehouse
from tests.build.people import audited, key, somebody_logged_in


class Receiver:
    """Another program: keeps what it gets, answers what it is told to."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(outer.answers.pop(0) if outer.answers else 204)
                self.send_header("Location", "http://169.254.169.254/")
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def open_house(house):
    """A house that may call its own network."""
    house.settings = replace(house.settings, webhooks_to_private=True)
    return house


def subscribe(client, url, names=("devices.*",), headers=None, **more):
    body = {"name": "ERP", "url": url, "names": list(names)} | more
    return client.post("/api/integrations/webhooks", json=body, headers=headers or key())


def something_happens(house, warehouse_id, name="Gun 7"):
    event = DeviceRenamed(device_id=1, warehouse_id=warehouse_id, device_name=name, by_user_id=None)
    with house.write() as session:
        emit(session, event, now=house.clock.now())
    run(house)


def run(house):
    """The relay, what comes round, and the jobs."""
    worker = house.app.extensions["tideline_background"].worker
    house.clock.advance(seconds=2)
    house.work()
    worker.enqueue_due()
    house.work()


def dead_or_alive(client):
    return [
        (row["state"], row["tries"], row["status"])
        for row in client.get("/api/integrations/deliveries").json["items"]
    ]


def test_a_wanted_event_arrives_signed(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    made = subscribe(client, receiver.url)
    assert made.status_code == 201
    something_happens(open_house, place)
    headers, body = receiver.got[0]
    told = json.loads(body)
    assert told["type"] == "devices.device_renamed"
    assert told["data"]["device_name"] == "Gun 7"
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    secret = b64decode(made.json["secret"].removeprefix("whsec_"))
    expected = b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert dead_or_alive(client) == [("delivered", 1, 204)]
    assert audited(open_house, "webhook_created")[0][1] == f"webhook:{made.json['id']}"


def test_the_secret_is_shown_once_and_stored_encrypted(open_house, receiver):
    client, headers = somebody_logged_in(open_house), key()
    made = subscribe(client, receiver.url, headers=headers)
    assert subscribe(client, receiver.url, headers=headers).json == made.json
    assert "whsec_" not in client.get("/api/integrations/webhooks").text
    with open_house.read() as session:
        assert made.json["secret"] not in session.scalars(select(Webhook.secret_box)).one()


def test_unwanted_events_and_other_warehouses_stay_unsent(open_house, receiver):
    here, there = a_warehouse(open_house, "W1"), a_warehouse(open_house, "W2")
    client = somebody_logged_in(open_house)
    subscribe(client, receiver.url, names=("orders.*",))
    subscribe(client, receiver.url, warehouses=[here])
    something_happens(open_house, there)
    assert receiver.got == []
    something_happens(open_house, here)
    assert len(receiver.got) == 1


def test_what_happened_before_the_subscription_is_not_told(open_house, receiver):
    place = a_warehouse(open_house)
    something_happens(open_house, place, "before")
    subscribe(somebody_logged_in(open_house), receiver.url)
    open_house.clock.advance(seconds=10)
    something_happens(open_house, place, "after")
    assert [each["data"]["device_name"] for each in receiver.bodies()] == ["after"]
    with open_house.read() as session:
        assert not is_behind(session)


def test_a_failure_is_tried_again_later_with_the_same_id(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    subscribe(client, receiver.url)
    receiver.answers = [500, 302]
    something_happens(open_house, place)
    assert dead_or_alive(client) == [("waiting", 1, 500)]
    open_house.clock.advance(seconds=6)
    run(open_house)
    assert dead_or_alive(client) == [("waiting", 2, 302)]
    open_house.clock.advance(seconds=31)
    run(open_house)
    assert dead_or_alive(client) == [("delivered", 3, 204)]
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1


def test_after_a_failure_the_others_wait_without_losing_a_try(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    subscribe(client, receiver.url)
    receiver.answers = [500]
    something_happens(open_house, place, "one")
    something_happens(open_house, place, "two")
    assert len(receiver.got) == 1
    open_house.clock.advance(seconds=10)
    run(open_house)
    assert sorted(dead_or_alive(client)) == [("delivered", 1, 204), ("delivered", 2, 204)]


def test_a_delivery_that_never_arrives_is_given_up_shown_and_may_be_tried_again(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    subscribe(client, receiver.url)
    receiver.answers = [503] * 11
    something_happens(open_house, place)
    for _ in range(11):
        open_house.clock.advance(seconds=43_300)
        open_house.work()
    client = somebody_logged_in(open_house, login="later")
    assert dead_or_alive(client) == [("dead", 11, 503)]
    died = open_house.events("integrations.delivery_died")
    assert died[0]["body"]["error"] == "status 503"
    row = client.get("/api/integrations/deliveries?state=dead").json["items"][0]
    assert (
        client.post(f"/api/integrations/deliveries/{row['id']}/retry", headers=key()).json["state"]
        == "waiting"
    )
    again = client.post(f"/api/integrations/deliveries/{row['id']}/retry", headers=key())
    assert again.json["code"] == "delivery_not_dead"
    open_house.clock.advance(seconds=61)
    open_house.work()
    assert dead_or_alive(client) == [("delivered", 1, 204)]


def test_an_address_that_is_gone_stops_the_webhook(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    made = subscribe(client, receiver.url).json
    receiver.answers = [410]
    something_happens(open_house, place)
    assert client.get("/api/integrations/webhooks").json[0]["active"] is False
    assert open_house.events("integrations.webhook_stopped")[0]["body"]["webhook_id"] == made["id"]
    assert dead_or_alive(client)[0][0] == "dead"
    ping = client.post(f"/api/integrations/webhooks/{made['id']}/ping", headers=key())
    assert ping.json["code"] == "webhook_off"


def test_a_private_address_is_refused_at_the_last_moment_too(house, receiver):
    client, place = somebody_logged_in(house), a_warehouse(house)
    refused = subscribe(client, receiver.url)
    assert (refused.status_code, refused.json["code"]) == (422, "bad_webhook_url")
    assert subscribe(client, receiver.url.replace("http", "https")).status_code == 201
    something_happens(house, place)
    assert receiver.got == []
    row = client.get("/api/integrations/deliveries").json["items"][0]
    assert (row["state"], row["error"]) == ("dead", "private_address")


def test_a_new_secret_signs_beside_the_old_one_for_a_day(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    made = subscribe(client, receiver.url).json
    replaced = client.post(f"/api/integrations/webhooks/{made['id']}/secret", headers=key())
    assert replaced.status_code == 200
    assert replaced.json["secret"] != made["secret"]
    something_happens(open_house, place)
    open_house.clock.advance(days=1, seconds=10)
    something_happens(open_house, place)
    assert [len(headers["webhook-signature"].split()) for headers, _ in receiver.got] == [2, 1]


def test_with_another_server_secret_nothing_is_sent_unsigned(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    subscribe(client, receiver.url)
    with open_house.write() as session:
        session.scalars(select(Webhook)).one().secret_box = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    something_happens(open_house, place)
    assert receiver.got == []
    assert client.get("/api/integrations/deliveries").json["items"][0]["error"] == "secret_unreadable"


def test_a_webhook_is_pinged_changed_and_switched_off(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    made = subscribe(client, receiver.url).json
    path = f"/api/integrations/webhooks/{made['id']}"
    assert client.post(f"{path}/ping", headers=key()).json["name"] == "integrations.ping"
    open_house.work()
    assert receiver.bodies()[0]["type"] == "integrations.ping"
    body = {"name": "ERP", "url": receiver.url, "names": ["*"], "active": False}
    assert client.put(path, json=body, headers=key()).json["active"] is False
    something_happens(open_house, place)
    assert client.put(path, json=body | {"active": True}, headers=key()).json["active"] is True
    open_house.clock.advance(seconds=10)
    run(open_house)
    assert len(receiver.got) == 1
    assert (
        client.put(path, json=body | {"url": "gopher://x"}, headers=key()).json["code"] == "bad_webhook_url"
    )
    missing = client.put("/api/integrations/webhooks/999", json=body, headers=key())
    assert missing.json["code"] == "webhook_not_found"


def test_one_sees_ones_own_webhooks_and_may_not_reach_further_than_oneself(open_house, receiver):
    here, there = a_warehouse(open_house, "W1"), a_warehouse(open_house, "W2")
    boss = somebody_logged_in(open_house, login="boss")
    made = subscribe(boss, receiver.url).json
    robot = somebody_logged_in(open_house, "integrate", login="robot", warehouses=(here,))
    assert robot.get("/api/integrations/webhooks").json == []
    assert robot.post(f"/api/integrations/webhooks/{made['id']}/ping", headers=key()).status_code == 404
    for warehouses in (None, [there]):
        assert subscribe(robot, receiver.url, warehouses=warehouses).json["code"] == "scope_too_wide"
    assert subscribe(robot, receiver.url, warehouses=[here]).status_code == 201
    assert len(boss.get("/api/integrations/webhooks").json) == 2
    picker = somebody_logged_in(open_house, "pick", login="picker")
    assert picker.get("/api/integrations/webhooks").status_code == 403
    retry = robot.post("/api/integrations/deliveries/999/retry", headers=key())
    assert retry.json["code"] == "delivery_not_found"


def test_a_webhook_belongs_to_a_person(house):
    with pytest.raises(Forbidden, match="user_needed"):
        house.run(
            create_webhook, CreateWebhook, name="x", url="https://a.example/", names=("*",), secret_box="x"
        )


def test_the_events_that_may_be_subscribed_to_are_listed(house):
    listed = {
        row["name"]: row["about"] for row in somebody_logged_in(house).get("/api/integrations/events").json
    }
    assert listed["people.session_opened"] == "A person logged in."
    assert "integrations.delivery_died" not in listed


def test_what_arrived_is_forgotten_after_a_month(open_house, receiver):
    client, place = somebody_logged_in(open_house), a_warehouse(open_house)
    subscribe(client, receiver.url)
    something_happens(open_house, place)
    open_house.clock.advance(days=31)
    open_house.run(forget_delivered, ForgetDelivered)
    client = somebody_logged_in(open_house, login="later")
    assert client.get("/api/integrations/deliveries").json["items"] == []
