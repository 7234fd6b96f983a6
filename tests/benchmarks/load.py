"""Open-loop HTTP load from a process of its own: every request has its moment, and lateness counts as latency.

Reads a plan as JSON from standard input and writes the latencies as JSON to standard output:
    {"host", "port", "devices": [{"headers": {…}, "calls": [[method, path, body|null], …]}], "rate", "warm"}
`rate` is calls a second over all devices; the first `warm` calls of each device are not counted. A body with
`"scanned": "@now"` is sent with the moment at which it was due, so that whoever hears of it can tell how late.
"""

import http.client
import json
import subprocess
import sys
import threading
import time
import uuid
from typing import Any

from tests.benchmarks.report import ROOT


def run_load(plan: dict[str, Any]) -> dict[str, Any]:
    """Have the plan carried out by another process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


class _Device(threading.Thread):
    def __init__(self, plan: dict[str, Any], number: int, begin: float) -> None:
        super().__init__(daemon=True)
        self.plan, self.mine = plan, plan["devices"][number]
        every = len(plan["devices"]) / plan["rate"]
        self.moments = [
            begin + every * (turn + number / len(plan["devices"])) for turn in range(len(self.mine["calls"]))
        ]
        self.latencies: list[float] = []
        self.failures: list[str] = []

    def run(self) -> None:
        link = http.client.HTTPConnection(self.plan["host"], self.plan["port"], timeout=30)
        link.connect()
        knows: int | None = None
        for turn, (moment, (method, path, body)) in enumerate(
            zip(self.moments, self.mine["calls"], strict=True)
        ):
            headers = dict(self.mine["headers"])
            text = None
            if body is not None:
                known: dict[str, Any] = (
                    {"knows_version": knows} if knows is not None and "knows_version" in body else {}
                )
                if body.get("scanned") == "@now":
                    known["scanned"] = str(moment)
                text = json.dumps(body | known).encode()
                headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
            time.sleep(max(0.0, moment - time.monotonic()))
            try:
                link.request(method, path, text, headers)
                reply = link.getresponse()
                data = reply.read()
            except (OSError, http.client.HTTPException) as error:
                self.failures.append(repr(error))
                link.close()
                continue
            if turn >= self.plan["warm"]:
                self.latencies.append((time.monotonic() - moment) * 1000)
            if reply.status >= 400:
                self.failures.append(f"{reply.status} {data[:200].decode(errors='replace')}")
            elif body is not None and "knows_version" in body:
                knows = version_in(json.loads(data))


def version_in(answer: dict[str, Any]) -> int | None:
    """The task's version after a picking command."""
    told = answer.get("task") or answer.get("change") or {}
    version = told.get("version")
    return int(version) if version is not None else None


def main() -> None:
    """Carry out the plan on standard input."""
    plan = json.load(sys.stdin)
    threading.stack_size(256 * 1024)
    begin = time.monotonic() + 0.5
    devices = [_Device(plan, number, begin) for number in range(len(plan["devices"]))]
    for device in devices:
        device.start()
    for device in devices:
        device.join()
    ended = time.monotonic()
    json.dump(
        {
            "ms": [value for device in devices for value in device.latencies],
            "failures": [text for device in devices for text in device.failures][:20],
            "failed": sum(len(device.failures) for device in devices),
            "seconds": ended - begin,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
