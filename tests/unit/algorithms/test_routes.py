"""One picker's route: hand-drawn, against brute force, published values, metamorphic."""

import json
import random
import runpy
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.algorithms.budget import Budget
from backend.algorithms.routing.exact import MAX_CROSS_CLOSED
from backend.algorithms.routing.graph import FAR
from backend.algorithms.routing.layout import Aisle, Layout, Lift, Stop, Unreachable, distance_mm
from backend.algorithms.routing.policies import POLICIES
from backend.algorithms.routing.solve import compare, route, walk_mm
from backend.algorithms.wave_bench import solve_file
from tests.unit.algorithms.halls import (
    PUBLISHED,
    brute_force,
    needs_published,
    plain_hall,
    published,
    random_hall,
    random_stop,
)

COMPILED = Budget(seconds=5, compiled=True)


def test_two_stops_in_the_first_aisle_are_fetched_by_one_return_trip():
    tour = route(plain_hall(), [Stop(0, 3000), Stop(0, 7000)])
    assert (tour.sequence, tour.length_mm, tour.status) == ((0, 1), 14_000, "optimal")
    assert tour.path == ((0, 0, 0), (0, 7000, 0), (0, 0, 0))


def test_two_full_aisles_are_walked_through_in_a_loop():
    tour = route(plain_hall(2), [Stop(0, 15_000), Stop(1, 15_000)])
    assert tour.length_mm == 2 * 20_000 + 2 * 3000


def test_a_middle_cross_aisle_shortens_the_walk():
    stops = [Stop(0, 9000), Stop(3, 9000)]
    assert route(plain_hall(4, (0, 10_000, 20_000)), stops).length_mm == 38_000
    assert route(plain_hall(4), stops).length_mm == 54_000


def test_a_walk_from_start_to_another_end_is_no_round_trip():
    tour = route(plain_hall(), [Stop(1, 5000)], start=Stop(0, 4000), end=Stop(3, 0))
    assert tour.length_mm == 4000 + 3000 + 5000 + 5000 + 6000


def test_nothing_to_visit_is_the_way_from_start_to_end():
    assert route(plain_hall(), [], start=Stop(0, 0), end=Stop(2, 0)).length_mm == 6000
    assert route(plain_hall(), []).length_mm == 0


def test_a_one_way_aisle_is_walked_in_its_direction():
    hall = Layout((Aisle(0, 0, 10_000, direction="up"), Aisle(3000, 0, 10_000)), (0, 10_000))
    assert distance_mm(hall, Stop(0, 2000), Stop(0, 5000)) == 3000
    assert distance_mm(hall, Stop(0, 5000), Stop(0, 2000)) == 5000 + 3000 + 10_000 + 3000 + 2000
    assert route(hall, [Stop(0, 5000)]).length_mm == 26_000


def test_a_blocked_stretch_is_walked_round():
    hall = Layout((Aisle(0, 0, 10_000, blocked=((4000, 6000),)), Aisle(3000, 0, 10_000)), (0, 10_000))
    assert distance_mm(hall, Stop(0, 3000), Stop(0, 7000)) == 3000 + 3000 + 10_000 + 3000 + 3000
    with pytest.raises(Unreachable):
        route(hall, [Stop(0, 5000)])


def test_a_lift_joins_the_floors():
    hall = Layout(
        (Aisle(0, 0, 10_000), Aisle(0, 0, 10_000, floor=1)), (0, 10_000), (Lift(2000, 0, 0, 1, 7000),)
    )
    tour = route(hall, [Stop(1, 1000)])
    assert tour.length_mm == 2 * (2000 + 7000 + 2000 + 1000)
    assert {floor for _, _, floor in tour.path} == {0, 1}


def test_the_same_stop_twice_costs_nothing_more():
    stops = [Stop(1, 4000), Stop(2, 9000)]
    once, twice = route(plain_hall(), stops), route(plain_hall(), [*stops, stops[0]])
    assert twice.length_mm == once.length_mm
    assert sorted(twice.sequence) == [0, 1, 2]


@pytest.mark.parametrize("rough", [False, True], ids=["regular halls", "short aisles and walls"])
@pytest.mark.parametrize("compiled", [False, True], ids=["python", "compiled"])
def test_no_order_of_the_stops_is_shorter_than_the_exact_route(rough, compiled):
    dice = random.Random(7)
    for _ in range(60):
        hall = random_hall(dice, rough=rough)
        stops = [random_stop(dice, hall) for _ in range(dice.randint(0, 4))]
        start = random_stop(dice, hall)
        end = dice.choice([start, random_stop(dice, hall)])
        try:
            tour = route(hall, stops, start=start, end=end, budget=Budget(compiled=compiled))
        except Unreachable:
            assert brute_force(hall, stops, start, end) >= FAR
            continue
        assert tour.length_mm == brute_force(hall, stops, start, end) == tour.bound_mm
        assert walk_mm(hall, [start, *(stops[i] for i in tour.sequence), end]) == tour.length_mm
        drawn = sum(
            abs(p[0] - q[0]) + abs(p[1] - q[1]) for p, q in zip(tour.path, tour.path[1:], strict=False)
        )
        assert drawn == tour.length_mm


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30_000)), min_size=1, max_size=12), st.randoms())
def test_mirrored_and_shuffled_stops_give_the_same_length(places, dice):
    hall = plain_hall(6, (0, 15_000, 30_000))
    stops = [Stop(a, y) for a, y in places]
    length = route(hall, stops).length_mm
    corner = Stop(5, 0)
    assert route(hall, [Stop(5 - a, y) for a, y in places], start=corner, end=corner).length_mm == length
    dice.shuffle(stops)
    assert route(hall, stops).length_mm == length


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_visits_everything_and_is_never_shorter_than_the_optimum(policy):
    dice = random.Random(3)
    for cross in ((0, 20_000), (0, 10_000, 20_000)):
        hall = plain_hall(6, cross)
        stops = [random_stop(dice, hall) for _ in range(15)]
        tours = compare(hall, stops)
        assert sorted(tours[policy].sequence) == list(range(15))
        assert tours[policy].length_mm >= tours["optimal"].length_mm


