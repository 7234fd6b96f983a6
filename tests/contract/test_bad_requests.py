"""Malformed, oversized, half-sent and repeated requests: a problem document each, and nothing is changed."""

import json
import socket
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.core.execute import CommandRecord
from backend.core.ids import uuid7
from backend.master.catalog.models import Sku
from tests.build.people import somebody_logged_in
from tests.conftest import HouseUnderTest
from tests.processes import Api, ServerProcess

SKUS = "/api/catalog/skus"


def post(client: FlaskClient, body: bytes, *, key: str | None = None, kind: str = "application/json") -> Any:
    """A raw write."""
    headers = {"Content-Type": kind, "Idempotency-Key": key or uuid7()}
    return client.post(SKUS, data=body, headers=headers)


def untouched(house: HouseUnderTest) -> bool:
    """Whether no SKU was made."""
    with house.read() as session:
        return not session.scalar(select(func.count()).select_from(Sku))


def check_problem(answer: Any, status: int, code: str) -> None:
    """RFC 9457 with our members."""
    assert (answer.status_code, answer.json["code"]) == (status, code), answer.json
    assert answer.content_type == "application/problem+json"
    assert {"type", "title", "status", "code", "facts"} <= answer.json.keys()
    assert answer.json["status"] == status


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "malformed"),
        (b"\xff\xfe", 400, "malformed"),
        (b"[]", 422, "invalid"),
        (b"null", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b'{"code": "A\\u0000B", "name": "x"}', 422, "invalid"),
        (b'{"code": "\\ud800", "name": "x"}', 422, "invalid"),
        (b'{"code": "A", "name": "x", "weight_g": 1e400}', 422, "invalid"),
        (b'{"code": "A", "name": "x", "weight_g": NaN}', 422, "invalid"),
        (b'{"code": "A", "name": "x", "weight_g": 99999999999999999999}', 422, "invalid"),
        (b'{"code": "A", "name": "x", "nobody knows": 1}', 422, "invalid"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, 400, "malformed"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, 422, "invalid"),
        (json.dumps({"code": "A", "name": "x" * 2_000_000}).encode(), 413, "too_large"),
    ],
)
def test_a_bad_body_changes_nothing(house: HouseUnderTest, body: bytes, status: int, code: str) -> None:
    answer = post(somebody_logged_in(house), body)
    check_problem(answer, status, code)
    assert untouched(house)


def test_another_content_type_is_refused(house: HouseUnderTest) -> None:
    check_problem(post(somebody_logged_in(house), b"code=A", kind="text/plain"), 422, "json_expected")


@pytest.mark.parametrize("key", ["7", "", "not-a-uuid", "x" * 4000])
def test_a_write_without_a_proper_key_is_refused(house: HouseUnderTest, key: str) -> None:
    client = somebody_logged_in(house)
    answer = client.post(SKUS, json={"code": "A", "name": "x"}, headers={"Idempotency-Key": key})
    check_problem(answer, 422, "idempotency_key_needed")
    assert untouched(house)


@pytest.mark.parametrize("when", ["yesterday", "2026-11-23T08:00:00", "9999-01-01T00:00:00+00:00"])
def test_an_event_time_that_is_none_is_refused(house: HouseUnderTest, when: str) -> None:
    client = somebody_logged_in(house)
    headers = {"Idempotency-Key": uuid7(), "Event-At": when}
    check_problem(client.post(SKUS, json={"code": "A", "name": "x"}, headers=headers), 422, "invalid")


def test_the_same_request_twice_is_one_request_and_another_body_is_refused(house: HouseUnderTest) -> None:
    client, key = somebody_logged_in(house), uuid7()
    body = json.dumps({"code": "A", "name": "x"}).encode()
    first, second = post(client, body, key=key), post(client, body, key=key)
    assert first.status_code == second.status_code < 300, first.json
    assert first.json == second.json
    check_problem(post(client, body.replace(b"x", b"y"), key=key), 422, "command_id_reused")


def test_addresses_and_methods_that_do_not_exist_have_the_one_shape(house: HouseUnderTest) -> None:
    client = somebody_logged_in(house)
    check_problem(client.get("/api/no/such"), 404, "no_such_address")
    check_problem(client.delete("/api/board"), 405, "wrong_method")
    assert "GET" in client.delete("/api/board").headers["Allow"]


def test_a_bad_cursor_is_refused(house: HouseUnderTest) -> None:
    client = somebody_logged_in(house)
    for cursor in ("x", "eA", "%00", "a" * 150):
        answer = client.get(SKUS, query_string={"cursor": cursor})
        assert (answer.status_code, answer.json["code"]) in {(422, "bad_cursor"), (422, "invalid")}


def test_an_answer_that_has_not_changed_is_not_sent_again(house: HouseUnderTest) -> None:
    client = somebody_logged_in(house)
    first = client.get(SKUS)
    again = client.get(SKUS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_answer_carries_the_guarding_headers(house: HouseUnderTest) -> None:
    for path in ("/api/session", "/healthz", "/api/no/such"):
        headers = house.client().get(path).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


@pytest.mark.slow
def test_half_sent_requests_hold_up_nobody_and_change_nothing(house: HouseUnderTest, tmp_path: Path) -> None:
    url = house.db.url.render_as_string(hide_password=False)
    house.db.close()
    server = ServerProcess(url, tmp_path / "server").start()
    try:
        half = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        head = f"POST {SKUS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n"
        for number, connection in enumerate(half):
            connection.sendall((head + ("\r\n" + '{"code": "A",' if number % 2 else "")).encode())
        api = Api(server.port)
        assert api.call("GET", "/healthz").status == 200
        for connection in half:
            connection.close()
        assert api.call("GET", "/readyz").status == 200
        api.close()
    finally:
        server.kill()
    with house.read() as session:
        assert not session.scalar(select(func.count()).select_from(CommandRecord))
