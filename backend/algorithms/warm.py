"""Compile everything once, so that the first plan in production does not wait for the compiler.

`python -m backend.algorithms.warm` at set-up; about 45 s of processor time when the cache is empty, 1 s afterwards.
"""

from backend.algorithms.batching.job import BatchJob, BatchOrder, Cart
from backend.algorithms.batching.plan import plan
from backend.algorithms.budget import Budget
from backend.algorithms.routing.layout import Aisle, Layout, Stop
from backend.algorithms.routing.scattered import Bin, choose_bins
from backend.algorithms.routing.solve import route


def warm_up() -> None:
    """Run every compiled function on a toy hall; afterwards the machine code lies in the cache."""
    hall = Layout(tuple(Aisle(3000 * i, 0, 30_000) for i in range(4)), (0, 30_000))
    stops = tuple(Stop(i % 4, 1000 + 700 * i) for i in range(40))
    route(hall, stops, budget=Budget(compiled=True))
    one_way = Layout((Aisle(0, 0, 30_000, direction="up"), *hall.aisles[1:]), hall.cross_y)
    route(one_way, stops[:16], budget=Budget(seconds=60.0, compiled=True, iterations=2))
    choose_bins(hall, [Bin(0, stops[0], 1), Bin(0, stops[9], 1)], {0: 1}, budget=Budget(iterations=3))
    orders = tuple(BatchOrder(i, (i % 40, (i * 7) % 40), 2, 2, 100, 100) for i in range(200))
    plan(BatchJob(hall, stops, orders, Cart(totes=6), iterations=20, seconds=900.0))
    plan(BatchJob(hall, stops, orders[:12], Cart(totes=6), iterations=20, seconds=900.0))


if __name__ == "__main__":
    warm_up()
