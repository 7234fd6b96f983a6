"""Whether what the board shows can be relied on."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.jobs import Job
from backend.core.outbox import OutboxEvent
from backend.stock.models import StockTruth
from backend.watch.board.rules import Light, jobs_light, news_light, truth_light


@dataclass(frozen=True)
class TruthLight:
    """The last proof of the ledger."""

    state: Light
    checked_at: datetime | None


@dataclass(frozen=True)
class NewsLight:
    """Facts that nobody has been told yet, and the age of the oldest in seconds."""

    state: Light
    waiting: int
    oldest_s: int


@dataclass(frozen=True)
class JobsLight:
    """Due jobs that nobody has taken yet, and jobs that gave up."""

    state: Light
    waiting: int
    dead: int


@dataclass(frozen=True)
class Lights:
    """The signs."""

    truth: TruthLight
    news: NewsLight
    jobs: JobsLight


def lights(session: Session, *, now: datetime) -> Lights:
    """The state of ledger, relay and workers."""
    return Lights(_truth(session, now), _news(session, now), _jobs(session, now))


def _truth(session: Session, now: datetime) -> TruthLight:
    row = session.execute(select(StockTruth.sound, StockTruth.checked_at)).first()
    sound, checked_at = (row.sound, row.checked_at) if row else (None, None)
    return TruthLight(truth_light(sound, checked_at, now), checked_at)


def _news(session: Session, now: datetime) -> NewsLight:
    untold = OutboxEvent.seq.is_(None)
    waiting = session.scalar(select(func.count()).select_from(OutboxEvent).where(untold)) or 0
    oldest_at = session.scalar(select(func.min(OutboxEvent.at)).where(untold)) if waiting else None
    oldest_s = max(0, int((now - oldest_at).total_seconds())) if oldest_at else 0
    return NewsLight(news_light(oldest_at, now), waiting, oldest_s)


def _jobs(session: Session, now: datetime) -> JobsLight:
    counted = (
        select(Job.state, func.count(), func.min(Job.run_at))
        .where(Job.state.in_(("waiting", "dead")), Job.run_at <= now)
        .group_by(Job.state)
    )
    found = {state: (number, oldest_at) for state, number, oldest_at in session.execute(counted)}
    waiting, oldest_at = found.get("waiting", (0, None))
    dead = found.get("dead", (0, None))[0]
    return JobsLight(jobs_light(dead, oldest_at, now), waiting, dead)
