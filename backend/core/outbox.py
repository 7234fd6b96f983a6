"""News is written with the fact: an outbox row in the same transaction, numbered and told after commit.

Delivery is at least once and ours alone: the relay numbers committed rows (a sequence taken before commit could make
a reader skip a late committer), tells them with the channel's previous number, and remembers how far it has told.
Readers drop what they know, and replay when `prev` shows a gap.
"""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Index, bindparam, delete, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.clock import Clock
from backend.core.db import Base, BigInt, Database, Id, Instant, gather, insert_once, stir, upsert
from backend.core.events import Event, event_of
from backend.core.execute import Actor, Command, execute, system_actor
from backend.core.ids import derived_id
from backend.core.jobs import Handler, JobContext, enqueue

KEEP_DAYS = 7
_BATCH = 500
_PACE_SECONDS = 0.05  # the first news goes at once, what follows is gathered: a busy floor costs few commits
_NEWS = "news"
_RELAY_LOCK = 7_214_001  # PostgreSQL advisory lock: one relay at a time over all processes
_log = structlog.get_logger("outbox")


class OutboxEvent(Base):
    """A fact waiting to be told, or told."""

    __tablename__ = "outbox_event"
    __table_args__ = (Index("ix_outbox_event_channel_seq", "channel", "seq"),)

    id: Mapped[Id]
    seq: Mapped[BigInt | None] = mapped_column(unique=True)
    prev: Mapped[BigInt | None]
    channel: Mapped[str]
    name: Mapped[str]
    body: Mapped[dict[str, Any]]
    at: Mapped[Instant] = mapped_column(index=True)


class OutboxChannel(Base):
    """The last number told on a channel."""

    __tablename__ = "outbox_channel"

    channel: Mapped[str] = mapped_column(primary_key=True)
    last_seq: Mapped[BigInt]


class OutboxState(Base):
    """How far the relay has numbered and told (one row)."""

    __tablename__ = "outbox_state"

    id: Mapped[Id]
    numbered_seq: Mapped[BigInt]
    told_seq: Mapped[BigInt]


_WRITE = insert(OutboxEvent)  # built once: every command comes by here


@dataclass(frozen=True)
class Fact:
    """A numbered event as it goes over the wire."""

    seq: int
    prev: int
    channel: str
    name: str
    body: dict[str, Any]
    at: datetime

    def wire(self) -> dict[str, Any]:
        """The message's JSON form."""
        return {
            "seq": self.seq,
            "prev": self.prev,
            "channel": self.channel,
            "name": self.name,
            "body": self.body,
            "at": self.at.isoformat(),
        }


@dataclass(frozen=True)
class Reaction:
    """What a room does when a lower room's event arrives."""

    event: type[Event]
    use_case: Callable[..., Any]
    to_command: Callable[[Any, Actor], Command | None]

    @property
    def kind(self) -> str:
        """The kind of the job that carries it out."""
        return f"reaction:{self.use_case.__module__.removeprefix('backend.')}.{self.use_case.__name__}:{self.event.name}"

    def handler(self) -> Handler:
        """The job handler: rebuild the event, ask for a command, execute it once."""

        def handle(work: JobContext) -> None:
            event = event_of(self.event, work.payload["body"])
            by = system_actor(derived_id("reaction", self.kind, work.payload["seq"]))
            command = self.to_command(event, by)
            if command is not None:
                execute(work.db, self.use_case, command, clock=work.clock)

        return handle


def reaction(
    event: type[Event], use_case: Callable[..., Any], to_command: Callable[[Any, Actor], Command | None]
) -> Reaction:
    """A line of a room's `REACTIONS` table; `to_command` may answer None: not our business."""
    return Reaction(event, use_case, to_command)


def emit(session: Session, event: Event, *, now: datetime) -> None:
    """Write the news with the fact: in the same transaction, all of its news in one statement at its end."""
    gather(session, _write, {"channel": event.channel(), "name": event.name, "body": event.body(), "at": now})
    stir(session, _NEWS)


def _write(session: Session, rows: list[dict[str, Any]]) -> None:
    session.flush()  # what failed to be written is no news
    session.connection().execute(_WRITE, rows)


