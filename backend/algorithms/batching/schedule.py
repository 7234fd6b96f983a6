"""In which order the batches are started, and how late their orders are. Seconds by the job's pace.

Earliest due date first (Jackson 1955), ties by length; each batch goes to the picker who is free first.
"""

import heapq
from collections.abc import Sequence
from dataclasses import replace

from backend.algorithms.batching.job import Batch, BatchJob

NEVER = 1 << 40


def scheduled(job: BatchJob, batches: Sequence[Batch]) -> tuple[tuple[Batch, ...], int]:
    """Batches with start and end, in starting order, and the summed lateness of all orders in seconds."""
    order = {o.id: o for o in job.orders}

    def due(batch: Batch) -> int:
        return min((NEVER if (at := order[i].due_s) is None else at for i in batch.orders), default=NEVER)

    free = [0] * max(1, job.pace.pickers)
    out, late = [], 0
    for batch in sorted(batches, key=lambda b: (due(b), b.length_mm, b.orders)):
        start = heapq.heappop(free)
        units = sum(order[i].units for i in batch.orders)
        end = start + duration_s(job, batch.length_mm, len(batch.sequence), units)
        heapq.heappush(free, end)
        out.append(replace(batch, start_s=start, end_s=end))
        late += sum(max(0, end - due_s) for i in batch.orders if (due_s := order[i].due_s) is not None)
    return tuple(out), late


def duration_s(job: BatchJob, length_mm: int, stops: int, units: int) -> int:
    pace = job.pace
    walk = (length_mm - job.tour_mm) // max(1, pace.speed_mm_s)
    return pace.tour_s + walk + pace.stop_s * stops + pace.unit_s * units
