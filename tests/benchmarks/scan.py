"""Scan confirmation over HTTP: 50 devices, 100 scans a second, against the cheapest request at the same rate."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.core.db import Database
from backend.operations.simulation.adapters.http_api import HttpApi
from backend.operations.simulation.use_cases.picker import label_of
from tests.benchmarks.houses import served
from tests.benchmarks.load import run_load
from tests.benchmarks.report import Section, percentile
from tests.build.people import PASSWORD, a_user
from tests.build.picking import on_the_floor
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest

DEVICES, RATE = 50, 100
_SKUS, _ORDER_LINES = 400, 80


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """Both engines: healthz, then scans, then scans whose reply is the whole task."""
    seconds = 5 if quick else 30
    section = Section(
        "scan",
        "Scan confirmation through HTTP",
        f"{DEVICES} devices with sessions of their own confirm {RATE} picks a second for {seconds} s: bin, SKU, quantity "
        "and tote checked, ledger, allocation, order line, outbox row and command record written, committed durably. "
        "The load comes from another process on the same machine; every request has its moment and lateness counts. "
        "`/healthz` is the same rate of requests that do nothing. Target: p95 ≤ 30 ms.",
        ("database", "request", "n", "p50 ms", "p95 ms", "p99 ms", "max ms", "p95 against healthz"),
    )
    for engine in engines:
        with tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder:
            _engine(section, engine, Path(folder), seconds)
    return section


def _engine(section: Section, engine: str, folder: Path, seconds: int) -> None:
    turns = seconds * RATE // DEVICES

    def fill(db: Database, now: datetime) -> list[str]:
        return lay_out(db, folder, DEVICES, max(_ORDER_LINES, 2 * turns + 12))

    with served(engine, folder, fill) as (house, logins):
        devices = [_ready(house.url, login) for login in logins]
        host, port = house.url.removeprefix("http://").split(":")
        plan = {"host": host, "port": int(port), "rate": RATE, "warm": 5}
        idle = [
            {"headers": each["headers"], "calls": [["GET", "/healthz", None]] * turns} for each in devices
        ]
        base = _row(section, engine, "GET /healthz", run_load(plan | {"devices": idle}), None)
        scans = [each | {"calls": each["picks"][:turns]} for each in devices]
        for each in scans:
            each.pop("picks")
        _row(section, engine, "scan", run_load(plan | {"devices": scans}), base)
        whole = [
            {
                "headers": each["headers"],
                "calls": [[method, path, {**body, "knows_version": None}] for method, path, body in each["picks"][turns : 2 * turns]],
            }
            for each in devices
        ]  # fmt: skip
        for each in whole:
            for call in each["calls"]:
                call[2].pop("knows_version")
        _row(section, engine, "scan, whole task in the reply", run_load(plan | {"devices": whole}), base)


def _row(section: Section, engine: str, name: str, found: dict[str, Any], base: float | None) -> float:
    times = found["ms"]
    p95 = percentile(times, 0.95)
    ratio = "1" if base is None else f"{p95 / base:.1f}"
    section.add(
        engine, name, len(times), percentile(times, 0.5), p95, percentile(times, 0.99), max(times), ratio
    )
    if found["failed"]:
        section.notes.append(
            f"{engine}, {name}: {found['failed']} failed, such as {found['failures'][0][:200]}"
        )
        print("    FAILED", found["failed"], found["failures"][:2])
    return p95


def lay_out(db: Database, folder: Path, pickers: int, lines: int) -> list[str]:
    """Pickers with a discrete task each of `lines` lines; their logins. The house is filled through its use cases."""
    house = HouseUnderTest(db, folder)
    shop = a_shop(house, aisles=10, bays=20)
    codes = [f"S{number:04}" for number in range(max(_SKUS, lines))]
    bins = sorted(shop.hall.bins)
    for number, code in enumerate(codes):
        shop.stock(code, **{bins[number % len(bins)].replace("-", "_"): 100_000})
    for number in range(pickers):
        first = (number * 37) % len(codes)
        wanted = {codes[(first + line) % len(codes)]: 1 for line in range(lines)}
        shop.order(**wanted)
    on_the_floor(shop, pick_mode="discrete", max_orders=10_000)
    return [a_user(house, f"picker-{number}").login for number in range(pickers)]


def _ready(url: str, login: str) -> dict[str, Any]:
    """A device that has claimed its task and put its tote on the cart; its headers and its picks to come."""
    api = HttpApi(url)
    card = api.log_in("/api/session/password", {"login": login, "password": PASSWORD})
    claimed = api.post("/api/picking/claim", {"warehouse_id": card["warehouses"][0]["id"]}).expect("claim")
    task = claimed["task"]
    path = f"/api/picking/tasks/{task['id']}"
    lpn = f"T-{login.upper()}"
    for tote in task["totes"]:
        task = api.post(f"{path}/totes", {"slot_no": tote["slot_no"], "lpn": lpn}).expect("tote")["task"]
    picks = [
        [
            "POST",
            f"{path}/picks",
            {
                "line_id": line["id"],
                "slot_no": split["slot_no"],
                "qty": 1,
                "location_code": label_of(line["location"]),
                "sku_barcode": line["sku"]["code"],
                "lpn": lpn,
                "knows_version": task["version"],
            },
        ]
        for line in task["lines"]
        for split in line["splits"]
    ]
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in api.cookies.items())}
    api.close()
    return {"headers": headers, "picks": picks}
