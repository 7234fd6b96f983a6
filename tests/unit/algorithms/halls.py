"""Small halls and brute force, shared by the tests of the algorithms."""

import itertools
import random
from pathlib import Path

import pytest

from backend.algorithms.routing.graph import FAR
from backend.algorithms.routing.layout import Aisle, Layout, Stop, Unreachable
from backend.algorithms.routing.solve import walk_mm

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "data" / "routing"
needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published instances (../shared/data/routing) are not on this machine"
)


def published(folder: str, every: int) -> list[Path]:
    return sorted((PUBLISHED / folder).glob("*.json"))[::every] if PUBLISHED.is_dir() else []


def plain_hall(aisles: int = 4, cross_y: tuple[int, ...] = (0, 20_000), **kwargs: object) -> Layout:
    return Layout(tuple(Aisle(3000 * i, cross_y[0], cross_y[-1]) for i in range(aisles)), cross_y)


def random_hall(dice: random.Random, *, rough: bool) -> Layout:
    cross = tuple(sorted(dice.sample(range(40), dice.randint(1, 3))))
    aisles, x = [], 0
    for _ in range(dice.randint(1, 5)):
        x += dice.randint(1, 6)
        low, high, blocked = cross[0] - dice.randint(0, 6), cross[-1] + dice.randint(0, 6), ()
        if rough:
            low = dice.choice([low, dice.choice(cross)])
            high = max(low, dice.choice([high, dice.choice(cross)]))
            if dice.random() < 0.4 and high > low + 2:
                wall = dice.randint(low, high - 1)
                blocked = ((wall, wall + dice.randint(1, 4)),)
        aisles.append(Aisle(x, low, high, blocked=blocked))
    return Layout(tuple(aisles), cross)


def random_stop(dice: random.Random, hall: Layout) -> Stop:
    a = dice.randrange(len(hall.aisles))
    aisle = hall.aisles[a]
    return Stop(a, dice.choice([dice.randint(aisle.y_from, aisle.y_to), dice.choice(hall.cross_y)]))


def brute_force(hall: Layout, stops: list[Stop], start: Stop, end: Stop) -> int:
    """Shortest walk over all orders of the stops; FAR when none exists."""
    best = FAR
    for order in itertools.permutations(stops):
        try:
            best = min(best, walk_mm(hall, [start, *order, end]))
        except Unreachable:
            return FAR
    return best
