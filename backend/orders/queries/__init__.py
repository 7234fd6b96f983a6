"""Reads of orders."""

from backend.orders.queries.imports import ImportRow, import_page, import_problems, import_report
from backend.orders.queries.orders import (
    HoldRow,
    LineRow,
    MarkRow,
    OrderRow,
    OrderSheet,
    active_holds,
    lines_by_id,
    lines_of,
    open_orders,
    order_counts,
    order_page,
    order_sheet,
    orders_by_id,
)
from backend.orders.queries.policies import cut_offs_of, policy_of

__all__ = [
    "HoldRow",
    "ImportRow",
    "LineRow",
    "MarkRow",
    "OrderRow",
    "OrderSheet",
    "active_holds",
    "cut_offs_of",
    "import_page",
    "import_problems",
    "import_report",
    "lines_by_id",
    "lines_of",
    "open_orders",
    "order_counts",
    "order_page",
    "order_sheet",
    "orders_by_id",
    "policy_of",
]
