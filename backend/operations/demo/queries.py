"""How far the demo has got already."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.master.people.models import User
from backend.orders.models import SalesOrder
from backend.outbound.waves.models import WaveStrategy
from backend.stock.models import StockMove


def has_stock(session: Session, warehouse_id: int) -> bool:
    """Whether anything was ever put into this warehouse."""
    moved = select(StockMove.id).where(StockMove.warehouse_id == warehouse_id).limit(1)
    return session.scalar(moved) is not None


def has_orders(session: Session, warehouse_id: int) -> bool:
    """Whether any order ever came in for this warehouse."""
    found = select(SalesOrder.id).where(SalesOrder.warehouse_id == warehouse_id).limit(1)
    return session.scalar(found) is not None


def strategy_names(session: Session, warehouse_id: int) -> frozenset[str]:
    """The strategies that are there."""
    return frozenset(
        session.scalars(select(WaveStrategy.name).where(WaveStrategy.warehouse_id == warehouse_id))
    )


def known_users(session: Session) -> dict[str, int]:
    """User ids by login."""
    return dict(session.execute(select(User.login, User.id)).all())
