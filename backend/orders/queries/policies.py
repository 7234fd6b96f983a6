"""Policies that a manager changes: approval per shop, cut-offs per carrier."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.orders.models import CarrierCutOff, OrderPolicy
from backend.orders.rules import ApprovalRule, CutOff


def policy_of(session: Session, shop: str) -> ApprovalRule:
    """The shop's policy, else that of all shops, else the defaults."""
    rows = {
        row.shop: row for row in session.scalars(select(OrderPolicy).where(OrderPolicy.shop.in_({shop, ""})))
    }
    row = rows.get(shop) or rows.get("")
    if row is None:
        return ApprovalRule()
    return ApprovalRule(row.auto_approve, row.whole_orders, row.promise_hours, row.most_units)


def whole_order_shops(session: Session) -> dict[str, bool]:
    """Per shop whether its orders are promised whole or in part; '' is the rule for the others."""
    rows = session.execute(select(OrderPolicy.shop, OrderPolicy.whole_orders))
    return {"": True} | dict(rows.all())


def cut_offs_of(session: Session, warehouse_id: int) -> list[CutOff]:
    """When carriers collect at this warehouse."""
    rows = session.scalars(select(CarrierCutOff).where(CarrierCutOff.warehouse_id == warehouse_id))
    return [CutOff(row.carrier, row.local_time, tuple(row.weekdays)) for row in rows]
