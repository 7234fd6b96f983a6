"""The models of people: pure, seeded, and in the order of magnitude that they state."""

import random
import statistics

import pytest

from backend.operations.simulation.rules.people import (
    ErrorRates,
    Habits,
    Mistake,
    Person,
    a_person,
    handling_s,
    mistakes,
    taking_s,
    wrong_count,
)

HABITS = Habits()
MIDDLING = Person(1100, 1.0)


def test_the_same_seed_makes_the_same_person():
    assert a_person(random.Random(7), HABITS) == a_person(random.Random(7), HABITS)


def test_people_differ_but_not_absurdly():
    crowd = [a_person(random.Random(seed), HABITS) for seed in range(300)]
    assert 0.8 * 1100 <= min(p.walk_mm_s for p in crowd) < max(p.walk_mm_s for p in crowd) <= 1.2 * 1100
    assert 0.75 <= min(p.hand for p in crowd) < max(p.hand for p in crowd) <= 1.35


def test_the_median_of_handling_times_is_the_one_stated():
    dice = random.Random(1)
    drawn = [handling_s(dice, HABITS, MIDDLING, 2.0) for _ in range(4000)]
    assert statistics.median(drawn) == pytest.approx(2.0, rel=0.03)
    assert min(drawn) > 0


def test_more_pieces_take_longer_and_scanning_each_longer_still():
    def middle(qty: int, each: bool) -> float:
        dice = random.Random(1)
        return statistics.mean(taking_s(dice, HABITS, MIDDLING, qty, scan_each=each) for _ in range(500))

    assert middle(1, False) < middle(5, False) < middle(5, True)
    assert middle(1, False) == pytest.approx(middle(1, True))


@pytest.mark.parametrize("mistake", list(Mistake))
def test_mistakes_come_at_the_stated_rate(mistake: Mistake):
    rates, dice = ErrorRates(), random.Random(3)
    seen = sum(mistake in mistakes(dice, rates) for _ in range(60_000))
    assert seen / 60_000 == pytest.approx(getattr(rates, mistake), rel=0.2)


def test_a_wrong_count_is_one_off_and_never_nothing():
    dice = random.Random(2)
    assert {wrong_count(dice, 3) for _ in range(50)} == {2, 4}
    assert {wrong_count(dice, 1) for _ in range(50)} == {2}
