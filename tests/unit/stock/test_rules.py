"""Pure decisions about stock."""

from datetime import date

import pytest

from backend.stock.rules import (
    FIRST_DIGEST,
    BalanceKey,
    Move,
    Place,
    Promise,
    Reason,
    Wish,
    check_moves,
    counter_entry,
    digest_of,
    effects_of,
    lot_is_expired,
    share_out,
    whom_to_bump,
)

PLACES = {
    1: Place(1, 9, "supplier", "SUPPLIER", False),
    2: Place(2, 9, "bin", "A-01", True),
    3: Place(3, 9, "picked", "PICKED", True),  # whatever its flag says: what is on a cart is not for sale
    4: Place(4, 9, "bin", "A-02", True),
}


def effect(*moves: Move) -> tuple[dict, dict]:
    found = effects_of(moves, PLACES)
    return (
        {key.location_id: (delta.on_hand, delta.reserved) for key, delta in found.balances.items()},
        {key: (delta.on_hand, delta.reserved) for key, delta in found.availability.items()},
    )


def test_a_receipt_is_a_gain_and_the_supplier_has_no_balance() -> None:
    assert effect(Move(5, 3, 1, 2, Reason.RECEIPT)) == ({2: (3, 0)}, {(9, 5): (3, 0)})


def test_a_pick_takes_goods_and_promise_at_once_and_its_undo_gives_both_back() -> None:
    pick = Move(5, 3, 2, 3, Reason.PICK, allocation_id=7)
    assert effect(pick) == ({2: (-3, -3), 3: (3, 0)}, {(9, 5): (-3, -3)})
    undo = Move(5, 3, 3, 2, Reason.UNPICK, allocation_id=7)
    assert effect(pick, undo) == ({2: (0, 0), 3: (0, 0)}, {(9, 5): (0, 0)})


def test_a_transfer_between_bins_changes_no_availability() -> None:
    assert effect(Move(5, 3, 2, 4, Reason.TRANSFER)) == ({2: (-3, 0), 4: (3, 0)}, {})


def test_allocated_goods_that_stay_for_sale_are_a_bug() -> None:
    with pytest.raises(ValueError, match="allocation 7"):
        check_moves([Move(5, 3, 2, 4, Reason.TRANSFER, allocation_id=7)], PLACES, {5: sku()})


def sku() -> object:
    from backend.stock.rules import SkuPolicy

    return SkuPolicy(5, "TEA", "none", "none")


def test_keys_differ_in_every_coordinate() -> None:
    keys = [
        BalanceKey(1, 2, None, "good", None),
        BalanceKey(1, 2, 3, "good", None),
        BalanceKey(1, 2, None, "good", 3),
        BalanceKey(1, 2, None, "defective", None),
        BalanceKey(12, 2, None, "good", None),
    ]
    assert len({key.text for key in keys}) == len(keys)


def test_a_counter_entry_is_the_same_goods_the_other_way_round() -> None:
    move = Move(5, 3, 2, 2, Reason.QUALITY, to_quality="defective", from_hu_id=8)
    undo = counter_entry(move, 44, "no")
    assert (undo.quality, undo.arrives_as, undo.to_hu_id, undo.corrects_id) == ("defective", "good", 8, 44)


@pytest.mark.parametrize(
    ("wishes", "free", "shares"),
    [
        ([Wish(1, 2), Wish(1, 2)], {1: 3}, [2, 0]),
        ([Wish(1, 2, 1), Wish(2, 1, 1), Wish(1, 2, 2)], {1: 2}, [0, 0, 2]),
        ([Wish(1, 2, 1), Wish(2, 1, 2), Wish(1, 2, 1)], {1: 4, 2: 1}, [2, 1, 2]),
        ([Wish(1, 5, 1, partial=True), Wish(1, 1, 2)], {1: 3}, [3, 0]),
        ([Wish(1, 1)], {}, [0]),
    ],
)
def test_first_come_first_served_whole_groups(
    wishes: list[Wish], free: dict[int, int], shares: list[int]
) -> None:
    assert share_out(wishes, free) == shares


def test_the_newest_promise_without_a_bin_is_bumped_first() -> None:
    promises = [Promise(1, 5, 0), Promise(2, 5, 5), Promise(3, 5, 0)]
    assert whom_to_bump(promises, 7) == {3: 5, 1: 2}
    assert whom_to_bump(promises, 12) == {3: 5, 1: 5, 2: 2}
    assert whom_to_bump(promises, 0) == {}


def test_every_link_depends_on_the_one_before() -> None:
    first = digest_of(FIRST_DIGEST, (1, "A", None))
    assert first == digest_of(FIRST_DIGEST, [1, "A", None])
    assert digest_of(first, (1, "A", None)) != first
    assert len(first) == 64


def test_goods_may_be_used_on_the_day_they_expire() -> None:
    assert not lot_is_expired(date(2026, 1, 2), date(2026, 1, 2))
    assert lot_is_expired(date(2026, 1, 1), date(2026, 1, 2))
