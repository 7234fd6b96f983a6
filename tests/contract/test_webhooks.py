"""Webhooks as the other side sees them, with a receiver that is slow, breaks off or comes back late.

What tests/use_cases/integrations shows (subscription, scope, secrets, dead letters, retry) is not repeated here.
"""

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from backend.core.event_page import event_schema, events_of_the_house
from backend.master.integrations.rules import RETRY_AFTER_S
from tests.build.layout import Hall, a_hall
from tests.build.people import key, somebody_logged_in
from tests.conftest import HouseUnderTest

POST = "backend.master.integrations.adapters.post"
Headers = dict[str, str]


class Receiver:
    """Another program. `ways` are what it does with the next requests; after them it answers 204."""

    def __init__(self) -> None:
        self.got: list[tuple[Headers, bytes]] = []
        self.ways: list[Callable[[BaseHTTPRequestHandler], None]] = []
        self.gone = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                (outer.ways.pop(0) if outer.ways else answer(204))(self)

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/in"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()

    def close(self) -> None:
        """End it."""
        self.gone.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def silence(self, _: BaseHTTPRequestHandler) -> None:
        """Take the message and say nothing."""
        self.gone.wait(5)

    def dribble(self, handler: BaseHTTPRequestHandler) -> None:
        """Begin an answer, a byte at a time, and never come to its status."""
        handler.wfile.write(b"HTTP/1.1")
        while not self.gone.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return


