"""The life of an order as a list of permitted next states; marks; reasons to hold."""

from backend.core.errors import Refusal

STATES = (
    "received",
    "approved",
    "reserved",
    "backordered",
    "in_wave",
    "picking",
    "picked",
    "packed",
    "shipped",
    "cancelled",
)
NOT_BEGUN = frozenset({"received", "approved", "reserved", "backordered"})
UNDER_WAY = frozenset({"in_wave", "picking", "picked", "packed"})
OVER = frozenset({"shipped", "cancelled"})
MARKS = frozenset({"picked", "sorted", "checked", "packed", "weighed", "labelled"})
HOLD_REASONS = frozenset(
    {
        "refund_requested",
        "refunded",
        "cancelled",
        "goods_changed",
        "address_changed",
        "courier_changed",
        "invoice_changed",
        "warehouse_changed",
        "note_changed",
        "message_changed",
        "delivery_time_changed",
        "gift_changed",
        "shipped_elsewhere",
        "approval_rejected",
        "picked_short",
        "manual",
        "other",
    }
)

_NEXT: dict[str, frozenset[str]] = {
    "received": frozenset({"approved", "cancelled"}),
    "approved": frozenset({"received", "reserved", "backordered", "cancelled"}),
    "reserved": frozenset({"approved", "backordered", "in_wave", "cancelled"}),
    "backordered": frozenset({"approved", "reserved", "cancelled"}),
    "in_wave": frozenset({"reserved", "backordered", "picking", "cancelled"}),
    "picking": frozenset({"in_wave", "reserved", "backordered", "picked", "cancelled"}),
    "picked": frozenset({"picking", "packed", "cancelled"}),
    "packed": frozenset({"picked", "shipped", "cancelled"}),
    "shipped": frozenset(),
    "cancelled": frozenset(),
}


def check_step(number: str, state: str, wanted: str) -> None:
    """Refuse a step that the life of an order does not know.

    Raises:
        Refusal: order_in_other_state.
    """
    if wanted not in _NEXT[state]:
        raise Refusal("order_in_other_state", number=number, state=state, wanted=wanted)


def check_hold_reason(reason: str) -> None:
    """Raises `hold_reason_unknown`."""
    if reason not in HOLD_REASONS:
        raise Refusal("hold_reason_unknown", reason=reason, known=sorted(HOLD_REASONS))
