"""Take SKUs in, change them, give them codes."""

import pytest

from backend.core.errors import NotFound, Refusal
from backend.core.ids import uuid7
from backend.master.catalog.queries import explode_bundles, read_scan, sku_cards, sku_sheet
from backend.master.catalog.rules.skus import PackSpec, PartSpec
from backend.master.catalog.use_cases import (
    AddBarcode,
    CreateSku,
    RemoveBarcode,
    SetBundle,
    UpdateSku,
    add_barcode,
    create_sku,
    remove_barcode,
    set_bundle,
    update_sku,
)
from tests.build.catalog import a_bundle, a_sku

EAN = "6901234567892"


def test_a_new_sku_is_kept_and_told(house):
    saved = house.run(create_sku, CreateSku, code=" tea-1 ", name="茶", packs=(PackSpec("carton", 12),))
    assert saved.code == "TEA-1"
    assert house.events("catalog.sku_created") == [
        {"name": "catalog.sku_created", "channel": "catalog", "body": {"sku_id": saved.id, "code": "TEA-1"}}
    ]


def test_the_same_command_again_makes_no_second_sku(house):
    command_id = uuid7()
    first = house.run(create_sku, CreateSku, code="TEA", name="Tea", command_id=command_id)
    again = house.run(create_sku, CreateSku, code="TEA", name="Tea", command_id=command_id)
    assert again == {"id": first.id, "code": "TEA"}


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"code": ""}, "sku_field"),
        ({"code": "x" * 65}, "sku_field"),
        ({"name": ""}, "sku_field"),
        ({"weight_g": -1}, "sku_field"),
        ({"lot_policy": "maybe"}, "sku_field"),
        ({"lot_policy": "none", "shelf_life_days": 30}, "sku_needs_lot"),
        ({"packs": (PackSpec("carton", 0),)}, "qty_not_positive"),
    ],
)
def test_what_cannot_be_a_sku_is_refused_and_leaves_nothing(house, fields, refused):
    with pytest.raises(Refusal) as no:
        house.run(create_sku, CreateSku, **{"code": "TEA", "name": "Tea"} | fields)
    assert no.value.code == refused
    assert house.events() == []


def test_a_code_belongs_to_one_sku(house):
    a_sku(house, "TEA")
    with pytest.raises(Refusal) as no:
        house.run(create_sku, CreateSku, code="tea", name="Tea")
    assert (no.value.code, no.value.facts) == ("sku_exists", {"code": "TEA"})


def test_a_change_is_told_with_the_fields_that_changed(house):
    sku_id = a_sku(house, "TEA", name="Tea")
    house.run(update_sku, UpdateSku, sku_id=sku_id, name="Tea", weight_g=300)
    assert house.events("catalog.sku_changed")[0]["body"]["fields"] == ["weight_g"]
    house.run(update_sku, UpdateSku, sku_id=sku_id, weight_g=300)
    assert len(house.events("catalog.sku_changed")) == 1
    with house.read() as session:
        assert sku_cards(session, [sku_id])[sku_id].weight_g == 300


def test_changing_an_unknown_sku_is_refused(house):
    with pytest.raises(NotFound) as no:
        house.run(update_sku, UpdateSku, sku_id=404, name="x")
    assert no.value.code == "sku_not_found"


def test_a_shelf_life_needs_lots(house):
    sku_id = a_sku(house)
    with pytest.raises(Refusal) as no:
        house.run(update_sku, UpdateSku, sku_id=sku_id, shelf_life_days=30)
    assert no.value.code == "sku_needs_lot"


def test_a_barcode_is_added_once(house):
    sku_id = a_sku(house, "TEA")
    saved = house.run(add_barcode, AddBarcode, sku_id=sku_id, code="036000291452")
    again = house.run(add_barcode, AddBarcode, sku_id=sku_id, code="0036000291452")
    assert (saved.code, saved.kind, again.id) == ("0036000291452", "gtin", saved.id)
    assert len(house.events("catalog.barcode_added")) == 1


