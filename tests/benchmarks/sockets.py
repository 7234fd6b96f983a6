"""A thousand connected handhelds, a hundred events a second: from the request that causes an event to the device."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core.db import Database, bulk_insert
from backend.master.layout.models import Warehouse
from backend.outbound.picking.models import PickTask
from tests.benchmarks.houses import memory_mb, served
from tests.benchmarks.load import run_load
from tests.benchmarks.report import ROOT, Section, percentile

CLIENTS, ROOMS, RATE, POSTERS = 1_000, 100, 100, 20


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Both engines."""
    seconds = 5 if quick else 30
    section = Section(
        "sockets",
        "A thousand connected handhelds",
        f"{CLIENTS} websockets, ten on each of {ROOMS} channels; {RATE} wrong scans a second are reported over HTTP for "
        f"{seconds} s, each written, committed, numbered by the relay and told to the ten devices of its channel. Time "
        "from the moment the request was due to the arrival of the news at a device. Baseline: the same requests "
        "answered over HTTP, without anybody connected. Target: p99 ≤ 300 ms.",
        ("database", "what", "n", "lost", "p50 ms", "p95 ms", "p99 ms", "max ms", "server PSS MB"),
    )
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder:
            _engine(section, engine, Path(folder), seconds)
    return section


def _engine(section: Section, engine: str, folder: Path, seconds: int) -> None:
    with served(engine, folder, _fill, max_sockets="1200") as (house, places):
        admin = house.admin()
        cookie = "; ".join(f"{name}={value}" for name, value in admin.cookies.items())
        host, port = house.url.removeprefix("http://").split(":")
        plan = {"host": host, "port": int(port), "rate": RATE, "warm": 3}
        alone = run_load(plan | {"devices": _posts(cookie, places, seconds, marked=False)})
        _row(section, engine, "reply, nobody connected", alone["ms"], 0, memory_mb(house.process_id)[0])
        channels = [f"warehouse:{places[number % ROOMS][0]}" for number in range(CLIENTS)]
        listener = _listen(
            {"host": host, "port": int(port), "cookie": cookie, "channels": channels, "seconds": seconds}
        )
        try:
            devices = _posts(cookie, places, seconds, marked=True)
            found = run_load(plan | {"devices": devices})
            time.sleep(2)
            memory = memory_mb(house.process_id)[0]
            told, _ = listener.communicate("stop\n", timeout=60)
        finally:
            listener.kill()
        heard = json.loads(told)
        sent = sum(len(device["calls"]) for device in devices)
        _row(section, engine, "reply, 1,000 connected", found["ms"], 0, memory)
        _row(
            section,
            engine,
            "delivery to a device",
            heard["ms"],
            sent * CLIENTS // ROOMS - len(heard["ms"]),
            memory,
        )
        for name, number in (("hung up", heard["gone"]), ("failed", found["failed"] + alone["failed"])):
            if number:
                section.notes.append(
                    f"{engine}: {number} {name} {(found['failures'] + alone['failures'])[:1]}"
                )
                print("   ", section.notes[-1])


def _row(section: Section, engine: str, what: str, times: list[float], lost: int, memory: float) -> None:
    section.add(
        engine, what, len(times), lost, percentile(times, 0.5), percentile(times, 0.95), percentile(times, 0.99),
        max(times), memory,
    )  # fmt: skip


def _fill(db: Database, now: datetime) -> list[tuple[int, int]]:
    """Warehouses with a pick task each: somewhere to err."""
    with db.write() as session:
        rows = [
            {"code": f"B{number}", "name": f"Hall {number}", "timezone": "UTC"} for number in range(ROOMS)
        ]
        warehouses = bulk_insert(session, Warehouse, rows)
        tasks = [
            {
                "warehouse_id": warehouse_id, "mode": "discrete", "scan_each": False, "state": "open",
                "past_picker_ids": [], "route_mm": 0, "route": [], "version": 1, "created_at": now,
            }
            for warehouse_id in warehouses
        ]  # fmt: skip
        return list(zip(warehouses, bulk_insert(session, PickTask, tasks), strict=True))


def _posts(
    cookie: str, places: Sequence[tuple[int, int]], seconds: int, *, marked: bool
) -> list[dict[str, Any]]:
    """Reports of wrong scans; a marked one carries the moment at which it is sent."""
    turns = seconds * RATE // POSTERS
    calls = [
        [
            [
                "POST",
                f"/api/picking/tasks/{places[(turn * POSTERS + poster) % ROOMS][1]}/mis-scans",
                {"step": "sku", "scanned": "@now" if marked else "-", "expected": "-"},
            ]
            for turn in range(turns)
        ]
        for poster in range(POSTERS)
    ]
    return [{"headers": {"Cookie": cookie}, "calls": each} for each in calls]


def _listen(plan: dict[str, Any]) -> "subprocess.Popen[str]":
    listener = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.wire"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert listener.stdin is not None
    assert listener.stdout is not None
    listener.stdin.write(json.dumps(plan) + "\n")
    listener.stdin.flush()
    ready = listener.stdout.readline().split()
    if ready != ["ready", str(len(plan["channels"]))]:
        listener.kill()
        raise RuntimeError(f"of {len(plan['channels'])} sockets: {ready}")
    return listener
