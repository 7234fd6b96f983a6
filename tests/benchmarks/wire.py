"""A thousand websockets in one thread: just enough of RFC 6455, Engine.IO 4 and Socket.IO 5 to join and listen.

Reads a plan as JSON from standard input: {"host", "port", "cookie", "channels": [channel per client], "seconds"}.
Prints "ready <clients>" when everybody has joined, and when a line comes on standard input, the deliveries as JSON.
"""

import base64
import json
import os
import selectors
import socket
import struct
import sys
import time
from typing import Any

_OPEN, _PING, _PONG, _MESSAGE = "0", "2", "3", "4"


class Client:
    """One handheld's socket."""

    def __init__(self, plan: dict[str, Any], channel: str) -> None:
        self.channel = channel
        self.buffer = b""
        self.joined = self.upgraded = False
        self.heard: list[tuple[float, float]] = []
        self.socket = socket.create_connection((plan["host"], plan["port"]))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            (
                f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {plan['host']}:{plan['port']}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nCookie: {plan['cookie']}\r\n\r\n"
            ).encode()
        )
        self.socket.setblocking(False)

    def say(self, text: str) -> None:
        """Send a text frame, masked as a client must; short texts only."""
        data = text.encode()
        mask = os.urandom(4)
        size = struct.pack("!B", 0x80 | len(data)) if len(data) < 126 else struct.pack("!BH", 0xFE, len(data))
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self.socket.setblocking(True)
        self.socket.sendall(b"\x81" + size + mask + masked)
        self.socket.setblocking(False)

    def receive(self) -> bool:
        """Read what has come; False when the server hung up."""
        try:
            data = self.socket.recv(65536)
        except BlockingIOError:
            return True
        except OSError:
            return False
        at = time.monotonic()
        self.buffer += data
        if not self.upgraded and b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                return False
            self.upgraded = True
        while self.upgraded and (frame := self._frame()) is not None:
            opcode, body = frame
            if opcode == 8:
                return False
            self._understand(body.decode(), at)
        return bool(data)

    def _frame(self) -> tuple[int, bytes] | None:
        if len(self.buffer) < 2:
            return None
        size, start = self.buffer[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(self.buffer[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(self.buffer[2:10], "big"), 10
        if len(self.buffer) < start + size:
            return None
        body, opcode = self.buffer[start : start + size], self.buffer[0] & 0x0F
        self.buffer = self.buffer[start + size :]
        return opcode, body

    def _understand(self, text: str, at: float) -> None:
        kind, rest = text[:1], text[1:]
        if kind == _OPEN:
            self.say("40")
        elif kind == _PING:
            self.say(_PONG)
        elif kind == _MESSAGE and rest[:1] == "0":
            self.say("420" + json.dumps(["join", {"channels": [{"channel": self.channel, "after": None}]}]))
        elif kind == _MESSAGE and rest[:1] == "3":
            self.joined = True
        elif kind == _MESSAGE and rest[:1] == "2":
            name, body = json.loads(rest[1:])
            if name == "fact" and "scanned" in body["body"]:
                self.heard.append((float(body["body"]["scanned"]), at))


def main() -> None:
    """Connect everybody, listen until told to stop, tell what was heard."""
    plan = json.loads(sys.stdin.readline())
    watch = selectors.DefaultSelector()
    clients: list[Client] = []
    gone = 0

    def turn(seconds: float) -> None:
        nonlocal gone
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            for key, _ in watch.select(left):
                if key.data is None:
                    return
                if not key.data.receive():
                    watch.unregister(key.fileobj)
                    gone += 1

    for channel in plan["channels"]:
        client = Client(plan, channel)
        clients.append(client)
        watch.register(client.socket, selectors.EVENT_READ, client)
        turn(0.004)
    deadline = time.monotonic() + 60
    while not all(client.joined for client in clients) and time.monotonic() < deadline and not gone:
        turn(0.05)
    print("ready", sum(client.joined for client in clients), flush=True)
    watch.register(sys.stdin, selectors.EVENT_READ, None)
    turn(plan["seconds"] + 120)
    heard = [(sent, at) for client in clients for sent, at in client.heard]
    json.dump({"ms": [(at - sent) * 1000 for sent, at in heard], "gone": gone}, sys.stdout)


if __name__ == "__main__":
    main()
