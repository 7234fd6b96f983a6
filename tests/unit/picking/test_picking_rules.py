"""Decisions of picking, without a database."""

from dataclasses import dataclass
from datetime import date

import pytest

from backend.core.errors import Refusal
from backend.outbound.picking.rules import (
    MODES,
    LineState,
    SlotPlan,
    SplitView,
    TaskView,
    check_lot,
    check_picker,
    check_qty,
    check_serial,
    draft_of,
    line_state,
    location_matches,
    spread_short,
)


def a_split(
    number: int, slot_no: int, qty: int, picked: int = 0, short: int = 0, stopped: bool = False
) -> SplitView:
    return SplitView(number, slot_no, 100 + slot_no, qty, picked, short, stopped)


@pytest.mark.parametrize(
    ("state", "picker", "was", "code"),
    [
        ("done", 1, False, "task_done"),
        ("cancelled", 1, False, "task_cancelled"),
        ("open", None, False, "task_not_claimed"),
        ("claimed", 2, False, "not_your_task"),
        ("claimed", 2, True, "task_taken_over"),
        ("suspended", 1, False, "task_suspended"),
    ],
)
def test_only_the_picker_of_a_claimed_task_goes_on(state: str, picker: int | None, was: bool, code: str):
    with pytest.raises(Refusal) as no:
        check_picker(TaskView(5, state, picker), 1, was_picker=was)
    assert no.value.code == code


def test_the_picker_goes_on():
    check_picker(TaskView(5, "claimed", 1), 1)


@pytest.mark.parametrize("mode", ["discrete", "cluster"])
def test_a_quantity_fills_the_splits_of_its_tote_in_order(mode: str):
    splits = [a_split(1, 1, 2, picked=1), a_split(2, 2, 5), a_split(3, 1, 4), a_split(4, 1, 9, stopped=True)]
    poured = MODES[mode].pour(splits, 1, 3)
    assert [(view.id, qty) for view, qty in poured] == [(1, 1), (3, 2)]


def test_the_last_slots_go_short_first():
    splits = [a_split(1, 1, 3), a_split(2, 2, 3, picked=1), a_split(3, 3, 2, stopped=True)]
    assert [(view.id, qty) for view, qty in spread_short(splits, 3)] == [(2, 2), (1, 1)]


@pytest.mark.parametrize(
    ("qty", "picked", "short", "skipped", "state"),
    [
        (0, 0, 0, False, LineState.STOPPED),
        (3, 0, 0, False, LineState.OPEN),
        (3, 1, 0, True, LineState.SKIPPED),
        (3, 3, 0, True, LineState.PICKED),
        (3, 2, 1, False, LineState.SHORT),
        (3, 0, 3, False, LineState.SHORT),
    ],
)
def test_the_state_of_a_line_follows_from_its_sums(
    qty: int, picked: int, short: int, skipped: bool, state: LineState
):
    assert line_state(qty, picked, short, skipped=skipped) is state


@pytest.mark.parametrize("text", ["A-01-1", " a-01-1 ", "7K.A-01-1", "A-01-1.7k", "7k"])
def test_a_bin_is_known_by_code_label_or_check_code(text: str):
    assert location_matches(text, "A-01-1", "7K")


@pytest.mark.parametrize("text", ["A-01-2", "9Z.A-01-1", "7K.A-01-", "A-01", "", "."])
def test_another_bin_or_a_cut_label_is_not(text: str):
    assert not location_matches(text, "A-01-1", "7K")


def test_a_bin_without_a_check_code_is_not_known_by_an_empty_scan():
    assert not location_matches("", "A-01-1", "")


def test_lots():
    said = {"sku_code": "MILK", "expiry_on": date(2026, 11, 23), "today": date(2026, 11, 23)}
    check_lot(policy="none", wanted=None, given=None, **said)
    check_lot(policy="lot_expiry", wanted="l1", given=" L1 ", **said)
    for given, code in ((None, "lot_required"), ("L2", "wrong_lot")):
        with pytest.raises(Refusal, match=code):
            check_lot(policy="lot", wanted="L1", given=given, **said)
    with pytest.raises(Refusal, match="lot_expired"):
        check_lot(policy="lot_expiry", wanted="L1", given="L1", **said | {"today": date(2026, 11, 24)})


def test_serials_and_quantities():
    check_serial(policy="weak", serial=None, qty=5, sku_code="X")
    for serial, qty, code in ((None, 1, "serial_required"), ("S", 2, "serial_one_at_a_time")):
        with pytest.raises(Refusal, match=code):
            check_serial(policy="strong", serial=serial, qty=qty, sku_code="X")
    check_qty(12, 12, scan_each=True, pack_qty=12)
    with pytest.raises(Refusal, match="more_than_asked"):
        check_qty(3, 2, scan_each=False, pack_qty=1)
    with pytest.raises(Refusal, match="scan_each_piece"):
        check_qty(2, 5, scan_each=True, pack_qty=1)


@dataclass(frozen=True)
class Goods:
    allocation_id: int
    order_line_id: int
    location_id: int
    sku_id: int
    lot_id: int | None
    qty: int


def test_what_all_orders_want_from_a_bin_is_one_line_in_walking_order():
    goods = {
        1: [Goods(11, 21, 5, 7, None, 2), Goods(12, 22, 6, 8, None, 1)],
        2: [Goods(13, 23, 5, 7, None, 3), Goods(14, 24, 5, 7, 99, 1)],
        3: [],
    }
    draft = draft_of([SlotPlan(1, 1), SlotPlan(2, 2), SlotPlan(3, 3)], goods, [6, 5])
    assert [slot.order_id for slot in draft.slots] == [1, 2], "an order without goods has no slot"
    assert [(line.location_id, line.lot_id, line.qty) for line in draft.lines] == [
        (6, None, 1),
        (5, None, 5),
        (5, 99, 1),
    ]
    assert [(split.slot_no, split.qty) for split in draft.lines[1].splits] == [(1, 2), (2, 3)]
