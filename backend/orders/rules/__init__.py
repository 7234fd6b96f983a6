"""Pure decisions about orders: states and holds, the content of an order, reading files, cut-offs, approval."""

from backend.orders.rules.approval import ApprovalRule, why_not_approved
from backend.orders.rules.content import (
    OrderContent,
    OrderIn,
    WantedLine,
    changes_between,
    content_hash,
    content_of,
    order_number,
)
from backend.orders.rules.cut_offs import CutOff, next_cut_off
from backend.orders.rules.reading import Problem, ReadOrders, read_orders
from backend.orders.rules.states import (
    HOLD_REASONS,
    MARKS,
    NOT_BEGUN,
    OVER,
    STATES,
    UNDER_WAY,
    check_hold_reason,
    check_step,
)

__all__ = [
    "HOLD_REASONS",
    "MARKS",
    "NOT_BEGUN",
    "OVER",
    "STATES",
    "UNDER_WAY",
    "ApprovalRule",
    "CutOff",
    "OrderContent",
    "OrderIn",
    "Problem",
    "ReadOrders",
    "WantedLine",
    "changes_between",
    "check_hold_reason",
    "check_step",
    "content_hash",
    "content_of",
    "next_cut_off",
    "order_number",
    "read_orders",
    "why_not_approved",
]
