"""Sending a message to another program over HTTP, without being lured into the private network.

The name is resolved once, every address it has must be allowed, and the connection goes to exactly that address: a
name that changes its mind between check and connect gains nothing. Redirects are not followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any

from backend.core.errors import Unavailable, Unprocessable
from backend.master.integrations.rules import Address, address_of, is_private

_STEP_S = 5
_WHOLE_S = 15
_MOST_READ = 2_000


def post(url: str, headers: Mapping[str, str], body: bytes, *, private_allowed: bool) -> int:
    """Send; the status of the answer, whatever it is.

    Raises:
        Unavailable: no answer in 15 s, no such host, a broken certificate; permanent for an address that must not be
            called.
    """
    try:
        address = address_of(url, private_allowed=private_allowed)
    except Unprocessable as refused:
        raise Unavailable(refused.code, permanent=True) from refused
    try:
        ip = _allowed_ip(address, private_allowed)
        return _exchange(address, ip, headers, body)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise Unavailable(f"{type(error).__name__}: {error}"[:300]) from error


def _allowed_ip(address: Address, private_allowed: bool) -> str:
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    ips = [str(each[4][0]) for each in found]
    if not private_allowed and any(is_private(ip) for ip in ips):
        raise Unavailable("private_address", permanent=True)
    return ips[0]


def _exchange(address: Address, ip: str, headers: Mapping[str, str], body: bytes) -> int:
    connection = _Pinned(address, ip)
    late = threading.Timer(_WHOLE_S, connection.cut)  # a peer that answers a byte at a time must not hold us
    late.daemon = True
    late.start()
    try:
        connection.request("POST", address.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        answer.read(_MOST_READ)
        return answer.status
    finally:
        late.cancel()
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to one IP address under the host's name."""

    def __init__(self, address: Address, ip: str) -> None:
        super().__init__(address.host, address.port, timeout=_STEP_S)
        self._ip = ip
        self._secure = address.secure
        if address.secure:
            self.default_port = 443

    def connect(self) -> None:
        """Connect to the address that was checked."""
        plain: Any = socket.create_connection((self._ip, self.port), timeout=_STEP_S)
        self.sock = plain
        if self._secure:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End it now, from another thread."""
        if self.sock is not None:
            try:
                self.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
