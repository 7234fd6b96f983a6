"""Automatic approval: the first rule that says no is kept with the order, so that everybody can see why it waits."""

from dataclasses import dataclass

from backend.orders.rules.content import OrderIn


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """How a shop's orders are treated; `most_units` None means any number of pieces."""

    auto_approve: bool = True
    whole_orders: bool = True
    promise_hours: int = 24
    most_units: int | None = None


def why_not_approved(rule: ApprovalRule, order: OrderIn, units: int) -> str:
    """The code of what keeps the order from being approved by itself, or '' for nothing."""
    if not rule.auto_approve:
        return "approval_by_hand"
    if order.hold_reason:
        return order.hold_reason
    if rule.most_units is not None and units > rule.most_units:
        return "many_units"
    return ""
