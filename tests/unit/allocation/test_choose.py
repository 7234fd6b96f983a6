"""Which bins serve a demand."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.outbound.allocation.rules import Candidate, Choice, Costs, Fitness, Nearby, choose

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def goods(balance_id: int, free: int, x: int = 0, **more: object) -> Candidate:
    parts = {
        "location_id": balance_id, "x_mm": x, "y_mm": 0, "floor": 0, "level": 0, "pick_seq": balance_id,
        "on_hand": free, "is_pick_face": True, "fifo_at": NOW,
    }  # fmt: skip
    return Candidate(balance_id=balance_id, free=free, **(parts | more))


def pick(qty: int, *candidates: Candidate, policy: str = "fifo", near: tuple = (), **fit: int) -> Choice:
    return choose(
        qty, candidates, issue_policy=policy, fitness=Fitness(TODAY, **fit), costs=Costs(), near=Nearby(near)
    )


def takings(choice: Choice) -> list[tuple[int, int]]:
    return [(each.balance_id, each.qty) for each in choice.takings]


def test_the_bin_near_the_rest_of_the_work_is_taken() -> None:
    assert takings(pick(1, goods(1, 9, 0), goods(2, 9, 50_000), near=((48_000, 0, 0),))) == [(2, 1)]


def test_a_bin_that_is_emptied_is_worth_a_few_steps_but_not_a_long_way() -> None:
    assert takings(pick(2, goods(1, 9, 0), goods(2, 2, 5_000), near=((0, 0, 0),))) == [(2, 2)]
    assert takings(pick(2, goods(1, 9, 0), goods(2, 2, 9_000), near=((0, 0, 0),))) == [(1, 2)]


def test_one_full_bin_is_better_than_crumbs() -> None:
    assert takings(pick(5, goods(1, 2, on_hand=3), goods(2, 2, on_hand=3), goods(3, 6, 3_000))) == [(3, 5)]


def test_another_floor_is_far_away() -> None:
    assert takings(pick(1, goods(1, 9, 0, floor=1), goods(2, 9, 40_000), near=((0, 0, 0),))) == [(2, 1)]


def test_first_expired_first_out_before_anything_else() -> None:
    soon, late = TODAY + timedelta(days=30), TODAY + timedelta(days=90)
    found = pick(4, goods(1, 9, expiry_on=late), goods(2, 3, 90_000, expiry_on=soon), policy="fefo")
    assert takings(found) == [(2, 3), (1, 1)]


def test_unfit_goods_are_not_sent() -> None:
    yesterday, made = TODAY - timedelta(days=1), TODAY - timedelta(days=2)
    assert pick(1, goods(1, 9, expiry_on=yesterday)).missing == 1
    assert pick(1, goods(1, 9, expiry_on=TODAY)).missing == 0
    assert pick(1, goods(1, 9, expiry_on=TODAY + timedelta(days=5)), min_days_left=6).missing == 1
    assert pick(1, goods(1, 9, mfg_on=made), min_age_days=3).missing == 1
    assert pick(1, goods(1, 9, mfg_on=made), min_age_days=2).missing == 0


def test_reserve_only_where_the_pick_face_lacks() -> None:
    found = pick(5, goods(1, 9, 0, is_pick_face=False), goods(2, 3, 90_000))
    assert (takings(found), found.from_reserve) == ([(2, 3), (1, 2)], 2)


def test_goods_of_one_day_are_equals_and_older_ones_leave_first() -> None:
    older = NOW - timedelta(days=1)
    assert takings(pick(1, goods(1, 9, 0), goods(2, 9, 90_000, fifo_at=older))) == [(2, 1)]
    assert takings(pick(1, goods(1, 9, 0), goods(2, 9, 90_000, fifo_at=older), fifo_days=30)) == [(1, 1)]


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 50_000), st.booleans()), max_size=12),
    st.integers(1, 60),
)
def test_never_more_than_there_is_and_never_less_than_possible(rows: list, qty: int) -> None:
    candidates = [goods(n, free, x, is_pick_face=face) for n, (free, x, face) in enumerate(rows, start=1)]
    found = pick(qty, *candidates)
    free = {each.balance_id: each.free for each in candidates}
    assert all(0 < each.qty <= free[each.balance_id] for each in found.takings)
    assert len({each.balance_id for each in found.takings}) == len(found.takings)
    assert sum(each.qty for each in found.takings) + found.missing == qty
    assert found.missing == max(0, qty - sum(free.values()))


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(0, 2)), min_size=1, max_size=30),
    st.tuples(st.integers(0, 9), st.integers(0, 99), st.integers(0, 2)),
)
def test_the_nearest_place_is_found(places: list, here: tuple[int, int, int]) -> None:
    x, y, floor = here
    nearest = min(abs(x - a) + abs(y - b) + 1000 * abs(floor - c) for a, b, c in places)
    assert Nearby(places).distance_mm(x, y, floor, 1000) == nearest


def test_nothing_wanted_of_nothing() -> None:
    assert pick(1) == Choice((), 0, 1)
