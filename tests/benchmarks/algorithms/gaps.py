"""Gap and time of routing and batching per published set, with the baselines measured in the same run.

`run(quick)` returns one row per set: set, instances, gaps in percent, milliseconds. Sets that are not on this machine
are left out. `quick` samples the sets and gives each wave a short budget.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from backend.algorithms.batching.job import BatchJob
from backend.algorithms.routing.layout import Stop
from backend.algorithms.routing.policies import policy_order
from backend.algorithms.routing.solve import route, walk_mm
from backend.algorithms.warm import warm_up
from backend.algorithms.wave_bench import (
    Hall,
    plan_instance,
    read_hall,
    read_instance,
    read_job,
    scaled,
    solve_file,
)

PUBLISHED = Path(__file__).resolve().parents[4] / "shared" / "data" / "routing"
ROUTING = (
    "routing_single_block",
    "routing_two_block",
    "routing_multi_block",
    "routing_features",
    "routing_scattered_storage",
)
BATCHING = ("batching_henn", "batching_muter_oncan", "batching_bahceci_oncan", "batching_foodmart", "waves")
Row = dict[str, Any]


def run(quick: bool) -> list[Row]:
    warm_up()
    rows = [_routing(name, files) for name in ROUTING if (files := _files(name, 8 if quick else 1))]
    rows += [_baselines(name, files) for name in ROUTING[:3] if (files := _files(name, 8 if quick else 1))]
    seconds = 2.0 if quick else 10.0
    rows += [
        _batching(name, files, seconds) for name in BATCHING if (files := _files(name, 9 if quick else 1))
    ]
    return rows


def _files(name: str, every: int) -> list[Path]:
    return sorted((PUBLISHED / name).glob("*.json"))[::every]


def _best(path: Path) -> float:
    return float(json.loads(path.read_text(encoding="utf-8"))["best"]["objective"])


def _summary(name: str, gaps: Iterable[float], ms: Iterable[float], **more: Any) -> Row:
    gaps, ms = list(gaps), list(ms)
    return {
        "set": name,
        "instances": len(gaps),
        "mean_gap_percent": round(statistics.mean(gaps), 3),
        "worst_gap_percent": round(max(gaps), 3),
        "at_best_known": sum(1 for g in gaps if g < 0.001),
        "mean_ms": round(statistics.mean(ms), 2),
        "worst_ms": round(max(ms), 2),
        **more,
    }


def _routing(name: str, files: list[Path]) -> Row:
    gaps, ms = [], []
    for (
        path
    ) in files:  # the tables of a hall's width are built at the first call; measured is every later one
        solve_file(path, seconds=20)
        answer = solve_file(path, seconds=20)
        gaps.append(100 * (float(answer["objective"]) / _best(path) - 1))
        ms.append(answer["ms"])
    return _summary(name, gaps, ms, method="optimal")


def _baselines(name: str, files: list[Path]) -> Row:
    """S-shape and bin sequence (by aisle, then along it) on the same instances."""
    gaps: dict[str, list[float]] = {"s_shape": [], "bin_sequence": [], "largest_gap": []}
    ms = []
    for path in files:
        instance = read_instance(path)
        hall = read_hall(instance["warehouse"], [y for _, y in instance["picks"]])
        stops = sorted(
            (Stop(a, scaled(y, hall.scale)) for a, y in instance["picks"]), key=lambda s: (s.aisle, s.y)
        )
        began = time.perf_counter()
        for policy, found in gaps.items():
            length = route(hall.layout, stops, policy=policy, draw=False).length_mm
            found.append(100 * (float(hall.unit(length + 2 * hall.extra)) / _best(path) - 1))
        ms.append(1000 * (time.perf_counter() - began) / len(gaps))
    means = {f"{policy}_mean_gap_percent": round(statistics.mean(found), 1) for policy, found in gaps.items()}
    return {
        "set": f"{name} (policies)",
        "instances": len(files),
        "mean_ms": round(statistics.mean(ms), 3),
        **means,
    }


def _batching(name: str, files: list[Path], seconds: float) -> Row:
    gaps, savings, certified, first_come, s_shape, ms = [], [], [], [], [], []
    for path in files:
        instance, best = read_instance(path), _best(path)
        answer = plan_instance(instance, seconds=seconds, seed=1)
        gaps.append(100 * (float(answer["objective"]) / best - 1))
        certified.append(100 * (float(answer["objective"]) / max(1e-9, float(answer["bound"])) - 1))
        ms.append(answer["ms"])
        if answer["savings"]:
            savings.append(100 * (float(answer["savings"]) / best - 1))
        job, hall = read_job(instance, seconds=seconds, seed=1)
        if not hall.links:
            first_come.append(100 * (first_come_length(job, hall, "bin_sequence") / best - 1))
            s_shape.append(100 * (first_come_length(job, hall, "s_shape") / best - 1))
    return _summary(
        name,
        gaps,
        ms,
        seconds=seconds,
        certified_mean_gap_percent=round(statistics.mean(certified), 2),
        savings_mean_gap_percent=_mean(savings),
        first_come_bin_sequence_mean_gap_percent=_mean(first_come),
        first_come_s_shape_mean_gap_percent=_mean(s_shape),
    )


def _mean(values: list[float]) -> float | None:
    return round(statistics.mean(values), 1) if values else None


def first_come_length(job: BatchJob, hall: Hall, policy: str) -> float:
    """Carts filled in the order of arrival, each walked by a policy; in the unit of the source."""
    total = 0
    for stops in _carts(job):
        places = sorted(set(stops), key=lambda s: (s.aisle, s.y))
        order = policy_order(job.layout, places, job.layout.start, job.layout.end, policy)
        total += (
            walk_mm(job.layout, [job.layout.start, *(places[i] for i in order), job.layout.end]) + job.tour_mm
        )
    return float(hall.unit(total))


def _carts(job: BatchJob) -> list[list[Stop]]:
    carts: list[list[Stop]] = []
    load = job.cart.totes
    for order in job.orders:
        if load + order.totes > job.cart.totes:
            carts.append([])
            load = 0
        load += order.totes
        carts[-1] += [job.stops[s] for s in order.stops]
    return carts


def main(write: Callable[[str], object] = print) -> None:
    for row in run(quick=True):
        write(json.dumps(row))


if __name__ == "__main__":
    main()
