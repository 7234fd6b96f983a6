"""Policies that a manager changes."""

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.core.db import upsert
from backend.core.execute import Command
from backend.orders.models import CarrierCutOff, OrderPolicy


@dataclass(frozen=True, kw_only=True)
class SetOrderPolicy(Command):
    """How orders of a shop ('' = all without their own policy) are approved, promised and reserved."""

    shop: str
    auto_approve: bool = True
    whole_orders: bool = True
    promise_hours: int = 24
    most_units: int | None = None


def set_order_policy(session: Session, command: SetOrderPolicy, *, now: datetime) -> None:
    """Write the policy; it counts for orders that come in from now on."""
    upsert(
        session,
        OrderPolicy,
        keys={"shop": command.shop},
        put={
            "auto_approve": command.auto_approve,
            "whole_orders": command.whole_orders,
            "promise_hours": command.promise_hours,
            "most_units": command.most_units,
            "changed_at": now,
        },
    )


@dataclass(frozen=True, kw_only=True)
class SetCarrierCutOff(Command):
    """When a carrier ('' = any) collects, "HH:MM" local; None takes the rule away. Weekdays: 0 = Monday."""

    warehouse_id: int
    carrier: str
    local_time: str | None
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)


def set_carrier_cut_off(session: Session, command: SetCarrierCutOff, *, now: datetime) -> None:
    """Write the rule; it counts for orders that come in from now on."""
    command.by.check_warehouse(command.warehouse_id)
    if command.local_time is None:
        session.execute(
            delete(CarrierCutOff).where(
                CarrierCutOff.warehouse_id == command.warehouse_id, CarrierCutOff.carrier == command.carrier
            )
        )
        return
    upsert(
        session,
        CarrierCutOff,
        keys={"warehouse_id": command.warehouse_id, "carrier": command.carrier},
        put={"local_time": time.fromisoformat(command.local_time), "weekdays": sorted(set(command.weekdays))},
    )
