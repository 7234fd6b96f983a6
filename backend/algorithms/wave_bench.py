"""wave-bench/1: read an instance, solve it, answer in the form that the public scorer recomputes.

Decimal lengths become integers by the smallest power of ten that makes all of them whole (at most 10^9); the
objective is given back in the unit of the source. No length leaves this module in any other unit.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from backend.algorithms.batching.job import BatchJob, BatchOrder, Cart
from backend.algorithms.budget import Budget, Deadline
from backend.algorithms.routing.exact import Link, exact_order, fits
from backend.algorithms.routing.graph import graph_of, matrix
from backend.algorithms.routing.layout import Aisle, Layout, Stop
from backend.algorithms.routing.matrix_tour import shortest_order
from backend.algorithms.routing.solve import route

Instance = dict[str, Any]
Answer = dict[str, Any]
MAX_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class Hall:
    """`scale` units of this library are one unit of the source; `extra` is walked on leaving and on returning."""

    layout: Layout
    links: tuple[Link, ...]
    extra: int
    scale: int

    def unit(self, length: int) -> float | int:
        value = Decimal(length) / self.scale
        return int(value) if value == int(value) else float(value)


def read_instance(path: str | Path) -> Instance:
    """Raises: ValueError when the file is no wave-bench/1 instance."""
    found = json.loads(Path(path).read_text(encoding="utf-8"), parse_float=Decimal)
    if not isinstance(found, dict) or found.get("schema") != "wave-bench/1":
        raise ValueError(f"{path}: not a wave-bench/1 instance")
    return found


def solve_file(path: str | Path, *, seconds: float = 20.0, seed: int = 0) -> Answer:
    """One picker's tour: problems `routing` and `routing+location-choice`."""
    instance = read_instance(path)
    if instance["problem"] == "routing":
        return solve_routing(instance, seconds=seconds, seed=seed)
    if instance["problem"] == "routing+location-choice":
        return solve_choice(instance, seconds=seconds, seed=seed)
    raise ValueError(f"{path}: {instance['problem']} is no routing problem")


def plan_file(path: str | Path, *, seconds: float = 10.0, seed: int = 0) -> Answer:
    """A whole wave: problem `batching+routing`."""
    instance = read_instance(path)
    if instance["problem"] != "batching+routing":
        raise ValueError(f"{path}: {instance['problem']} is no batching problem")
    return plan_instance(instance, seconds=seconds, seed=seed)


def solve_routing(instance: Instance, *, seconds: float, seed: int) -> Answer:
    if instance["warehouse"]["type"] == "graph":
        return _solve_graph(instance, seconds, seed)
    hall = read_hall(instance["warehouse"], [y for _, y in instance["picks"]])
    stops = [Stop(a, scaled(y, hall.scale)) for a, y in instance["picks"]]
    watch = Deadline(seconds)
    budget = Budget(seconds=seconds, compiled=True)
    start = hall.layout.start
    if hall.links or fits(hall.layout, round_trip=True, compiled=True):
        sequence, length = exact_order(hall.layout, stops, start, start, compiled=True, links=hall.links)
        bound = length
    else:
        tour = route(hall.layout, stops, budget=budget, seed=seed, draw=False)
        sequence, length, bound = tour.sequence, tour.length_mm, tour.bound_mm
    extra = 2 * hall.extra if stops else 0
    return answer(
        instance,
        hall,
        length=length + extra,
        bound=bound + extra,
        watch=watch,
        solution={"sequence": list(sequence)},
    )


def _solve_graph(instance: Instance, seconds: float, seed: int) -> Answer:
    w, picks = instance["warehouse"], instance["picks"]
    scale = scale_of(e[2] for e in w["edges"])
    arcs = [(u, v, scaled(length, scale), bool(one_way)) for u, v, length, one_way in w["edges"]]
    graph = graph_of([(round(x), round(y), int(f)) for x, y, f in w["nodes"]], arcs)
    watch = Deadline(seconds)
    table = matrix(graph, [*(p["node"] for p in picks), w["start"], w["end"]])
    classes = [p.get("cls", 0) for p in picks] if instance.get("constraint") else None
    found = shortest_order(table, classes=classes, budget=Budget(seconds=seconds, compiled=True), seed=seed)
    hall = Hall(Layout((), ()), (), 0, scale)
    return answer(
        instance,
        hall,
        length=found.length,
        bound=found.bound,
        watch=watch,
        solution={"sequence": list(found.sequence)},
    )