def test_textbook_policies_on_one_block():
    hall = plain_hall(3, (0, 10_000))
    stops = [Stop(0, 2000), Stop(1, 1000), Stop(1, 9000), Stop(2, 2000)]
    lengths = {name: tour.length_mm for name, tour in compare(hall, stops).items()}
    assert (
        lengths["return_"] == 2 * 6000 + 2 * (2000 + 9000 + 2000) - 2000
    )  # the leg over the back is shorter
    assert lengths["largest_gap"] == 2 * 6000 + 2 * 10_000 + 2 * 1000 + 2 * 1000
    assert lengths["s_shape"] == 2 * 6000 + 2 * 10_000 + 2 * 2000


def test_an_unknown_policy_is_refused():
    with pytest.raises(ValueError, match="zigzag"):
        route(plain_hall(), [Stop(0, 1)], policy="zigzag")


def test_a_reroute_in_mid_walk_is_fast_without_compiled_code():
    """Twelve stops left, from where the picker stands, on the hardest layouts; the house allows 20 ms."""
    dice = random.Random(1)
    one_way = Layout(
        tuple(Aisle(3000 * i, 0, 30_000, direction="up" if i % 2 else "down") for i in range(8)), (0, 30_000)
    )
    for hall in (
        plain_hall(10, (0, 10_000, 20_000)),
        plain_hall(10, (0, 9000, 18_000, 27_000, 36_000)),
        one_way,
    ):
        stops = [Stop(dice.randrange(8), dice.randint(0, 20_000)) for _ in range(12)]
        here = Stop(2, 4321)
        route(hall, stops, start=here)  # tables are built at the first call
        times = []
        for _ in range(7):
            began = time.process_time()
            tour = route(hall, stops, start=here)
            times.append(time.process_time() - began)
        assert tour.status == "optimal"
        assert min(times) < 0.020


def test_the_widest_exact_hall_stays_under_fifty_milliseconds():
    cross = tuple(10_000 * c for c in range(MAX_CROSS_CLOSED))
    hall = replace(plain_hall(20, cross))
    dice = random.Random(2)
    stops = [Stop(dice.randrange(20), dice.randint(0, cross[-1])) for _ in range(40)]
    route(hall, stops, budget=COMPILED, draw=False)
    times = []
    for _ in range(5):
        began = time.process_time()
        tour = route(hall, stops, budget=COMPILED, draw=False)
        times.append(time.process_time() - began)
    assert tour.status == "optimal"
    assert min(times) < 0.050


def test_many_stops_on_a_one_way_hall_come_with_a_bound():
    hall = Layout(
        tuple(Aisle(3000 * i, 0, 20_000, direction="up" if i % 2 else "down") for i in range(6)), (0, 20_000)
    )
    dice = random.Random(4)
    stops = [Stop(dice.randrange(6), dice.randint(1, 19_999)) for _ in range(20)]
    tour = route(hall, stops, budget=Budget(seconds=5, compiled=True))
    light = route(hall, stops)
    assert 0 < tour.bound_mm <= tour.length_mm <= light.length_mm
    assert light.bound_mm <= tour.length_mm


def score(path: Path, solution: object) -> float:
    scorer = runpy.run_path(str(PUBLISHED / "score.py"))
    return float(scorer["score"](json.loads(path.read_text()), solution))


CASES = [
    *published("routing_single_block", 12),
    *published("routing_two_block", 12),
    *published("routing_multi_block", 4),
    *published("routing_features", 4),
]


@needs_published
@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_the_published_optimum_is_reproduced(path):
    answer = solve_file(path, seconds=20)
    best = json.loads(path.read_text())["best"]["objective"]
    assert answer["status"] == "optimal"
    assert float(answer["objective"]) == pytest.approx(best, abs=1e-6)
    assert score(path, answer["solution"]) == pytest.approx(float(answer["objective"]), abs=1e-6)


@needs_published
@pytest.mark.parametrize(
    "path",
    [p for p in published("routing_scattered_storage", 5) if p.stem.startswith("unit")],
    ids=lambda p: p.stem,
)
def test_bins_and_walk_chosen_together_stay_near_the_published_optimum(path):
    answer = solve_file(path, seconds=1)
    best = json.loads(path.read_text())["best"]["objective"]
    assert answer["bound"] <= best + 1e-6 <= answer["objective"] + 2e-6
    assert answer["objective"] <= 1.02 * best
    assert score(path, answer["solution"]) == pytest.approx(answer["objective"], abs=1e-6)
