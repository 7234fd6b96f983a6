"""Sockets carry small numbered facts and the same commands as HTTP; never the state.

Websocket only (no sticky sessions), threads, and a limit on connections so that the API always has threads left.
Delivery is the outbox's business: a reader joins with its cursor, is told what it missed, and replays on a gap.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from marshmallow import Schema, ValidationError

from backend.core.errors import Forbidden, Unauthorised, Unprocessable
from backend.core.house import Credentials, House, Principal, check_may, credentials_of_request
from backend.core.http import CommandSchema, Deed, parse_event_at
from backend.core.ids import is_command_id
from backend.core.outbox import Fact, replay
from backend.core.problems import problem_of

PING_INTERVAL, PING_TIMEOUT = 10, 5  # a silent loss is noticed after 15 s
_SWEEP_SECONDS = 5
_BREATH_SECONDS = 0.003
_log = structlog.get_logger("realtime")

EventTable = dict[str, Deed]


def command_event(
    table: EventTable,
    name: str,
    use_case: Callable[..., Any],
    *,
    takes: type[CommandSchema],
    gives: type[Schema] | None = None,
    may: str,
) -> None:
    """A line of a room's socket table: the same body as over HTTP, answered by the acknowledgement."""
    if name in table:
        raise ValueError(f"socket command {name} defined twice")
    table[name] = Deed(use_case, takes, gives, may)


