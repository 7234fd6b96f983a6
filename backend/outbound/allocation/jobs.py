"""Sweeps that are too long for one transaction."""

from datetime import datetime

from backend.core.execute import Actor
from backend.core.jobs import JobBook, JobContext
from backend.outbound.allocation.use_cases import ReserveOpenOrders, reserve_open_orders
from backend.outbound.allocation.use_cases.promises import JOB


def go_on(work: JobContext) -> None:
    """The next part of a sweep; it enqueues the one after it."""

    def build(by: Actor) -> ReserveOpenOrders:
        return ReserveOpenOrders(
            by=by,
            warehouse_id=work.payload["warehouse_id"],
            states=tuple(work.payload["states"]),
            sku_ids=tuple(work.payload["sku_ids"]),
            sweep_at=datetime.fromisoformat(work.payload["sweep_at"]),
        )

    work.run(reserve_open_orders, build)


BOOK = JobBook({JOB: go_on})
