"""The public API over a kept-alive connection; the same deed is repeated under the same key until it is answered."""

import http.client
import json
import os
import ssl
import time
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

from backend.core.ids import uuid7
from backend.operations.simulation.use_cases import Answer, ApiFailed

_TIMEOUT_S = 60
_MOST_BUGS = 2  # the same deed fails the same way again
_BOUNDARY = "tideline-simulation-7d1f"


class HttpApi:
    """One caller with one connection and one session. Survives restarts of the server, 429 and 5xx."""

    def __init__(self, url: str, *, patience_s: float = 120.0) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ApiFailed(f"not an address: {url}")
        self._https, self._host = parts.scheme == "https", parts.hostname
        self._port = parts.port or (443 if self._https else 80)
        self._patience_s = patience_s
        self._connection: http.client.HTTPConnection | None = None
        self.cookies: dict[str, str] = {}
        self.requests = 0

    def get(self, path: str, **query: str | int) -> Answer:
        """Read."""
        return self._answered("GET", f"{path}?{urlencode(query)}" if query else path, None, {})

    def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Do, under a fresh key."""
        text = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid7()}
        return self._answered("POST", path, text, headers)

    def send_file(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> Answer:
        """Upload a file with form fields."""
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts += [f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(), content]
        parts.append(f"\r\n--{_BOUNDARY}--\r\n".encode())
        kind = f"multipart/form-data; boundary={_BOUNDARY}"
        return self._answered(
            "POST", path, b"".join(parts), {"Content-Type": kind, "Idempotency-Key": uuid7()}
        )

    def log_in(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Open a session by badge or password; the session's card.

        Raises:
            ApiFailed: when the house says no.
        """
        card: dict[str, Any] = self.post(path, body).expect("log in")
        return card

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _answered(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        deadline, pause, bugs = time.monotonic() + self._patience_s, 0.2, 0
        while True:
            try:
                answer, wait_s = self._ask(method, path, body, headers)
                if answer.status != 429 and answer.status < 500:
                    return answer
                trouble = f"{answer.status} {answer.body}"
                bugs += answer.code == "bug"
            except (OSError, http.client.HTTPException) as error:
                self.close()
                trouble, wait_s = repr(error), 0.0
            if time.monotonic() + pause > deadline or bugs > _MOST_BUGS:
                raise ApiFailed(f"{method} {path}: {trouble}")
            time.sleep(max(pause, min(wait_s, 10.0)))
            pause = min(pause * 2, 5.0)

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[Answer, float]:
        if self._connection is None:
            self._connection = self._connect()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = headers | ({"Cookie": cookies} if cookies else {})
        self.requests += 1
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        data = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        is_json = "json" in (response.headers.get_content_type() or "")
        wait = response.headers.get("Retry-After", "")
        return Answer(response.status, json.loads(data) if is_json and data else None), float(
            wait or 0
        ) if wait.isdigit() else 0.0

    def _connect(self) -> http.client.HTTPConnection:
        if not self._https:
            return http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT_S)
        trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
        return http.client.HTTPSConnection(self._host, self._port, timeout=_TIMEOUT_S, context=trust)
