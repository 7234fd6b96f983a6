"""A throw-away demo house with a crew at work: what `tools.pictures` takes its pictures of."""

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.processes import Answer, Api, ServerProcess

CREW = (
    "王磊 Wang Lei",
    "李娜 Li Na",
    "赵敏 Zhao Min",
    "孙浩 Sun Hao",
    "吴倩 Wu Qian",
    "何军 He Jun",
    "刘洋 Liu Yang",
)
AT_WORK = 6  # of the crew; the last one carries the English handheld


class _Patient(Api):
    """Calls anew every time: between two pictures the server hangs up."""

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """One request on a connection of its own."""
        self.close()
        return super().call(method, path, body, **more)


@dataclass
class Town:
    """The demo house, its people, and what the supervisor does there."""

    server: ServerProcess
    demo: dict[str, Any]
    desk: Api = field(init=False)
    crew: list[Api] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.desk = self.log_in("admin")
        self.warehouse_id = self.demo["warehouse"]["id"]

    def person(self, role: str) -> dict[str, Any]:
        """The demo's login of that role."""
        return next(each for each in self.demo["logins"] if each["role"] == role)

    def log_in(self, role: str) -> Api:
        """Sit down at a desk."""
        api, person = _Patient(self.server.port), self.person(role)
        api.post("/api/session/password", {"login": person["login"], "password": person["password"]})
        return api

    def name_crew(self) -> None:
        """Simulated pickers get the names of people."""
        cards = self.desk.get("/api/people/users?limit=100")["items"]
        for number, name in enumerate(CREW, 1):
            card = next(each for each in cards if each["login"] == f"sim-{number}")
            kept = ("roles", "jobs", "warehouses", "shops", "owners", "language")
            body = {"name": name} | {key: card[key] for key in kept if key in card}
            answer = self.desk.call("PUT", f"/api/people/users/{card['id']}", body)
            if answer.status >= 300:
                raise AssertionError(answer)
        for person in self.demo["simulation"]["pickers"][:AT_WORK]:
            api = _Patient(self.server.port)
            api.post("/api/session/badge", {"badge": person["badge"], "pin": person["pin"]})
            self.crew.append(api)

    def strategies(self) -> list[dict[str, Any]]:
        """All of them, the hot sellers' first."""
        found: list[dict[str, Any]] = self.desk.get(f"/api/waves/strategies?warehouse_id={self.warehouse_id}")
        return found

    def compose(self, strategy_id: int) -> int:
        """A wave; its id."""
        return int(self.desk.post("/api/waves", {"strategy_id": strategy_id})["wave_id"])

    def wave(self, wave_id: int) -> dict[str, Any]:
        """How a wave stands."""
        found: dict[str, Any] = self.desk.get(f"/api/waves/{wave_id}")["wave"]
        return found

    def planned(self, wave_id: int) -> None:
        """Wait until the routes are there."""
        for _ in range(300):
            if self.wave(wave_id)["state"] == "planned":
                return
            time.sleep(0.3)
        raise AssertionError(f"no plan: {self.wave(wave_id)}")

    def work(self, picks: int) -> None:
        """Everybody of the crew takes a cart, if they have none, and picks some lines of it."""
        for number, api in enumerate(self.crew):
            claimed = api.post("/api/picking/claim", {"warehouse_id": self.warehouse_id})["task"]
            if claimed:
                _pick(api, claimed, picks + number % 3)


def _pick(api: Api, task: dict[str, Any], most: int) -> None:
    base = f"/api/picking/tasks/{task['id']}"
    totes = {}
    for tote in task["totes"]:
        lpn = totes[tote["slot_no"]] = tote["lpn"] or f"T{task['id']:02}-{tote['slot_no']:02}"
        api.call("POST", f"{base}/totes", {"slot_no": tote["slot_no"], "lpn": lpn})
    todo = [line for line in task["lines"] if line["sku"]["serial_policy"] == "none"]
    for line in todo[:most]:
        for split in line["splits"]:
            body = {
                "line_id": line["id"],
                "slot_no": split["slot_no"],
                "qty": split["qty"],
                "location_code": line["location"]["code"],
                "sku_barcode": line["sku"]["code"],
                "lot_code": line["lot"] and line["lot"]["code"],
                "lpn": totes[split["slot_no"]],
            }
            api.call("POST", f"{base}/picks", body)


@contextmanager
def open_town() -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = ServerProcess(f"sqlite:///{folder}/pictures.db", folder)
        server.flask("migrate")
        server.flask("demo", "seed")
        server.start()
        try:
            yield Town(server, json.loads((folder / "var" / "demo.json").read_text(encoding="utf-8")))
        finally:
            server.stop()
