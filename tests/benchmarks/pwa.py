"""What a handheld loads before the first pick, and how fast the board draws a burst of news on a slow device."""

import gzip
import json
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from backend.core.db import Database
from backend.operations.simulation.adapters.http_api import HttpApi
from tests.benchmarks.houses import served
from tests.benchmarks.report import Section, percentile
from tests.benchmarks.scan import lay_out
from tests.build.people import PASSWORD
from tools.browser import need_chromium

EVENTS, THROTTLE, ROUNDS = 300, 6, 5
_KEEP_SOCKET = """
(() => { const Real = window.WebSocket;
  window.WebSocket = class extends Real { constructor(...all) { super(...all); window.benchSocket = this; } }; })()
"""
_PUSH = """
async (packets) => {
  let last = 0;
  const watch = new MutationObserver(() => { last = performance.now(); });
  watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  const began = performance.now();
  for (const data of packets) window.benchSocket.dispatchEvent(new MessageEvent("message", { data }));
  const handled = performance.now() - began;
  await new Promise((done) => { const look = () => performance.now() - Math.max(last, began) > 600 ? done() : setTimeout(look, 50); look(); });
  watch.disconnect();
  return { handled, drawn: last ? last - began : -1 };
}
"""
_WORK = "() => { const began = performance.now(); let sum = 0; for (let n = 0; n < 2e7; n++) sum += n % 7; return performance.now() - began + 0 * sum; }"


def measure(*, quick: bool, engines: Sequence[str]) -> Section:
    """In a real Chromium, on SQLite: the database has no part in it."""
    section = Section(
        "pwa",
        "The app in the browser",
        f"JavaScript and styles that Chromium fetches until the picker's list is shown, gzipped at level 9, without a cache; and "
        f"{EVENTS} facts handed to the open board at once, until its last change is drawn, at {THROTTLE}× CPU throttle "
        f"(median of {ROUNDS}). Baseline: a loop of 20 million additions at the same throttle. Targets: ≤ 60 KB of "
        "JavaScript, ≤ 400 ms.",
        ("what", "value", "target"),
    )
    with tempfile.TemporaryDirectory(prefix="tideline-bench-") as folder, sync_playwright() as play:

        def fill(db: Database, now: datetime) -> list[str]:
            return lay_out(db, Path(folder), 4, 40)

        browser = play.chromium.launch(executable_path=need_chromium(), args=["--no-sandbox"])
        with served("sqlite", Path(folder), fill) as (house, logins):
            task = _claimed(house.url, logins[0])
            _first_screen(
                section, _context(browser, house.url, HttpApi(house.url), logins[0]), house.url, task
            )
            _board(section, _context(browser, house.url, house.admin(), None), house.url, task)
        browser.close()
    return section


def _claimed(url: str, login: str) -> dict[str, Any]:
    api = HttpApi(url)
    card = api.log_in("/api/session/password", {"login": login, "password": PASSWORD})
    warehouse_id = card["warehouses"][0]["id"]
    task: dict[str, Any] = api.post("/api/picking/claim", {"warehouse_id": warehouse_id}).expect("claim")[
        "task"
    ]
    path = f"/api/picking/tasks/{task['id']}"
    api.post(f"{path}/totes", {"slot_no": task["totes"][0]["slot_no"], "lpn": "T-BENCH"}).expect("tote")
    line = task["lines"][0]
    body = {
        "line_id": line["id"], "slot_no": line["splits"][0]["slot_no"], "qty": 1, "lpn": "T-BENCH",
        "location_code": line["location"]["code"], "sku_barcode": line["sku"]["code"],
    }  # fmt: skip
    api.post(f"{path}/picks", body).expect("pick")  # from now on the board knows the picker
    api.close()
    return task


def _context(browser: Any, url: str, api: HttpApi, login: str | None) -> BrowserContext:
    if login is not None:
        api.log_in("/api/session/password", {"login": login, "password": PASSWORD})
    context: BrowserContext = browser.new_context(
        service_workers="block", locale="en-GB", viewport={"width": 360, "height": 640}
    )
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in api.cookies.items()])
    api.close()
    return context


def _first_screen(section: Section, context: BrowserContext, url: str, task: dict[str, Any]) -> None:
    """Until the bin of the next line stands on the screen."""
    page = context.new_page()
    seen: list[Any] = []
    page.on("response", lambda response: seen.append(response))  # noqa: PLW0108 - Playwright marks its handlers
    page.goto(f"{url}/pick")
    page.wait_for_function(
        "codes => codes.some(code => document.body.innerText.includes(code))",
        arg=[line["location"]["code"] for line in task["lines"][1:]],
    )
    page.wait_for_load_state("networkidle")
    sizes: dict[str, int] = {}
    for response in seen:
        kind = response.request.resource_type
        if kind in {"script", "stylesheet"}:
            sizes[kind] = sizes.get(kind, 0) + len(gzip.compress(response.body(), 9))
    section.add("JavaScript of the picker's first screen, KB gzipped", sizes["script"] / 1024, "≤ 60")
    section.add("styles of the picker's first screen, KB gzipped", sizes["stylesheet"] / 1024, "")
    context.close()


def _board(section: Section, context: BrowserContext, url: str, task: dict[str, Any]) -> None:
    page = context.new_page()
    page.add_init_script(_KEEP_SOCKET)
    page.goto(f"{url}/board")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("() => window.benchSocket && window.benchSocket.readyState === 1")
    page.wait_for_timeout(1500)
    warehouse_id = task["warehouse_id"]
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    loop = percentile([page.evaluate(_WORK) for _ in range(3)], 0.5)
    cursor = _cursor(page, url, warehouse_id)
    drawn, handled = [], []
    for _ in range(ROUNDS):
        found = page.evaluate(_PUSH, [_packet(task, cursor + number) for number in range(EVENTS)])
        cursor += EVENTS
        drawn.append(found["drawn"])
        handled.append(found["handled"])
        time.sleep(0.2)
    section.add(f"{EVENTS} facts until drawn, ms", percentile(drawn, 0.5), "≤ 400")
    section.add(f"{EVENTS} facts until handled, ms", percentile(handled, 0.5), "")
    section.add("the loop, ms", loop, "")
    section.add("drawn against the loop", f"{percentile(drawn, 0.5) / loop:.1f}", "")
    context.close()


def _cursor(page: Page, url: str, warehouse_id: int) -> int:
    seen = page.request.get(f"{url}/api/board?warehouse_id={warehouse_id}").json()
    return int(seen["cursor"])


def _packet(task: dict[str, Any], prev: int) -> str:
    """A pick as it comes over the socket: a fact of the board's channel that follows the one before."""
    fact = {
        "seq": prev + 1,
        "prev": prev,
        "channel": f"warehouse:{task['warehouse_id']}",
        "name": "picking.pick_confirmed",
        "at": "2026-11-23T12:00:00+00:00",
        "body": {
            "warehouse_id": task["warehouse_id"], "task_id": task["id"], "wave_id": task["wave"]["id"], "pick_id": prev,
            "line_id": task["lines"][prev % len(task["lines"])]["id"], "line_done": True, "order_id": 1, "sku_id": 1, "qty": 1,
            "location_id": 1, "location_code": task["lines"][prev % len(task["lines"])]["location"]["code"],
            "user_id": task["picker_id"],
        },
    }  # fmt: skip
    return "42" + json.dumps(["fact", fact])
