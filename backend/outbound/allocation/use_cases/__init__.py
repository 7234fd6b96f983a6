"""The verbs of allocation."""

from backend.outbound.allocation.use_cases.bins import (
    Allocated,
    Need,
    Reallocated,
    allocate_needs,
    allocate_orders,
    deallocate_orders,
)
from backend.outbound.allocation.use_cases.promises import (
    RequeueBumped,
    ReserveOpenOrders,
    SetAllocationPolicy,
    Swept,
    requeue_bumped,
    reserve_open_orders,
    set_allocation_policy,
)

__all__ = [
    "Allocated",
    "Need",
    "Reallocated",
    "RequeueBumped",
    "ReserveOpenOrders",
    "SetAllocationPolicy",
    "Swept",
    "allocate_needs",
    "allocate_orders",
    "deallocate_orders",
    "requeue_bumped",
    "reserve_open_orders",
    "set_allocation_policy",
]
