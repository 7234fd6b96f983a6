"""What the API really answers, and really tells, is what its documents say."""

import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.core.event_page import channel_pattern, event_schema, events_of_the_house
from tests.conftest import HouseUnderTest
from tests.contract.day import a_day
from tests.contract.witness import operations

# Needs a receiver that fails for a day and a half; tests/use_cases/integrations has one.
NOT_DRIVEN = {("POST", "/api/integrations/deliveries/{delivery_id}/retry")}


@pytest.mark.slow
def test_every_answer_of_a_day_and_every_fact_told_fits_its_document(house: HouseUnderTest) -> None:
    day = a_day(house)
    made = day.witness.document
    missing = {name for name, _ in operations(made)} - day.witness.seen - NOT_DRIVEN
    assert not missing, "\n".join(map(" ".join, sorted(missing)))
    told = house.events()
    assert {each["name"] for each in told} >= {
        "orders.imported",
        "waves.wave_released",
        "picking.pick_confirmed",
    }
    for each in told:
        check_fact(each)


def check_fact(told: dict[str, Any]) -> None:
    """The fact is in the catalogue, has the fields that stand there, and goes to that channel."""
    kind = events_of_the_house()[told["name"]]
    validator = Draft202012Validator(event_schema(kind), format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = [error.message for error in validator.iter_errors(told["body"])]
    assert not errors, (told, errors)
    channel = channel_pattern(kind)
    for name, value in told["body"].items():
        channel = channel.replace(f"<{name}>", str(value))
    assert re.search(r"[<>]", channel) is None
    assert told["channel"] == channel
