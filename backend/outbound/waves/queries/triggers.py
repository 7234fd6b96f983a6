"""Which strategies are due to compose a wave by themselves."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.master.layout.models import Warehouse
from backend.outbound.waves.models import WaveStrategy
from backend.outbound.waves.queries.pool import judge
from backend.outbound.waves.rules import is_due


def any_trigger(session: Session) -> bool:
    """Whether any strategy composes waves by itself."""
    mine = select(WaveStrategy.id).where(WaveStrategy.enabled.is_(True), WaveStrategy.trigger != "manual")
    return session.scalar(mine.limit(1)) is not None


def due_strategies(session: Session, now: datetime) -> list[int]:
    """The strategies that are due now, most important first."""
    rows = session.execute(
        select(WaveStrategy, Warehouse.timezone)
        .join(Warehouse, Warehouse.id == WaveStrategy.warehouse_id)
        .where(WaveStrategy.enabled.is_(True), WaveStrategy.trigger != "manual")
        .order_by(WaveStrategy.priority, WaveStrategy.id)
    )
    due = []
    for strategy, timezone in rows:
        ready = len(judge(session, strategy, now).chosen)
        if is_due(
            strategy.trigger,
            times=strategy.trigger_times,
            count=strategy.trigger_count,
            ready=ready,
            last=strategy.last_triggered_at,
            local_now=now.astimezone(ZoneInfo(timezone)),
        ):
            due.append(strategy.id)
    return due
