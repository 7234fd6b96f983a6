"""A wave on the floor and pickers who work on it, for tests."""

import itertools
from dataclasses import dataclass
from typing import Any

from backend.core.execute import Actor
from backend.core.ids import uuid7
from backend.outbound.picking import use_cases as verbs
from backend.outbound.picking.queries import sheet_of
from backend.outbound.picking.use_cases import CreateTasks, create_tasks
from tests.build.people import a_user
from tests.build.waves import Shop

_totes = itertools.count(1)


@dataclass
class Picker:
    """A person with a handheld: the verbs of picking, with what a scan of the right things would send."""

    shop: Shop
    user_id: int
    permissions: frozenset[str] = frozenset({"pick"})
    task: dict[str, Any] | None = None

    def by(self, **parts: Any) -> Actor:
        """This person, under a fresh command id."""
        return self.shop.house.actor_as(user_id=self.user_id, permissions=self.permissions, **parts)

    def do(self, verb: Any, command: Any, *, by: Actor | None = None, **fields: Any) -> Any:
        """Run a verb; the task in hand follows."""
        result = self.shop.house.run(verb, command, by=by or self.by(), **fields)
        if getattr(result, "task", None) is not None:
            self.task = result.task
        return result

    def claim(self, task_id: int | None = None) -> dict[str, Any] | None:
        """The next task, or that one."""
        if task_id is None:
            return self.do(
                verbs.claim_next_task, verbs.ClaimNextTask, warehouse_id=self.shop.hall.warehouse_id
            ).task
        return self.do(verbs.claim_task, verbs.ClaimTask, task_id=task_id).task

    @property
    def task_id(self) -> int:
        """The task in hand."""
        assert self.task is not None
        return int(self.task["id"])

    def look(self) -> dict[str, Any]:
        """The task as it is now."""
        with self.shop.house.read() as session:
            self.task = sheet_of(session, self.task_id)
        return self.task

    def bind(self, slot_no: int | None = None, lpn: str | None = None) -> None:
        """Put a fresh tote into the slot, or into every slot."""
        assert self.task is not None
        slots = [slot_no] if slot_no else [tote["slot_no"] for tote in self.task["totes"]]
        for each in slots:
            self.do(
                verbs.bind_tote, verbs.BindTote, task_id=self.task_id, slot_no=each,
                lpn=lpn or f"TOTE-{next(_totes):05}",
            )  # fmt: skip

    def line(self, sku: str, bin_code: str | None = None) -> dict[str, Any]:
        """The line of that SKU (at that bin)."""
        (found,) = [
            line
            for line in self.look()["lines"]
            if line["sku"]["code"] == sku and bin_code in (None, line["location"]["code"])
        ]
        return found

    def pick(self, sku: str, qty: int | None = None, slot_no: int | None = None, **fields: Any) -> Any:
        """Confirm a pick of that SKU as the right scans would; `fields` replace what is sent."""
        by = fields.pop("by", None)
        line = fields.pop("line", None) or self.line(sku)
        split = next(each for each in line["splits"] if slot_no in (None, each["slot_no"]))
        sent = {
            "task_id": self.task_id,
            "line_id": line["id"],
            "slot_no": split["slot_no"],
            "qty": qty if qty is not None else split["qty"] - split["picked_qty"] - split["short_qty"],
            "location_code": line["location"]["code"],
            "sku_barcode": line["sku"]["code"],
            "lot_code": line["lot"]["code"] if line["lot"] else None,
        } | fields
        return self.do(verbs.confirm_pick, verbs.ConfirmPick, by=by, **sent)

    def pick_all(self) -> None:
        """Everything that the list asks."""
        for line in self.look()["lines"]:
            for split in line["splits"]:
                if split["qty"] > split["picked_qty"] + split["short_qty"]:
                    self.pick(line["sku"]["code"], line=line, slot_no=split["slot_no"])

    def short(self, sku: str, qty: int, reason: str = "empty", **fields: Any) -> Any:
        """So many pieces are missing."""
        line = fields.pop("line", None) or self.line(sku)
        return self.do(
            verbs.short_pick,
            verbs.PickShort,
            task_id=self.task_id,
            line_id=line["id"],
            qty=qty,
            reason=reason,
        )

    def undo(self, pick_id: int | None = None, **fields: Any) -> Any:
        """Take a pick back."""
        return self.do(verbs.undo_pick, verbs.UndoPick, task_id=self.task_id, pick_id=pick_id, **fields)

    def skip(self, sku: str) -> Any:
        """Leave the line for later."""
        return self.do(verbs.skip_line, verbs.SkipLine, task_id=self.task_id, line_id=self.line(sku)["id"])

    def put_back(self, entry: dict[str, Any], qty: int | None = None, **fields: Any) -> Any:
        """Bring back what a put-back names."""
        sent = {
            "task_id": self.task_id, "order_id": entry["order_id"], "line_id": entry["line_id"],
            "qty": qty or entry["qty"], "location_code": entry["location_code"],
        } | fields  # fmt: skip
        return self.do(verbs.put_back, verbs.PutBackGoods, **sent)

    def suspend(self, task_id: int | None = None) -> Any:
        """Put the cart aside."""
        return self.do(verbs.suspend_task, verbs.SuspendTask, task_id=task_id or self.task_id)

    def resume(self, task_id: int | None = None) -> Any:
        """Go on."""
        return self.do(verbs.resume_task, verbs.ResumeTask, task_id=task_id or self.task_id)

    def take_over(self, task_id: int) -> Any:
        """Go on with a colleague's cart."""
        return self.do(verbs.take_over_task, verbs.TakeOverTask, task_id=task_id)

    def finish(self) -> Any:
        """Bring the cart to packing."""
        return self.do(verbs.finish_task, verbs.FinishTask, task_id=self.task_id)


def a_picker(shop: Shop, login: str = "wang", *, permissions: tuple[str, ...] = ("pick",)) -> Picker:
    """A person who may pick."""
    return Picker(shop, int(a_user(shop.house, login).id), frozenset(permissions))


def on_the_floor(shop: Shop, **strategy: Any) -> None:
    """Everything that is ready, as tasks."""
    wave_id = shop.released(**strategy)
    shop.house.run(create_tasks, CreateTasks, wave_id=wave_id)


def a_started_cart(shop: Shop, login: str = "wang", **strategy: Any) -> Picker:
    """A picker with a cart and its totes, before the first bin."""
    on_the_floor(shop, **strategy)
    picker = a_picker(shop, login)
    picker.claim()
    picker.bind()
    return picker


def command_id() -> str:
    """A fresh id, as a device makes it before sending."""
    return uuid7()
