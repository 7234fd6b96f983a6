"""A floor with work on it, and pickers on real handhelds' terms: HTTP, one command id until there is an answer."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from backend.core.ids import uuid7
from backend.outbound.picking.models import PickTask
from backend.stock.models import StockMove
from backend.stock.queries import verify
from tests.build.people import PIN, a_user, badge_of
from tests.build.picking import on_the_floor
from tests.build.waves import Shop, a_shop
from tests.conftest import HouseUnderTest
from tests.processes import Answer, Api

GOODS = ("APPLE", "PEAR", "PLUM", "FIG", "LIME", "KIWI")
_PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class Floor:
    """Work for some pickers: their badges, the warehouse, and how many pieces there are to pick."""

    warehouse_id: int
    badges: list[str]
    pieces: int


def a_floor(house: HouseUnderTest, *, orders: int = 18, pickers: int = 3) -> Floor:
    """A released wave of small carts, one or more for each picker."""
    shop: Shop = a_shop(house)
    for number, name in enumerate(GOODS):
        shop.stock(name, **{f"{'AB'[number % 2]}_0{number // 2 + 1}_1": 500})
    pieces = 0
    for number in range(orders):
        wanted = {GOODS[(number + step) % len(GOODS)]: 1 + (number + step) % 3 for step in range(4)}
        shop.order(**wanted)
        pieces += sum(wanted.values())
    on_the_floor(shop, totes=3)
    badges = [badge_of(house, a_user(house, f"picker-{number}").id) for number in range(pickers)]
    return Floor(shop.hall.warehouse_id, badges, pieces)


@dataclass
class Handheld:
    """One device with its picker. A command is repeated under its id until somebody answers for good."""

    port: int
    badge: str
    warehouse_id: int
    acknowledged: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    refused: list[Any] = field(default_factory=list)
    error: BaseException | None = None
    pause: float = 0.0

    def run(self) -> None:
        """Claim and pick until there is nothing more."""
        try:
            self._api = Api(self.port, timeout=5)
            self._insist(
                lambda: self._api.call("POST", "/api/session/badge", {"badge": self.badge, "pin": PIN})
            )
            while task := self._send("/api/picking/claim", {"warehouse_id": self.warehouse_id})["task"]:
                self._pick(task)
        except BaseException as error:
            self.error = error
        finally:
            self._api.close()

    def _pick(self, task: dict[str, Any]) -> None:
        for tote in task["totes"]:
            self._send(
                f"/api/picking/tasks/{task['id']}/totes", {"slot_no": tote["slot_no"], "lpn": f"T-{uuid7()}"}
            )
        for line in task["lines"]:
            for split in line["splits"]:
                self._confirm(task, line, split)
                time.sleep(self.pause)
        self._send(f"/api/picking/tasks/{task['id']}/finish", {})

    def _confirm(self, task: dict[str, Any], line: dict[str, Any], split: dict[str, Any]) -> None:
        body = {
            "line_id": line["id"],
            "slot_no": split["slot_no"],
            "qty": split["qty"],
            "location_code": line["location"]["code"],
            "sku_barcode": line["sku"]["code"],
        }
        command_id = uuid7()
        self._send(f"/api/picking/tasks/{task['id']}/picks", body, command_id)
        self.acknowledged[command_id] = split["qty"]

    def _send(self, path: str, body: dict[str, Any], command_id: str | None = None) -> Any:
        command_id = command_id or uuid7()
        answer = self._insist(lambda: self._api.call("POST", path, body, command_id=command_id))
        if answer.status >= 400:
            self.refused.append((path, answer))
            raise AssertionError(f"refused: {path} {answer}")
        return answer.body

    def _insist(self, call: Callable[[], Answer]) -> Answer:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = call()
                if answer.status < 500 and answer.status != 429:
                    return answer
            except OSError:
                pass
            self.repeats += 1
            time.sleep(0.1)
        raise AssertionError("nobody answers any more")


def at_work(port: int, floor: Floor, *, pause: float = 0.0) -> tuple[list[Handheld], list[threading.Thread]]:
    """The pickers, working in threads."""
    handhelds = [Handheld(port, badge, floor.warehouse_id, pause=pause) for badge in floor.badges]
    threads = [threading.Thread(target=handheld.run, daemon=True) for handheld in handhelds]
    for thread in threads:
        thread.start()
    return handhelds, threads


def check_nothing_lost_nothing_twice(house: HouseUnderTest, floor: Floor, handhelds: list[Handheld]) -> None:
    """The ledger holds each acknowledged scan once, all of the work and nothing else, and proves itself."""
    for handheld in handhelds:
        assert handheld.error is None, handheld.error
        assert not handheld.refused
    promised = {name: qty for handheld in handhelds for name, qty in handheld.acknowledged.items()}
    with house.read() as session:
        rows = session.execute(
            select(StockMove.command_id, func.sum(StockMove.qty))
            .where(StockMove.reason == "PICK")
            .group_by(StockMove.command_id)
        )
        written = {command_id: int(qty) for command_id, qty in rows}
        open_tasks = session.scalar(select(func.count()).where(PickTask.state != "done"))
        report = verify(session)
    assert written == promised
    assert sum(written.values()) == floor.pieces
    assert open_tasks == 0
    assert report.sound, report