@dataclass
class Realtime:
    """The socket server: who is connected, what they may send, and how facts reach them."""

    socketio: SocketIO
    max_sockets: int
    deeds: EventTable = field(default_factory=dict)
    _callers: dict[str, Credentials] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, facts: Sequence[Fact]) -> None:
        """Send numbered facts to the readers of their channels."""
        for fact in facts:
            self.socketio.emit("fact", fact.wire(), to=fact.channel)

    @property
    def connected(self) -> int:
        """How many sockets this process serves."""
        return len(self._callers)

    def start(self, at: House) -> None:
        """Begin to throw out sockets whose session has ended."""
        threading.Thread(target=self._sweep, args=(at,), name="socket-sweep", daemon=True).start()

    def stop(self) -> None:
        """End the sweep."""
        self._stop.set()

    def _sweep(self, at: House) -> None:
        while not self._stop.wait(_SWEEP_SECONDS):
            try:
                self.throw_out(at, pause=lambda: self._stop.wait(_BREATH_SECONDS))
            except Exception:  # noqa: BLE001 - the loop outlives any one failure
                _log.exception("socket_sweep_failed")

    def throw_out(self, at: House, pause: Callable[[], Any] = lambda: None) -> int:
        """Disconnect every socket whose session has ended or been revoked; how many those were.

        Each session is asked about once, with a pause in between, so that a thousand sockets hold up nobody.
        """
        with self._guard:
            callers = dict(self._callers)
        ended = set()
        for shown in set(callers.values()):
            if at.admit(shown) is None:
                ended.add(shown)
            pause()
        gone = [sid for sid, shown in callers.items() if shown in ended]
        for sid in gone:
            self.socketio.emit("logged_out", {}, to=sid)
            self.socketio.server.disconnect(sid)
        return len(gone)

    def install(self, at: House) -> None:
        """Register the handlers of the socket protocol."""
        self.socketio.on_event("connect", lambda auth=None: self._connect(at))
        self.socketio.on_event("disconnect", lambda reason=None: self._disconnect())
        self.socketio.on_event(
            "join", lambda message=None: self._answer(message, lambda: self._join(at, message))
        )
        self.socketio.on_event(
            "command", lambda message=None: self._answer(message, lambda: self._command(at, message))
        )

    def _connect(self, at: House) -> bool:
        shown = credentials_of_request()
        if self.connected >= self.max_sockets or at.admit(shown) is None:
            return False
        with self._guard:
            self._callers[_sid()] = shown
        return True

    def _disconnect(self) -> None:
        with self._guard:
            self._callers.pop(_sid(), None)

    def _principal(self, at: House) -> Principal:
        shown = self._callers.get(_sid())
        principal = at.admit(shown) if shown else None
        if principal is None:
            raise Unauthorised("login_needed")
        return principal

    def _answer(self, message: Any, deed: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        try:
            return deed()
        except Exception as error:  # noqa: BLE001 - answered like HTTP does
            document = problem_of(error)
            if isinstance(message, dict) and message.get("id"):
                document["command_id"] = str(message["id"])[:64]
            return {"ok": False, "status": document["status"], "body": document}

    def _join(self, at: House, message: Any) -> dict[str, Any]:
        principal = self._principal(at)
        answers = []
        for wish in wishes_of(message):
            check_channel(principal, wish.channel)
            join_room(wish.channel)  # join before reading, or a fact told in between is missed
            answers.append(missed(at, wish.channel, wish.after))
        return {"ok": True, "channels": answers}

    def _command(self, at: House, message: Any) -> dict[str, Any]:
        if not isinstance(message, dict) or message.get("name") not in self.deeds:
            raise Unprocessable(
                "unknown_command", name=str(message.get("name"))[:80] if isinstance(message, dict) else ""
            )
        deed = self.deeds[message["name"]]
        principal = self._principal(at)
        check_may(principal, deed.may)
        command_id = str(message.get("id", ""))
        if not is_command_id(command_id):
            raise Unprocessable("idempotency_key_needed")
        data = message.get("body")
        if not isinstance(data, dict):
            raise ValidationError({"body": ["object_expected"]})
        done = deed.carry_out(
            at, principal, data, command_id.lower(), parse_event_at(message.get("event_at"))
        )
        return {"ok": True, "status": 200, "body": done.body}


@dataclass(frozen=True)
class Wish:
    """A channel to hear, and the last number known of it; None: from now on."""

    channel: str
    after: int | None


def wishes_of(message: Any) -> list[Wish]:
    """The `join` message, checked.

    Raises:
        ValidationError: when it is not {channels: [{channel, after}]}.
    """
    channels = message.get("channels") if isinstance(message, dict) else None
    if not isinstance(channels, list) or not 0 < len(channels) <= 20:
        raise ValidationError({"channels": ["list_expected"]})
    found = []
    for each in channels:
        name, after = (each.get("channel"), each.get("after")) if isinstance(each, dict) else (None, None)
        if not isinstance(name, str) or not isinstance(after, int | None):
            raise ValidationError({"channels": ["not_a_channel"]})
        found.append(Wish(name, after))
    return found


def check_channel(principal: Principal, channel: str) -> None:
    """Refuse a channel that is none of the caller's business.

    Raises:
        Forbidden: `not_your_channel`.
    """
    if channel == "catalog":  # what is sold is no secret in the house
        return
    kind, _, name = channel.partition(":")
    allowed = {
        "user": str(principal.user_id) == name,
        "warehouse": name.isdigit() and (principal.warehouses is None or int(name) in principal.warehouses),
        "shop": principal.shops is None or name in principal.shops,
    }
    if not allowed.get(kind, False):
        raise Forbidden("not_your_channel", channel=channel[:80])


def missed(at: House, channel: str, after: int | None) -> dict[str, Any]:
    """What a reader missed since its cursor, as the wire has it."""
    with at.db.read() as session:
        found = replay(session, channel, after)
    return {
        "channel": channel,
        "events": [fact.wire() for fact in found.events],
        "cursor": found.cursor,
        "resync": found.resync,
    }


def make_realtime(app: Flask, *, redis_url: str, max_sockets: int) -> Realtime:
    """The socket server on the app; with Redis, facts told in any process reach the sockets of all."""
    manager = None
    if redis_url:
        from socketio import RedisManager

        manager = RedisManager(redis_url, channel="tideline", redis_options={"socket_timeout": None})
    socketio = SocketIO(
        app,
        async_mode="threading",
        transports=["websocket"],
        client_manager=manager,
        ping_interval=PING_INTERVAL,
        ping_timeout=PING_TIMEOUT,
        max_http_buffer_size=200_000,
        manage_session=False,
    )
    return Realtime(socketio, max_sockets)


def _sid() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO
