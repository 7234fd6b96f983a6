"""A picker's shift: claim, put totes on the cart, walk, scan, err, finish; every deed a request to the public API.

A shift is a generator that yields how many simulated seconds pass before its next deed; the day decides when that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.algorithms.routing.layout import Stop
from backend.operations.simulation.rules.hall import Hall
from backend.operations.simulation.rules.people import (
    Dice,
    Habits,
    Mistake,
    Person,
    handling_s,
    is_careless,
    mistakes,
    taking_s,
    wrong_count,
)
from backend.operations.simulation.rules.report import Tally
from backend.operations.simulation.use_cases.api import Answer, Api

IDLE_S = 30.0
_MOST_TRIES = 4
Json = dict[str, Any]


@dataclass
class Floor:
    """What all pickers of a day share."""

    warehouse_id: int
    hall: Hall
    habits: Habits
    policy: str
    tally: Tally
    tote_prefix: str
    other_barcode: str = "0000000000000"
    totes_used: int = 0

    def next_lpn(self) -> str:
        """A tote that has never been used."""
        self.totes_used += 1
        return f"{self.tote_prefix}{self.totes_used:05}"


@dataclass
class Picker:
    """Somebody with a handheld."""

    api: Api
    floor: Floor
    person: Person
    dice: Dice
    here: Stop = field(default_factory=lambda: Stop(0, 0))
    task: Json = field(default_factory=dict)
    walk: dict[str, int] = field(default_factory=dict)  # place in the tour, by location code
    tries: dict[int, int] = field(default_factory=dict)  # visits that did not close the line, by line id

    def shift(self) -> Iterator[float]:
        """Work until nobody wants to know any more; yields seconds, `IDLE_S` where there is no work."""
        while True:
            claimed = self.api.post("/api/picking/claim", {"warehouse_id": self.floor.warehouse_id})
            if not claimed.ok or claimed.body["task"] is None:
                yield IDLE_S
                continue
            self.task, self.tries = claimed.body["task"], {}
            self.walk = self._plan_walk()
            for seconds in self._tour():
                self.floor.tally.busy_s += seconds
                yield seconds

    def _plan_walk(self) -> dict[str, int]:
        """Lines come in the server's optimal order; where another policy is to be walked, in that one."""
        codes = list(dict.fromkeys(line["location"]["code"] for line in self._open_lines()))
        policy = self.floor.policy
        sequence = range(len(codes)) if policy == "optimal" else self.floor.hall.order(codes, policy)
        return {codes[at]: number for number, at in enumerate(sequence)}

    def _tour(self) -> Iterator[float]:
        layout = self.floor.hall.layout
        self.here = layout.start
        yield self._handle(self.floor.habits.times.start)
        yield from self._load_cart()
        while lines := self._open_lines():
            line = lines[0]
            yield from self._visit(line)
            yield from self._give_up_at_last(line["id"])
        yield from self._put_back()
        yield from self._walk(layout.end)
        yield self._handle(self.floor.habits.times.unload)
        done = self._say("finish", {})
        if done.ok:
            self.floor.tally.tasks += 1
        else:
            self.floor.tally.note_refusal(done.code)
            self._say("suspend", {})

    def _open_lines(self) -> list[Json]:
        """Lines to visit in walking order; a bin that was not foreseen comes last."""
        to_do = [line for line in self.task["lines"] if line["state"] in ("open", "skipped")]
        to_do = [line for line in to_do if self.tries.get(line["id"], 0) < _MOST_TRIES]
        last = len(self.walk)
        return sorted(to_do, key=lambda line: (self.walk.get(line["location"]["code"], last), line["seq"]))

    def _give_up_at_last(self, line_id: int) -> Iterator[float]:
        """A line that stays open visit after visit is reported as one that cannot be reached."""
        line = next((each for each in self._open_lines() if each["id"] == line_id), None)
        if line is None:
            return
        self.tries[line_id] = self.tries.get(line_id, 0) + 1
        if self.tries[line_id] >= _MOST_TRIES:
            yield self._handle(self.floor.habits.times.correct)
            self._report_short(line, "blocked")

    def _put_back(self) -> Iterator[float]:
        """Goods of orders that were stopped go back into their bins."""
        for due in list(self.task["put_backs"]):
            yield from self._walk(self.floor.hall.stop_of(due["location_code"]))
            yield self._handle(self.floor.habits.times.correct)
            self._say(
                "put-backs", {name: due[name] for name in ("order_id", "line_id", "qty", "location_code")}
            )

    def _load_cart(self) -> Iterator[float]:
        for tote in list(self.task["totes"]):
            if tote["lpn"] is None:
                yield self._handle(self.floor.habits.times.bind_tote)
                self._say("totes", {"slot_no": tote["slot_no"], "lpn": self.floor.next_lpn()})

    def _visit(self, line: Json) -> Iterator[float]:
        """Walk to a bin and take everything that the cart needs from it."""
        yield from self._walk(self.floor.hall.stop_of(line["location"]["code"]))
        yield self._handle(self.floor.habits.times.find_bin)
        if self.dice.random() < self.floor.habits.errors.empty_bin:
            yield self._handle(self.floor.habits.times.correct)
            if self._report_short(line, "empty").ok:
                return
        for split in line["splits"]:
            if split["qty"] > split["picked_qty"]:
                yield from self._fill(line, split)

    def _report_short(self, line: Json, reason: str) -> Answer:
        self.floor.tally.short_lines += 1
        missing = line["qty"] - line["picked_qty"] - line["short_qty"]
        return self._say("shorts", {"line_id": line["id"], "qty": missing, "reason": reason})

    def _fill(self, line: Json, split: Json) -> Iterator[float]:
        """Pieces of one SKU for one order, mistakes included."""
        tally, left = self.floor.tally, split["qty"] - split["picked_qty"]
        wrong = mistakes(self.dice, self.floor.habits.errors)
        each = bool(self.task["scan_each"])
        yield taking_s(self.dice, self.floor.habits, self.person, left, scan_each=each)
        unseen = frozenset(
            mistake
            for mistake in wrong & {Mistake.WRONG_QTY, Mistake.WRONG_TOTE}
            if is_careless(self.dice, self.floor.habits.errors)
        )
        for mistake in sorted(wrong - unseen):
            if each and mistake is Mistake.WRONG_QTY:
                tally.note(mistake, caught=True)  # the pieces are counted by the scanner
                yield self._handle(self.floor.habits.times.correct)
                continue
            yield from self._err(mistake, line, split, left)
            left = self._left(line, split)
            if left <= 0:
                break
        for mistake in sorted(unseen):
            tally.note(mistake, caught=False)
        if left > 0 and not self._confirm(line, split, left, each):
            return
        tally.lines += 1
        tally.units += split["qty"] - split["picked_qty"]
        tally.note_visit(split["order_id"], line["location"]["code"])

    def _confirm(self, line: Json, split: Json, left: int, each: bool) -> bool:
        for _ in range(left if each else 1):
            answer = self._pick(line, split, 1 if each else left)
            if not answer.ok:
                self.floor.tally.note_refusal(answer.code)
                self._look_again()
                return False
        return True

    def _err(self, mistake: Mistake, line: Json, split: Json, left: int) -> Iterator[float]:
        """Do the wrong thing and see what the house says."""
        if mistake is Mistake.WRONG_QTY:
            count = wrong_count(self.dice, left)
            answer = self._pick(line, split, count)
            self.floor.tally.note(mistake, caught=not answer.ok or self._left(line, split) > 0)
        else:
            changes = {
                Mistake.WRONG_BIN: {"location_code": self._other_bin(line)},
                Mistake.WRONG_SKU: {"sku_barcode": self._other_sku(line)},
                Mistake.WRONG_TOTE: {"lpn": self._other_tote(split)},
            }
            answer = self._pick(line, split, left, **changes[mistake])
            self.floor.tally.note(mistake, caught=not answer.ok)
            if not answer.ok:
                self._report(mistake, line, changes[mistake])
        yield self._handle(self.floor.habits.times.correct)

    def _report(self, mistake: Mistake, line: Json, scanned: dict[str, str]) -> None:
        """The handheld tells the house of the scan it refused."""
        step, expected = {
            Mistake.WRONG_BIN: ("location", line["location"]["code"]),
            Mistake.WRONG_SKU: ("sku", line["sku"]["code"]),
            Mistake.WRONG_TOTE: ("tote", "-"),
        }[mistake]
        text = next(iter(scanned.values()))
        self._say("mis-scans", {"line_id": line["id"], "step": step, "scanned": text, "expected": expected})

    def _pick(self, line: Json, split: Json, qty: int, **changes: str) -> Answer:
        """Confirm as the handheld does, or with something else than it asked for."""
        right = {
            "line_id": line["id"],
            "slot_no": split["slot_no"],
            "qty": qty,
            "location_code": label_of(line["location"]),
            "sku_barcode": barcode_of(line["sku"]),
            "lot_code": line["lot"]["code"] if line["lot"] else None,
            "lpn": self._lpn(split["slot_no"]),
        }
        return self._say("picks", right | changes)

    def _say(self, deed: str, body: Json) -> Answer:
        answer = self.api.post(f"/api/picking/tasks/{self.task['id']}/{deed}", body)
        if answer.ok and isinstance(answer.body, dict) and answer.body.get("task"):
            self.task = answer.body["task"]
        return answer

    def _look_again(self) -> None:
        seen = self.api.get(f"/api/picking/tasks/{self.task['id']}")
        if seen.ok:
            self.task = seen.body.get("task", seen.body)

    def _left(self, line: Json, split: Json) -> int:
        for now in self.task["lines"]:
            if now["id"] == line["id"]:
                mine = [each for each in now["splits"] if each["slot_no"] == split["slot_no"]]
                return (
                    sum(each["qty"] - each["picked_qty"] for each in mine) if now["state"] != "picked" else 0
                )
        return 0

    def _lpn(self, slot_no: int) -> str | None:
        return next((tote["lpn"] for tote in self.task["totes"] if tote["slot_no"] == slot_no), None)

    def _other_bin(self, line: Json) -> str:
        others = [
            each["location"]
            for each in self.task["lines"]
            if each["location"]["id"] != line["location"]["id"]
        ]
        return label_of(others[self.dice.randrange(len(others))]) if others else "ZZ.NOT-A-BIN"

    def _other_sku(self, line: Json) -> str:
        others = [each["sku"] for each in self.task["lines"] if each["sku"]["id"] != line["sku"]["id"]]
        return barcode_of(others[self.dice.randrange(len(others))]) if others else self.floor.other_barcode

    def _other_tote(self, split: Json) -> str:
        others = [
            tote["lpn"] for tote in self.task["totes"] if tote["slot_no"] != split["slot_no"] and tote["lpn"]
        ]
        return str(others[self.dice.randrange(len(others))]) if others else "T-SOMEBODY-ELSE"

    def _walk(self, there: Stop) -> Iterator[float]:
        way_mm = self.floor.hall.walk_mm(self.here, there)
        self.here = there
        if way_mm:
            self.floor.tally.walked_mm += way_mm
            yield way_mm / self.person.walk_mm_s

    def _handle(self, median_s: float) -> float:
        return handling_s(self.dice, self.floor.habits, self.person, median_s)


def label_of(location: Json) -> str:
    """What the scanner reads from a bin's label."""
    check = location.get("check_code")
    return f"{check}.{location['code']}" if check else str(location["code"])


def barcode_of(sku: Json) -> str:
    """What the scanner reads from a single piece."""
    single = [each["code"] for each in sku["barcodes"] if each["qty"] == 1]
    return str(single[0]) if single else str(sku["code"])
