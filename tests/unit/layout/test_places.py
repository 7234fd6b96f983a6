"""Location codes and their labels."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from backend.core.errors import Refusal
from backend.master.layout.rules.places import check_code, label_text, place_code, readings

VECTORS = json.loads(
    (Path(__file__).resolve().parents[2] / "contract/location-labels.json").read_text("utf-8")
)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["code"] for vector in VECTORS])
def test_shared_vector(vector: dict[str, str]):
    assert check_code(vector["code"]) == vector["check_code"]
    assert label_text(vector["code"], vector["check_code"]) == vector["label"]


def test_codes_are_kept_without_blanks_in_upper_case():
    assert place_code(" a-01 - 2 ") == "A-01-2"
    assert place_code("Ａ－０１") == "A-01"
    assert place_code("A.01.02") == "A.01.02"


@pytest.mark.parametrize("text", ["", " ", "x" * 41, "A,1", "A;1", 'A"1', ".A", "A."])
def test_a_code_that_no_label_can_hold_is_refused(text: str):
    with pytest.raises(Refusal) as no:
        place_code(text)
    assert no.value.code == "place_code"


def test_the_check_may_stand_before_or_behind():
    assert readings("7k.a-01") == (("7K.A-01", None), ("A-01", "7K"))
    assert readings("A-01.7K") == (("A-01.7K", None), ("A-01", "7K"))
    assert readings("A-01") == (("A-01", None),)


def test_neighbours_have_different_checks():
    codes = [f"A-{bay:02}-{level}" for bay in range(1, 51) for level in range(1, 5)]
    assert all(check_code(one) != check_code(two) for one, two in pairwise(codes))