class Relay:
    """Numbers committed events, enqueues the reactions to them, and tells them; one at a time over all processes."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        tell: Callable[[Sequence[Fact]], None],
        reactions: Sequence[Reaction],
    ) -> None:
        self._db, self._clock, self._tell = db, clock, tell
        self._reactions: dict[str, list[Reaction]] = {}
        for each in reactions:
            self._reactions.setdefault(each.event.name, []).append(each)
        self._told = 0
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        db.after_commit(_NEWS, self._wake.set)

    def start(self) -> None:
        """Relay in a thread until stopped."""
        self._thread = threading.Thread(target=self._loop, name="relay", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Tell what is numbered and end."""
        self._stop.set()
        self._wake.set()
        if self._thread:
            self._thread.join(timeout=10)

    def _loop(self) -> None:
        poll = 1.0 if self._db.is_sqlite else 0.1  # other processes' commits wake nobody here
        while not self._stop.is_set():
            self._wake.wait(poll)
            began = time.monotonic()
            self._wake.clear()
            try:
                while self.run_once() and not self._stop.wait(began + _PACE_SECONDS - time.monotonic()):
                    began = time.monotonic()
            except Exception:  # noqa: BLE001 - the loop outlives any one failure
                _log.exception("relay_failed")
                self._stop.wait(1)

    def run_once(self) -> bool:
        """Number and tell one batch. False when there was nothing to do."""
        with self._db.read() as session:
            connection = session.connection()
            state = connection.execute(_STATE).first()
            waiting = connection.execute(_ANY_WAITING).first()
        untold = state is not None and self._told <= state.told_seq < state.numbered_seq
        if waiting is None and not untold:
            return False
        with self._db.write() as session:
            if not self._alone(session):
                return False
            facts = self._number(session)
        if facts:
            self._tell(facts)  # outside the transaction: the network is never called while a row is locked
            self._told = facts[-1].seq
            with self._db.write() as session:
                session.connection().execute(_MARK, {"b_seq": self._told})
        return bool(facts)

    def _alone(self, session: Session) -> bool:
        if self._db.is_sqlite:
            return True
        return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _RELAY_LOCK}))

    def _number(self, session: Session) -> list[Fact]:
        """The facts to tell: what was numbered but never told; where nothing was, what waits, numbered now."""
        connection = session.connection()
        state = connection.execute(_STATE).first()
        if state is None:
            insert_once(session, OutboxState, id=1, numbered_seq=0, told_seq=0)
        elif state.told_seq < state.numbered_seq:
            return _facts(session, after=state.told_seq, upto=state.numbered_seq)
        rows = connection.execute(_WAITING).all()
        last = _last_numbers(session, {row.channel for row in rows})
        facts, numbers = [], []
        for seq, row in enumerate(rows, start=(state.numbered_seq if state else 0) + 1):
            fact = Fact(seq, last.get(row.channel, 0), row.channel, row.name, row.body, row.at)
            facts.append(fact)
            numbers.append({"b_id": row.id, "b_seq": seq, "b_prev": fact.prev})
            last[row.channel] = seq
        if facts:
            connection.execute(_NUMBER, numbers)
            connection.execute(_RAISE, {"b_seq": facts[-1].seq})
            for channel in sorted({fact.channel for fact in facts}):
                upsert(session, OutboxChannel, keys={"channel": channel}, put={"last_seq": last[channel]})
            self._enqueue_reactions(session, facts)
        return facts

    def _enqueue_reactions(self, session: Session, facts: Sequence[Fact]) -> None:
        for fact in facts:
            for each in self._reactions.get(fact.name, ()):
                key = f"{each.kind}#{fact.seq}"
                payload = {"seq": fact.seq, "body": fact.body}
                enqueue(session, each.kind, payload, now=self._clock.now(), key=key)


_STATE = select(OutboxState.numbered_seq, OutboxState.told_seq).where(OutboxState.id == 1)
_ANY_WAITING = select(OutboxEvent.id).where(OutboxEvent.seq.is_(None)).limit(1)
_WAITING = (
    select(OutboxEvent.id, OutboxEvent.channel, OutboxEvent.name, OutboxEvent.body, OutboxEvent.at)
    .where(OutboxEvent.seq.is_(None))
    .order_by(OutboxEvent.id)
    .limit(_BATCH)
)
_NUMBER = (
    update(OutboxEvent)
    .where(OutboxEvent.id == bindparam("b_id"))
    .values(seq=bindparam("b_seq"), prev=bindparam("b_prev"))
)
_RAISE = update(OutboxState).where(OutboxState.id == 1).values(numbered_seq=bindparam("b_seq"))
_MARK = (
    update(OutboxState)
    .where(OutboxState.id == 1, OutboxState.told_seq < bindparam("b_seq"))
    .values(told_seq=bindparam("b_seq"))
)


def _last_numbers(session: Session, channels: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(OutboxChannel.channel, OutboxChannel.last_seq).where(OutboxChannel.channel.in_(channels))
    )
    return dict(rows.all())


def _facts(
    session: Session, *, after: int, upto: int, channel: str | None = None, limit: int = 5000
) -> list[Fact]:
    wanted = select(OutboxEvent).where(OutboxEvent.seq > after, OutboxEvent.seq <= upto)
    if channel is not None:
        wanted = wanted.where(OutboxEvent.channel == channel)
    return [
        Fact(row.seq or 0, row.prev or 0, row.channel, row.name, row.body, row.at)
        for row in session.scalars(wanted.order_by(OutboxEvent.seq).limit(limit))
    ]


@dataclass(frozen=True)
class Replayed:
    """What a reader missed. `resync` says that the past is gone: fetch the snapshot, go on from `cursor`."""

    events: list[Fact]
    cursor: int
    resync: bool


def replay(session: Session, channel: str, after: int | None, *, limit: int = 500) -> Replayed:
    """The facts of a channel after a cursor, oldest first, and how far they reach; None: from now on."""
    last = session.scalar(select(OutboxChannel.last_seq).where(OutboxChannel.channel == channel)) or 0
    if after is None:
        return Replayed([], last, resync=False)
    if after <= 0 or after > last:
        return Replayed([], last, resync=after != last)
    oldest = session.scalar(select(func.min(OutboxEvent.seq)).where(OutboxEvent.seq.is_not(None))) or 0
    if after < oldest - 1 and after < last:
        return Replayed([], last, resync=True)
    events = _facts(session, after=after, upto=last, channel=channel, limit=limit)
    return Replayed(events, events[-1].seq if events else last, resync=False)


def forget_old_events(session: Session, now: datetime) -> None:
    """Drop told events after a week; a reader older than that fetches the snapshot."""
    session.execute(
        delete(OutboxEvent).where(
            OutboxEvent.seq.is_not(None), OutboxEvent.at < now - timedelta(days=KEEP_DAYS)
        )
    )
