"""Which events go where, how a message is signed, when it is tried again, and where it must not go.

Signing follows the Standard Webhooks specification 1.0 (https://www.standardwebhooks.com): `webhook-id`,
`webhook-timestamp`, `webhook-signature: v1,<base64 HMAC-SHA256 of "id.timestamp.body">`, secrets `whsec_<base64>`.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.core.errors import Unprocessable

SECRET_PREFIX = "whsec_"  # noqa: S105 - the mark before a secret
OLD_SECRET_HOURS = 24
PAUSE_S = 60
RETRY_AFTER_S = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200)  # eleven tries in about 28 hours
OWN_EVENTS = "integrations."
PING = "integrations.ping"
_PATTERN = re.compile(r"\*|[a-z_]+(\.[a-z_]+)*(\.\*)?")
_NAT64 = ip_network("64:ff9b::/96")
_NEVER = (ip_network("64:ff9b:1::/48"), ip_network("::/96"))  # local NAT64; IPv4 in its forgotten first dress


@dataclass(frozen=True)
class Address:
    """Where a webhook goes, taken apart."""

    secure: bool
    host: str
    port: int
    path: str


def address_of(url: str, *, private_allowed: bool) -> Address:
    """The parts of a webhook's URL. Plain HTTP is for private networks only.

    Raises:
        Unprocessable: `bad_webhook_url`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Unprocessable("bad_webhook_url", url=url[:200]) from None
    allowed = {"https", "http"} if private_allowed else {"https"}
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or parts.scheme not in allowed or not parts.hostname or parts.username or parts.fragment:
        raise Unprocessable("bad_webhook_url", url=url[:200])
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Address(secure, parts.hostname, port or (443 if secure else 80), path)


def is_private(address: str) -> bool:
    """Whether an IP address is not a public one: loopback, private, link-local, multicast, or one of those in disguise.

    >>> is_private("::ffff:169.254.169.254"), is_private("8.8.8.8")
    (True, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner: IPv4Address | None = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_private(str(inner))
        if found.teredo is not None or any(found in each for each in _NEVER):
            return True
    return not found.is_global or found.is_multicast


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """Names of events, `room.*` for all of a room, `*` for all; sorted, without doubles.

    Raises:
        Unprocessable: `bad_event_name`.
    """
    wrong = sorted(name for name in names if not _PATTERN.fullmatch(name) or name.startswith(OWN_EVENTS))
    if wrong or not names:
        raise Unprocessable("bad_event_name", names=wrong)
    return tuple(sorted(set(names)))


def wants(names: Sequence[str], event_name: str) -> bool:
    """Whether an event is among those subscribed to; what webhooks say about themselves never is."""
    if event_name.startswith(OWN_EVENTS):
        return False
    return any(
        name in ("*", event_name) or (name.endswith(".*") and event_name.startswith(name[:-1]))
        for name in names
    )


def may_hear(channel: str, warehouses: Sequence[int] | None, shops: Sequence[str] | None) -> bool:
    """Whether a webhook with these scopes (None: unlimited) may hear of the channel."""
    kind, _, name = channel.partition(":")
    if kind == "warehouse":
        return warehouses is None or (name.isdigit() and int(name) in warehouses)
    if kind == "shop":
        return shops is None or name in shops
    return warehouses is None and shops is None


def retry_s(tries: int) -> int | None:
    """Seconds to wait after so many failed tries; None: give up."""
    return RETRY_AFTER_S[tries - 1] if tries <= len(RETRY_AFTER_S) else None


def signature(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """One signature in the form of the `webhook-signature` header."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed_headers(secrets: Sequence[str], message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers; while a secret is being replaced there are two signatures."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signature(secret, message_id, at, body) for secret in secrets),
    }


def secret_text(key: bytes) -> str:
    """A signing secret as it is shown."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def boxed(secret: str, server_secret: str, command_id: str) -> str:
    """A signing secret encrypted for the database: AES-256-GCM, base64 of nonce and box.

    The nonce follows from the command id, which is used for one secret only.
    """
    nonce = hashlib.sha256(f"webhook nonce\x1f{command_id}".encode()).digest()[:12]
    return base64.b64encode(
        nonce + _cipher(server_secret).encrypt(nonce, secret.encode(), b"webhook")
    ).decode()


def unboxed(box: str, server_secret: str) -> str | None:
    """The signing secret; None when the server's secret is another one by now."""
    raw = base64.b64decode(box)
    try:
        return _cipher(server_secret).decrypt(raw[:12], raw[12:], b"webhook").decode()
    except InvalidTag:
        return None


def _cipher(server_secret: str) -> AESGCM:
    return AESGCM(hmac.new(server_secret.encode(), b"webhook secrets", hashlib.sha256).digest())
