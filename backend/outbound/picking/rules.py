"""Decisions of picking: what a scan must match, how a pick pours into orders, which line comes next."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from backend.core.errors import Refusal


class TaskState(StrEnum):
    """The life of a pick task."""

    OPEN = "open"
    CLAIMED = "claimed"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"


class LineState(StrEnum):
    """How a line stands. A stopped line has only splits of held or cancelled orders."""

    OPEN = "open"
    PICKED = "picked"
    SHORT = "short"
    SKIPPED = "skipped"
    STOPPED = "stopped"


TO_DO = (LineState.OPEN, LineState.SKIPPED)
STEPS = ("location", "sku", "lot", "tote")


class ShortReason(StrEnum):
    """What the picker found instead of the goods."""

    EMPTY = "empty"
    NOT_FOUND = "not_found"
    DAMAGED = "damaged"
    BLOCKED = "blocked"


LOSSES = (ShortReason.EMPTY, ShortReason.NOT_FOUND, ShortReason.DAMAGED)
CLEARS_BIN = (ShortReason.EMPTY, ShortReason.NOT_FOUND)


@dataclass(frozen=True, slots=True)
class SplitView:
    """A split as far as a decision needs it."""

    id: int
    slot_no: int
    order_id: int
    qty: int
    picked_qty: int
    short_qty: int
    stopped: bool = False

    @property
    def left(self) -> int:
        """What is still to be picked for this order from this line."""
        return 0 if self.stopped else self.qty - self.picked_qty - self.short_qty


@dataclass(frozen=True, slots=True)
class TaskView:
    """Whose task it is, and how it stands."""

    id: int
    state: str
    picker_id: int | None


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """Which order stands in which slot of the cart."""

    slot_no: int
    order_id: int


# ------------------------------------------------------------------------------------------ modes (the seam)


@dataclass(frozen=True)
class Mode:
    """A way of picking: how orders are laid out on the cart, and which splits a confirmed quantity fills.

    Further modes (batch-then-sort, zone) are further entries of `MODES`; nothing else asks for a mode's name.
    """

    name: str
    lay_out: Callable[[Sequence[tuple[int, int]]], tuple[SlotPlan, ...]]
    pour: Callable[[Sequence[SplitView], int, int], tuple[tuple[SplitView, int], ...]]
    carts_one_order: bool


def _lay_out_by_slot(orders: Sequence[tuple[int, int]]) -> tuple[SlotPlan, ...]:
    return tuple(SlotPlan(slot_no, order_id) for order_id, slot_no in orders)


def _pour_into_slot(splits: Sequence[SplitView], slot_no: int, qty: int) -> tuple[tuple[SplitView, int], ...]:
    """The quantity goes to the splits of that tote, in order; more than they ask is not taken."""
    poured: list[tuple[SplitView, int]] = []
    for split in splits:
        if split.slot_no == slot_no and split.left and qty:
            part = min(split.left, qty)
            poured.append((split, part))
            qty -= part
    return tuple(poured)


MODES: Mapping[str, Mode] = {
    "discrete": Mode("discrete", _lay_out_by_slot, _pour_into_slot, carts_one_order=True),
    "cluster": Mode("cluster", _lay_out_by_slot, _pour_into_slot, carts_one_order=False),
}


# ------------------------------------------------------------------------------------------ who may go on


def check_picker(task: TaskView, user_id: int | None, was_picker: bool = False) -> None:
    """Only the picker of a claimed task may change it.

    Raises:
        Refusal: `task_taken_over` (it was the caller's), `not_your_task`, `task_not_claimed`, `task_suspended`,
            `task_done`, `task_cancelled`.
    """
    if task.state == TaskState.DONE:
        raise Refusal("task_done", task_id=task.id)
    if task.state == TaskState.CANCELLED:
        raise Refusal("task_cancelled", task_id=task.id)
    if task.state == TaskState.OPEN:
        raise Refusal("task_not_claimed", task_id=task.id)
    if task.picker_id != user_id:
        if was_picker:
            raise Refusal("task_taken_over", task_id=task.id, picker_id=task.picker_id)
        raise Refusal("not_your_task", task_id=task.id, picker_id=task.picker_id)
    if task.state == TaskState.SUSPENDED:
        raise Refusal("task_suspended", task_id=task.id)


# ------------------------------------------------------------------------------------------ what a scan must match


def location_matches(scanned: str, code: str, check_code: str) -> bool:
    """Whether a scanned label or typed text names the bin.

    Labels read `<check>.<code>`; older ones may have it the other way round. The bare code is what a person types.
    """
    text = scanned.strip().upper()
    code, check = code.upper(), check_code.upper()
    return text in {code, f"{check}.{code}", f"{code}.{check}"} or (bool(check) and text == check)


def check_lot(
    *, policy: str, wanted: str | None, given: str | None, sku_code: str, expiry_on: date | None, today: date
) -> None:
    """The lot in the hand must be the lot of the list, and not be past its day.

    Raises:
        Refusal: `lot_required`, `wrong_lot`, `lot_expired`.
    """
    if policy == "none" or wanted is None:
        return
    if not given:
        raise Refusal("lot_required", sku=sku_code, expected=wanted)
    if given.strip().upper() != wanted.upper():
        raise Refusal("wrong_lot", sku=sku_code, expected=wanted, scanned=given)
    if policy == "lot_expiry" and expiry_on is not None and expiry_on < today:
        raise Refusal("lot_expired", sku=sku_code, lot=wanted, expiry_on=expiry_on)


def check_serial(*, policy: str, serial: str | None, qty: int, sku_code: str) -> None:
    """A SKU with strong serials is picked piece by piece, each with its number.

    Raises:
        Refusal: `serial_required`, `serial_one_at_a_time`.
    """
    if policy == "strong" and not serial:
        raise Refusal("serial_required", sku=sku_code)
    if serial and qty != 1:
        raise Refusal("serial_one_at_a_time", sku=sku_code, qty=qty)


def check_qty(qty: int, left: int, *, scan_each: bool, pack_qty: int) -> None:
    """Never more than asked; in scan-each mode exactly what the scanned code stands for.

    Raises:
        Refusal: `more_than_asked`, `scan_each_piece`.
    """
    if qty > left:
        raise Refusal("more_than_asked", qty=qty, left=left)
    if scan_each and qty != pack_qty:
        raise Refusal("scan_each_piece", qty=qty, per_scan=pack_qty)


# ------------------------------------------------------------------------------------------ how lines stand


def line_state(qty: int, picked: int, short: int, *, skipped: bool = False) -> LineState:
    """The state that follows from the sums of a line's live splits."""
    if qty == 0:
        return LineState.STOPPED
    if picked + short < qty:
        return LineState.SKIPPED if skipped else LineState.OPEN
    return LineState.SHORT if short else LineState.PICKED


def next_line(lines: Sequence[tuple[int, int, str]]) -> int | None:
    """The line to go to, of (id, seq, state): open ones in order of the route, then skipped ones."""
    for wanted in TO_DO:
        found = [(seq, line_id) for line_id, seq, state in lines if state == wanted]
        if found:
            return min(found)[1]
    return None


def spread_short(splits: Sequence[SplitView], qty: int) -> tuple[tuple[SplitView, int], ...]:
    """Which orders go short: from the last slot to the first, so that as few orders as possible suffer.

    Args:
        splits: of one line.
        qty: pieces that are missing; at most what is left.
    """
    missing: list[tuple[SplitView, int]] = []
    for split in sorted(splits, key=lambda each: (-each.slot_no, -each.id)):
        if split.left and qty:
            part = min(split.left, qty)
            missing.append((split, part))
            qty -= part
    return tuple(missing)


@dataclass(frozen=True, slots=True)
class PickView:
    """A pick as far as a put-back needs it."""

    id: int
    line_id: int
    qty: int
    returned_qty: int
    at: datetime

    @property
    def in_tote(self) -> int:
        """Pieces of it that still lie in the tote."""
        return self.qty - self.returned_qty


# ------------------------------------------------------------------------------------------ drafting tasks


class Goods(Protocol):
    """Goods of an order at a bin, as the wave's plan has them."""

    @property
    def allocation_id(self) -> int: ...
    @property
    def order_line_id(self) -> int: ...
    @property
    def location_id(self) -> int: ...
    @property
    def sku_id(self) -> int: ...
    @property
    def lot_id(self) -> int | None: ...
    @property
    def qty(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SplitDraft:
    """A split to write."""

    slot_no: int
    order_id: int
    order_line_id: int
    allocation_id: int
    qty: int


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A line to write."""

    location_id: int
    sku_id: int
    lot_id: int | None
    splits: tuple[SplitDraft, ...]

    @property
    def qty(self) -> int:
        """What the picker takes in all."""
        return sum(split.qty for split in self.splits)


@dataclass(frozen=True, slots=True)
class Draft:
    """A task to write: its cart and its lines in walking order."""

    slots: tuple[SlotPlan, ...]
    lines: tuple[LineDraft, ...]


def draft_of(
    slots: Sequence[SlotPlan], goods: Mapping[int, Sequence[Goods]], sequence: Sequence[int]
) -> Draft:
    """Merge what all orders of a cart want from one bin into one line; lines follow the walk.

    Args:
        slots: the cart; a slot whose order has no goods (it was held meanwhile) is left out.
        goods: per order.
        sequence: location ids in walking order.
    """
    splits: dict[tuple[int, int, int], list[SplitDraft]] = {}
    slots = [slot for slot in slots if goods[slot.order_id]]
    for slot in slots:
        for each in goods[slot.order_id]:
            key = (each.location_id, each.sku_id, each.lot_id or 0)
            splits.setdefault(key, []).append(
                SplitDraft(slot.slot_no, slot.order_id, each.order_line_id, each.allocation_id, each.qty)
            )
    rank = {location_id: number for number, location_id in enumerate(sequence)}
    keys = sorted(splits, key=lambda key: (rank.get(key[0], len(rank)), key))
    lines = (LineDraft(key[0], key[1], key[2] or None, tuple(splits[key])) for key in keys)
    return Draft(tuple(slots), tuple(lines))
