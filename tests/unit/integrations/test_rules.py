"""Signing, matching, backing off, and keeping out of private networks."""

from datetime import UTC, datetime

import pytest

from backend.core.errors import Unavailable, Unprocessable
from backend.master.integrations.adapters.post import post
from backend.master.integrations.rules import (
    RETRY_AFTER_S,
    address_of,
    boxed,
    checked_names,
    is_private,
    may_hear,
    retry_s,
    secret_text,
    signature,
    signed_headers,
    unboxed,
    wants,
)


def test_the_signature_is_that_of_the_published_example():
    at = datetime.fromtimestamp(1614265330, UTC)
    body, secret = b'{"test": 2432232314}', "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    message_id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert signature(secret, message_id, at, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signed_headers([secret], message_id, at, body)["webhook-timestamp"] == "1614265330"


def test_while_a_secret_is_replaced_there_are_two_signatures():
    secrets = [secret_text(bytes(32)), secret_text(bytes(range(32)))]
    headers = signed_headers(secrets, "m", datetime(2026, 1, 1, tzinfo=UTC), b"{}")
    assert len(headers["webhook-signature"].split(" ")) == 2


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "198.18.0.1", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        *("::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "64:ff9b:1::1", "::7f00:1", "2001:0:1::1"),
    ],
)
def test_private_addresses_are_known_in_every_disguise(address):
    assert is_private(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_are_not_private(address):
    assert not is_private(address)


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", "ftp://a.example/", "http://a.example/", "https://", "https://user:pw@a.example/"),
        *(
            "https://a.example/#part",
            "https://a.example:99999/",
            "https://a b/",
            "https://a.example/\r\nX: y",
        ),
        *("file:///etc/passwd", "https://例子.example/", "https://[::1"),
    ],
)
def test_an_address_we_would_not_call_is_refused(url):
    with pytest.raises(Unprocessable, match="bad_webhook_url"):
        address_of(url, private_allowed=False)


def test_plain_http_is_for_private_networks_only():
    assert address_of("http://10.0.0.8:8080/in?x=1", private_allowed=True).path == "/in?x=1"
    assert address_of("https://a.example", private_allowed=False).port == 443


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
)
def test_no_spelling_of_this_machine_is_called(host):
    with pytest.raises(Unavailable) as refused:
        post(f"https://{host}/", {}, b"{}", private_allowed=False)
    assert "private_address" in str(refused.value) or "gaierror" in str(refused.value)


def test_subscriptions_name_an_event_a_room_or_everything():
    assert wants(["orders.order_held"], "orders.order_held")
    assert not wants(["orders.order_held"], "orders.order_approved")
    assert wants(["orders.*"], "orders.order_approved")
    assert not wants(["orders.*"], "ordersx.order_approved")
    assert wants(["*"], "stock.moved")
    assert not wants(["*"], "integrations.delivery_died")


@pytest.mark.parametrize(
    "names", [[], ["Orders.*"], ["orders.**"], ["a b"], ["integrations.delivery_died"], [""]]
)
def test_names_that_can_never_match_are_refused(names):
    with pytest.raises(Unprocessable, match="bad_event_name"):
        checked_names(names)


def test_a_webhook_hears_only_of_its_warehouses_and_shops():
    assert may_hear("warehouse:1", [1], None)
    assert not may_hear("warehouse:2", [1], None)
    assert may_hear("shop:tmall", None, ["tmall"])
    assert not may_hear("shop:jd", None, ["tmall"])
    assert may_hear("user:1", None, None)
    assert not may_hear("user:1", [1], None)


def test_failures_are_tried_again_ever_later_for_more_than_a_day_and_then_given_up():
    assert list(RETRY_AFTER_S) == sorted(RETRY_AFTER_S)
    assert sum(RETRY_AFTER_S) > 86_400
    assert retry_s(1) == 5
    assert retry_s(len(RETRY_AFTER_S) + 1) is None


def test_a_boxed_secret_is_opened_by_the_same_server_secret_only():
    box = boxed("whsec_abc", "server secret", "c1")
    assert "abc" not in box
    assert unboxed(box, "server secret") == "whsec_abc"
    assert unboxed(box, "another server secret") is None
