"""Too many requests get a 429 with Retry-After; logging in is braked sooner; those who watch the house are let through."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from backend.core.openapi import document
from tests.build.people import PIN, a_user, badge_of, somebody_logged_in
from tests.conftest import HouseUnderTest

WRONG = {"badge": "TL1:NOBODY", "pin": "9182"}


@pytest.fixture
def narrow(house: HouseUnderTest) -> HouseUnderTest:
    """A house that lets four requests an hour through, and two tries to log in."""
    house.settings = replace(house.settings, rate_limit="4/hour", login_rate_limit="2/hour")
    return house


def statuses(ask: Callable[[], Any], times: int) -> list[int]:
    """What so many requests get."""
    return [ask().status_code for _ in range(times)]


def check_too_many(house: HouseUnderTest, answer: Any) -> None:
    """The documented shape of a 429."""
    assert (answer.status_code, answer.json["code"]) == (429, "too_many_requests")
    assert answer.content_type == "application/problem+json"
    assert 1 <= int(answer.headers["Retry-After"]) <= 3600
    components = document(house.app)["components"]
    schema = {"$ref": "#/components/schemas/Problem", "components": components}
    Draft202012Validator(schema).validate(answer.json)


def from_address(client: FlaskClient, address: str) -> FlaskClient:
    """The same browser in another place."""
    client.environ_base["REMOTE_ADDR"] = address
    return client


def test_too_many_requests_are_told_when_to_come_again(narrow: HouseUnderTest) -> None:
    client = somebody_logged_in(narrow)
    assert statuses(lambda: client.get("/api/session"), 4) == [200] * 4
    check_too_many(narrow, client.get("/api/session"))


def test_a_refused_write_changes_nothing_and_its_key_is_still_good(narrow: HouseUnderTest) -> None:
    client = somebody_logged_in(narrow)
    body = {"code": "A", "name": "x"}
    keys = [f"01900000-0000-7000-8000-00000000000{number}" for number in range(5)]
    for number, name in enumerate(keys[:4]):
        made = client.post(
            "/api/catalog/skus", json=body | {"code": f"S{number}"}, headers={"Idempotency-Key": name}
        )
        assert made.status_code == 201
    refused = client.post("/api/catalog/skus", json=body, headers={"Idempotency-Key": keys[4]})
    check_too_many(narrow, refused)
    assert refused.json["command_id"] == keys[4]
    other = somebody_logged_in(narrow, login="later")
    again = other.post("/api/catalog/skus", json=body, headers={"Idempotency-Key": keys[4]})
    assert again.status_code == 201


def test_each_session_is_counted_for_itself(narrow: HouseUnderTest) -> None:
    first, second = somebody_logged_in(narrow), somebody_logged_in(narrow, login="another")
    assert statuses(lambda: first.get("/api/session"), 5)[-1] == 429
    assert second.get("/api/session").status_code == 200


def test_made_up_cookies_do_not_make_a_stranger_somebody_else(narrow: HouseUnderTest) -> None:
    client = narrow.client()
    seen = []
    for number in range(5):
        client.set_cookie("tideline", f"made up {number}")
        seen.append(client.get("/api/session").status_code)
    assert seen == [401] * 4 + [429]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/session/badge", WRONG),
        ("/api/session/password", {"login": "nobody", "password": "a guess"}),
        ("/api/devices/enrol", {"code": "GUESS", "name": "Gun"}),
    ],
)
def test_tries_to_get_in_are_braked_by_address(
    narrow: HouseUnderTest, path: str, body: dict[str, str]
) -> None:
    client = narrow.client()
    headers = {"Idempotency-Key": "01900000-0000-7000-8000-000000000001"}
    assert 429 not in statuses(lambda: client.post(path, json=body, headers=headers), 2)
    check_too_many(narrow, client.post(path, json=body, headers=headers))
    elsewhere = from_address(narrow.client(), "10.1.2.3")
    assert elsewhere.post(path, json=body, headers=headers).status_code != 429


def test_a_badge_that_is_guessed_at_is_locked_whatever_the_rate(house: HouseUnderTest) -> None:
    badge = badge_of(house, a_user(house).id)
    client = house.client()
    guesses = [
        client.post("/api/session/badge", json={"badge": badge, "pin": f"{n}00{n}"}) for n in range(1, 9)
    ]
    locked = guesses[-1]
    assert (locked.status_code, locked.json["code"]) == (429, "login_locked")
    assert int(locked.headers["Retry-After"]) == locked.json["facts"]["seconds"] > 0
    assert client.post("/api/session/badge", json={"badge": badge, "pin": PIN}).status_code == 429
    house.clock.advance(seconds=locked.json["facts"]["seconds"] + 1)
    assert client.post("/api/session/badge", json={"badge": badge, "pin": PIN}).status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_whoever_watches_the_house_is_never_refused(narrow: HouseUnderTest, path: str) -> None:
    client = narrow.client()
    assert statuses(lambda: client.get(path), 12) == [200] * 12


def test_the_document_counts_too(narrow: HouseUnderTest) -> None:
    client = narrow.client()
    assert statuses(lambda: client.get("/api/openapi.json"), 5) == [200] * 4 + [429]
