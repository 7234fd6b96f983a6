"""Pure decisions about orders."""

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from backend.core.errors import Refusal
from backend.orders.rules import (
    STATES,
    ApprovalRule,
    CutOff,
    OrderContent,
    OrderIn,
    WantedLine,
    changes_between,
    check_step,
    content_hash,
    content_of,
    next_cut_off,
    why_not_approved,
)

ORDER = OrderIn(
    "1", (WantedLine("TEA", 2, 100), WantedLine("CUP", 1, 50)), tags=("a", "b"), ship_to={"city": "x"}
)


def test_the_order_of_lines_and_tags_and_the_case_of_codes_do_not_matter() -> None:
    other = replace(
        ORDER, lines=(WantedLine("cup", 1, 50, row_no=9), WantedLine("TEA ", 2, 100)), tags=("b", "a")
    )
    assert content_hash(content_of(other)) == content_hash(content_of(ORDER))


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        ({"lines": (WantedLine("TEA", 3, 100), WantedLine("CUP", 1, 50))}, ("goods_changed",)),
        ({"lines": (WantedLine("TEA", 1, 1), WantedLine("TEA", 1, 1), WantedLine("CUP", 1, 50))}, ()),
        ({"ship_to": {"city": "y"}}, ("address_changed",)),
        ({"country": "FR"}, ("address_changed",)),
        ({"carrier": "sf", "note": "n"}, ("courier_changed", "note_changed")),
        ({"promise_at": datetime(2026, 1, 1, tzinfo=UTC)}, ("delivery_time_changed",)),
        ({"status": "refunded"}, ("refunded",)),
        ({"priority": 5, "tags": ()}, ()),
    ],
)
def test_what_changed_is_named(change: dict, reasons: tuple[str, ...]) -> None:
    new = content_of(replace(ORDER, **change))
    assert changes_between(content_of(ORDER), new) == reasons
    assert content_hash(new) != content_hash(content_of(ORDER))


def test_content_survives_being_kept() -> None:
    content = content_of(ORDER)
    assert OrderContent.of(content.plain()) == content


def test_the_first_rule_that_says_no_is_the_answer() -> None:
    assert why_not_approved(ApprovalRule(), ORDER, 3) == ""
    assert why_not_approved(ApprovalRule(auto_approve=False), ORDER, 3) == "approval_by_hand"
    assert why_not_approved(ApprovalRule(most_units=2), ORDER, 3) == "many_units"


def test_ended_orders_go_nowhere_and_work_goes_forward() -> None:
    for state in STATES:
        for end in ("shipped", "cancelled"):
            with pytest.raises(Refusal, match="order_in_other_state"):
                check_step("1", end, state)
    check_step("1", "reserved", "in_wave")
    with pytest.raises(Refusal):
        check_step("1", "approved", "in_wave")


MONDAY = datetime(2026, 3, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("carrier", "after", "expected"),
    [
        ("sf", MONDAY, datetime(2026, 3, 23, 17, 0, tzinfo=UTC)),
        ("sf", MONDAY.replace(hour=17), datetime(2026, 3, 24, 17, 0, tzinfo=UTC)),
        (
            "sf",
            MONDAY.replace(day=27, hour=18),
            datetime(2026, 3, 30, 16, 0, tzinfo=UTC),
        ),  # summer time since Sunday
        ("any", MONDAY, datetime(2026, 3, 23, 20, 0, tzinfo=UTC)),
    ],
)
def test_the_next_collection_is_by_the_clock_on_the_wall(
    carrier: str, after: datetime, expected: datetime
) -> None:
    rules = [CutOff("sf", time(17), (0, 1, 2, 3, 4)), CutOff("", time(20))]
    assert next_cut_off(rules, carrier, after, "Europe/London") == expected


def test_without_a_rule_there_is_no_cut_off() -> None:
    assert next_cut_off([CutOff("sf", time(17))], "yto", MONDAY, "Asia/Shanghai") is None