def test_the_same_barcode_with_another_quantity_is_refused(house):
    sku_id = a_sku(house, "TEA", barcodes=((EAN, 6),))
    with pytest.raises(Refusal) as no:
        house.run(add_barcode, AddBarcode, sku_id=sku_id, code=EAN, qty=12)
    assert (no.value.code, no.value.facts["qty"]) == ("barcode_other_qty", 6)


def test_a_barcode_of_another_sku_is_shared_only_when_that_is_meant(house):
    a_sku(house, "TEA", barcodes=(EAN,))
    other = a_sku(house, "CUP")
    with pytest.raises(Refusal) as no:
        house.run(add_barcode, AddBarcode, sku_id=other, code=EAN)
    assert (no.value.code, no.value.facts["skus"]) == ("barcode_of_other_sku", ["TEA"])
    assert house.run(add_barcode, AddBarcode, sku_id=other, code=EAN, shared=True).also == ("TEA",)


@pytest.mark.parametrize(
    ("code", "qty", "kind", "refused"),
    [
        ("6901234567893", 1, None, "barcode_check_digit"),
        (" ", 1, None, "barcode_empty"),
        ("x" * 121, 1, None, "barcode_too_long"),
        ("12", 1, "isbn", "barcode_malformed"),
        (EAN, 0, None, "qty_not_positive"),
    ],
)
def test_a_barcode_that_cannot_be_right_is_refused(house, code, qty, kind, refused):
    sku_id = a_sku(house)
    with pytest.raises(Refusal) as no:
        house.run(add_barcode, AddBarcode, sku_id=sku_id, code=code, qty=qty, kind=kind)
    assert no.value.code == refused


def test_a_barcode_can_be_taken_away_but_not_the_own_code(house):
    sku_id = a_sku(house, "TEA", barcodes=(EAN,))
    with house.read() as session:
        own, ean = sku_sheet(session, by=house.actor, now=house.clock.now(), sku_id=sku_id).barcode_rows
    house.run(remove_barcode, RemoveBarcode, sku_id=sku_id, barcode_id=ean.id)
    with house.read() as session:
        assert read_scan(session, EAN).kind == "unknown"
    with pytest.raises(Refusal) as no:
        house.run(remove_barcode, RemoveBarcode, sku_id=sku_id, barcode_id=own.id)
    assert no.value.code == "barcode_is_own_code"
    with pytest.raises(NotFound) as missing:
        house.run(remove_barcode, RemoveBarcode, sku_id=sku_id, barcode_id=ean.id)
    assert missing.value.code == "barcode_not_found"


def test_bundles_are_exploded_through_all_levels(house):
    cup, tea = a_sku(house, "CUP"), a_sku(house, "TEA")
    pair = a_bundle(house, "PAIR", {"CUP": 2, "TEA": 1})
    gift = a_bundle(house, "GIFT", {"PAIR": 3, "TEA": 2})
    with house.read() as session:
        assert explode_bundles(session, {gift: 2, pair: 1, cup: 5}) == {cup: 19, tea: 11}
        assert sku_cards(session, [gift])[gift].is_bundle


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        ((PartSpec("PAIR", 1),), "bundle_cycle"),
        ((PartSpec("GIFT", 1),), "bundle_cycle"),
        ((PartSpec("NOTHING", 1),), "bundle_part_unknown"),
        ((PartSpec("CUP", 0),), "qty_not_positive"),
        ((), "bundle_empty"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused(house, parts, refused):
    a_sku(house, "CUP")
    pair = a_bundle(house, "PAIR", {"CUP": 2})
    a_bundle(house, "GIFT", {"PAIR": 1})
    with pytest.raises(Refusal) as no:
        house.run(set_bundle, SetBundle, sku_id=pair, parts=parts)
    assert no.value.code == refused
