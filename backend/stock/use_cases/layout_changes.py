"""The layout changed what may be sold where: count again what can be promised."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert_once, locked
from backend.core.execute import Command
from backend.master.layout.models import Location
from backend.stock.models import Allocation, Availability, Balance
from backend.stock.rules import GOOD, SELLABLE_KINDS
from backend.stock.use_cases.ledger import tell_gain
from backend.stock.use_cases.losses import Bumped, bump, tell_bumped
from backend.stock.use_cases.promises import deallocate


@dataclass(frozen=True, kw_only=True)
class RecountAvailability(Command):
    """Fold the sellable stock of a warehouse anew."""

    warehouse_id: int


@dataclass(frozen=True)
class Recounted:
    """How many SKUs' figures changed, and who lost a promise by it."""

    skus: int
    bumped: tuple[Bumped, ...]


def recount_availability(session: Session, command: RecountAvailability, *, now: datetime) -> Recounted:
    """Set `sellable` to what lies in sellable locations now; promises that it no longer covers are taken back."""
    warehouse_id = command.warehouse_id
    # Balances first, as everywhere: nothing may move while the sum is taken and the figures are set.
    session.execute(
        locked(select(Balance.id).where(Balance.warehouse_id == warehouse_id).order_by(Balance.id))
    ).all()
    _leave_closed_shops(session, warehouse_id)
    fold = dict(
        session.execute(
            select(Balance.sku_id, func.sum(Balance.on_hand))
            .join(Location, Location.id == Balance.location_id)
            .where(
                Balance.warehouse_id == warehouse_id,
                Balance.quality == GOOD,
                Location.sellable.is_(True),
                Location.kind.in_(sorted(SELLABLE_KINDS)),
            )
            .group_by(Balance.sku_id)
        ).all()
    )
    empty = {"warehouse_id": warehouse_id, "sellable": 0, "reserved": 0}
    bulk_insert_once(session, Availability, [empty | {"sku_id": sku_id} for sku_id in sorted(fold)])
    rows = session.scalars(
        locked(
            select(Availability)
            .where(Availability.warehouse_id == warehouse_id)
            .order_by(Availability.sku_id)
        ).execution_options(populate_existing=True)
    ).all()
    changed = [row for row in rows if row.sellable != int(fold.get(row.sku_id, 0))]
    bumped: list[Bumped] = []
    for row in changed:
        more = int(fold.get(row.sku_id, 0)) - row.sellable
        if more < 0:
            bumped += bump(session, warehouse_id, row.sku_id, -more, spare=frozenset(), now=now)
            session.refresh(row)
        row.sellable += more
        session.flush()
    tell_bumped(session, warehouse_id, bumped, now)
    tell_gain(session, warehouse_id, {row.sku_id for row in changed if row.sellable > row.reserved}, now=now)
    return Recounted(len(changed), tuple(bumped))


def _leave_closed_shops(session: Session, warehouse_id: int) -> None:
    """Let go of goods that are held where nothing may be sold any more: a pick there would move ATP."""
    closed = select(Location.id).where(
        Location.warehouse_id == warehouse_id,
        or_(Location.sellable.is_(False), Location.kind.not_in(sorted(SELLABLE_KINDS))),
    )
    held = select(Allocation.id).where(Allocation.state == "open", Allocation.location_id.in_(closed))
    deallocate(session, list(session.scalars(held)))
