"""Bundles are exploded, and never contain themselves."""

import pytest

from backend.core.errors import Refusal
from backend.master.catalog.rules.bundles import check_bundle, explode

GIFT, CUP, TEA, SET = 1, 2, 3, 4


def test_demand_without_bundles_stays_as_it_is():
    assert explode({}, {CUP: 3}) == {CUP: 3}


def test_a_bundle_becomes_its_parts_all_the_way_down():
    parts = {SET: {CUP: 2, TEA: 1}, GIFT: {SET: 3, TEA: 4}}
    assert explode(parts, {GIFT: 2, CUP: 1}) == {CUP: 13, TEA: 14}


@pytest.mark.parametrize(("parts", "bundle", "new"), [({}, SET, [SET]), ({GIFT: {SET: 1}}, SET, [GIFT, CUP])])
def test_a_bundle_in_itself_is_refused(parts: dict, bundle: int, new: list[int]):
    with pytest.raises(Refusal) as no:
        check_bundle(parts, bundle, new)
    assert no.value.code == "bundle_cycle"


def test_a_bundle_of_nothing_is_refused():
    with pytest.raises(Refusal) as no:
        check_bundle({}, SET, [])
    assert no.value.code == "bundle_empty"