def answer(status: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answer with this status."""

    def way(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.end_headers()

    return way


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    """Break off in the middle of the answer."""
    handler.wfile.write(b"HTTP/1.1 2")
    handler.connection.shutdown(socket.SHUT_RDWR)


class Wired:
    """A house with one webhook on everything that happens to its layout."""

    def __init__(self, house: HouseUnderTest, receiver: Receiver) -> None:
        house.settings = replace(house.settings, webhooks_to_private=True)
        self.house, self.receiver = house, receiver
        self.hall: Hall = a_hall(house)
        self.client: FlaskClient = somebody_logged_in(house)
        body = {"name": "ERP", "url": receiver.url, "names": ["layout.location_blocked"]}
        made = self.client.post("/api/integrations/webhooks", json=body, headers=key())
        self.secret = str(made.json["secret"])

    def block(self, *codes: str) -> None:
        """Something happens in each of these bins, in this order; what follows is done."""
        for code in codes:
            path = f"/api/layout/locations/{self.hall[code]}/block"
            assert self.client.post(path, json={"reason": code}, headers=key()).status_code == 200
            self.house.clock.advance(seconds=0.01)
        self.go_on(2)

    def go_on(self, seconds: float) -> None:
        """Time passes; the relay, what comes round, and all jobs that are due."""
        self.house.clock.advance(seconds=seconds)
        self.house.work()
        self.house.app.extensions["tideline_background"].worker.enqueue_due()
        self.house.work()

    def deliveries(self) -> list[dict[str, Any]]:
        """As the office sees them, oldest first."""
        rows: list[dict[str, Any]] = self.client.get("/api/integrations/deliveries").json["items"]
        return rows[::-1]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The other program."""
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def wired(house: HouseUnderTest, receiver: Receiver) -> Wired:
    """The house and the other program, on speaking terms."""
    return Wired(house, receiver)


def check_signature(secret: str, headers: Headers, body: bytes, now: datetime) -> None:
    """A receiver's own check, after the Standard Webhooks specification."""
    sent_at = int(headers["webhook-timestamp"])
    assert abs(now.timestamp() - sent_at) <= 300
    signed = b".".join([headers["webhook-id"].encode(), str(sent_at).encode(), body])
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    expected = base64.b64encode(digest).decode()
    offered = [each.partition(",") for each in headers["webhook-signature"].split(" ")]
    assert any(version == "v1" and hmac.compare_digest(text, expected) for version, _, text in offered)


def test_a_message_verifies_and_holds_what_the_catalogue_says(wired: Wired) -> None:
    wired.block("A-01-1")
    ((headers, body),) = wired.receiver.got
    check_signature(wired.secret, headers, body, wired.house.clock.now())
    with pytest.raises(AssertionError):
        check_signature(wired.secret, headers, body + b" ", wired.house.clock.now())
    assert headers["content-type"] == "application/json"
    told = json.loads(body)
    assert set(told) == {"type", "timestamp", "data"}
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None
    schema = event_schema(events_of_the_house()[told["type"]])
    Draft202012Validator(schema).validate(told["data"])
    assert told["data"]["reason"] == "A-01-1"


def test_messages_arrive_in_the_order_in_which_things_happened(wired: Wired) -> None:
    codes = ["A-03-1", "B-01-2", "A-01-1", "B-05-1", "A-02-2"]
    wired.block(*codes)
    assert [json.loads(body)["data"]["code"] for _, body in wired.receiver.got] == codes
    assert len({headers["webhook-id"] for headers, _ in wired.receiver.got}) == len(codes)


@pytest.mark.parametrize("way", ["silence", "dribble"])
def test_a_receiver_that_takes_too_long_is_tried_again(
    wired: Wired, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(f"{POST}._STEP_S", 0.3)
    monkeypatch.setattr(f"{POST}._WHOLE_S", 0.6)
    wired.receiver.ways = [getattr(wired.receiver, way)]
    began = time.monotonic()
    wired.block("A-01-1")
    assert time.monotonic() - began < 4
    (row,) = wired.deliveries()
    assert (row["state"], row["tries"], row["status"]) == ("waiting", 1, None)
    assert row["error"]
    wired.go_on(RETRY_AFTER_S[0] + 1)
    (row,) = wired.deliveries()
    assert (row["state"], row["tries"], row["status"]) == ("delivered", 2, 204)
    check_the_same_again(wired)


def test_a_connection_that_breaks_is_tried_again(wired: Wired) -> None:
    wired.receiver.ways = [hang_up]
    wired.block("A-01-1")
    wired.go_on(RETRY_AFTER_S[0] + 1)
    assert [(row["state"], row["tries"]) for row in wired.deliveries()] == [("delivered", 2)]
    check_the_same_again(wired)


def check_the_same_again(wired: Wired) -> None:
    """The message came twice: same id and body, signed anew for the later hour."""
    (first, body), (second, again) = wired.receiver.got
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert int(second["webhook-timestamp"]) > int(first["webhook-timestamp"])
    check_signature(wired.secret, second, again, wired.house.clock.now())


def test_each_failure_is_waited_out_longer_than_the_one_before(wired: Wired) -> None:
    wired.receiver.ways = [answer(500)] * 4
    wired.block("A-01-1")
    waits = []
    for tries in range(1, 5):
        (row,) = wired.deliveries()
        assert (row["state"], row["tries"], row["status"]) == ("waiting", tries, 500)
        next_at = datetime.fromisoformat(row["next_at"])
        waits.append((next_at - wired.house.clock.now()).total_seconds())
        just_before = next_at - wired.house.clock.now() - timedelta(seconds=0.5)
        wired.go_on(just_before.total_seconds())
        assert len(wired.receiver.got) == tries, "too early"
        wired.go_on(1)
        assert len(wired.receiver.got) == tries + 1
    assert waits == sorted(waits)
    assert waits[-1] > 10 * waits[0]
    assert [row["state"] for row in wired.deliveries()] == ["delivered"]


def test_after_a_failure_the_later_messages_come_and_the_first_one_is_not_lost(wired: Wired) -> None:
    wired.receiver.ways = [answer(503)]
    wired.block("A-01-1", "A-02-1", "A-03-1")
    for _ in range(3):
        wired.go_on(61)
    arrived = {json.loads(body)["data"]["code"] for _, body in wired.receiver.got[1:]}
    assert arrived == {"A-01-1", "A-02-1", "A-03-1"}
    assert [row["state"] for row in wired.deliveries()] == ["delivered"] * 3