def solve_choice(instance: Instance, *, seconds: float, seed: int) -> Answer:
    """Scattered storage: which bins, in which order."""
    from backend.algorithms.routing.scattered import Bin, choose_bins

    hall = read_hall(instance["warehouse"], [row["at"][1] for row in instance["stock"]])
    bins = [
        Bin(row["article"], Stop(row["at"][0], scaled(row["at"][1], hall.scale)), int(row["qty"]))
        for row in instance["stock"]
    ]
    watch = Deadline(seconds)
    demand = {int(article): int(qty) for article, qty in instance["demand"]}
    found = choose_bins(hall.layout, bins, demand, budget=Budget(seconds=seconds, compiled=True), seed=seed)
    extra = 2 * hall.extra
    takes = [[i, qty] for i, qty in found.takes]
    return answer(
        instance,
        hall,
        length=found.length_mm + extra,
        bound=found.bound_mm + extra,
        watch=watch,
        solution={"sequence": takes},
    )


def plan_instance(instance: Instance, *, seconds: float, seed: int) -> Answer:
    from backend.algorithms.batching.plan import plan

    job, hall = read_job(instance, seconds=seconds, seed=seed)
    watch = Deadline(seconds)
    found = plan(job)
    batches = [{"orders": list(b.orders), "sequence": list(b.sequence)} for b in found.batches]
    told = answer(
        instance,
        hall,
        length=found.objective_mm,
        bound=found.bound_mm,
        watch=watch,
        solution={"batches": batches},
    )
    return told | {"savings": hall.unit(found.savings_mm)}


def read_job(instance: Instance, *, seconds: float, seed: int) -> tuple[BatchJob, Hall]:
    """The instance's single capacity becomes totes of the cart (scaled when decimal)."""
    hall = read_hall(instance["warehouse"], [y for _, y in instance["locations"]])
    grain = scale_of([instance["capacity"], *(o["size"] for o in instance["orders"])])
    orders = tuple(
        BatchOrder(
            id=o["id"],
            stops=tuple(sorted({loc for loc, _ in o["lines"]})),
            units=sum(int(qty) for _, qty in o["lines"]),
            lines=len(o["lines"]),
            weight_g=0,
            volume_mm3=0,
            totes=scaled(o["size"], grain),
        )
        for o in instance["orders"]
    )
    job = BatchJob(
        layout=hall.layout,
        stops=tuple(Stop(a, scaled(y, hall.scale)) for a, y in instance["locations"]),
        orders=orders,
        cart=Cart(totes=scaled(instance["capacity"], grain)),
        seed=seed,
        seconds=seconds,
        tour_mm=2 * hall.extra,
        links=hall.links,
    )
    return job, hall


def read_hall(warehouse: dict[str, Any], ys: Iterable[Any]) -> Hall:
    depot = warehouse["depot"]
    raw_links = depot.get("links", ())
    values = [*warehouse["aisle_x"], *warehouse["cross_aisle_y"], *ys, depot.get("extra", 0)]
    scale = scale_of([*values, *(link["length"] for link in raw_links)])
    cross = tuple(scaled(y, scale) for y in warehouse["cross_aisle_y"])
    aisles = tuple(Aisle(scaled(x, scale), cross[0], cross[-1]) for x in warehouse["aisle_x"])
    links = tuple(Link(v["aisle"], v["cross_aisle"], scaled(v["length"], scale)) for v in raw_links)
    home = Stop(0, cross[0]) if links else Stop(depot["aisle"], cross[depot["cross_aisle"]])
    return Hall(Layout(aisles, cross, (), home, home), links, scaled(depot.get("extra", 0), scale), scale)


def scale_of(values: Iterable[Any]) -> int:
    """Power of ten that makes every value whole."""
    most = max(_decimals(values), default=0)
    if most > MAX_DECIMALS:
        raise ValueError("more than nine decimals")
    return int(10**most)


def _decimals(values: Iterable[Any]) -> Iterator[int]:
    for value in values:
        exponent = Decimal(str(value)).normalize().as_tuple().exponent
        yield max(0, -int(exponent))


def scaled(value: Any, scale: int) -> int:
    return int(Decimal(str(value)) * scale)


def answer(
    instance: Instance, hall: Hall, *, length: int, bound: int, watch: Deadline, solution: dict[str, Any]
) -> Answer:
    return {
        "id": instance["id"],
        "objective": hall.unit(length),
        "bound": hall.unit(bound),
        "status": "optimal" if bound >= length else "feasible",
        "ms": watch.elapsed_ms(),
        "solution": solution,
    }
