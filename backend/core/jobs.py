"""Work that must happen: rows in our own database, enqueued in the transaction of the fact.

A job is claimed with a lease and repeated after a crash, so handlers are idempotent: they act through `work.run`,
whose command id follows from the job. After too many failures a job is dead and shown, never dropped.
"""

import dataclasses
import random
import threading
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import structlog
from sqlalchemy import Index, Select, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.clock import Clock
from backend.core.db import Base, Database, Id, Instant, InstantType, insert_once, locked, stir
from backend.core.errors import Refusal, Unavailable
from backend.core.execute import Actor, Command, Outcome, execute, system_actor
from backend.core.ids import derived_id, uuid7

LEASE = timedelta(seconds=60)
KEEP_DONE_DAYS = 7
_WORK = "work"  # what enqueuing stirs: a commit without a job wakes no worker
_log = structlog.get_logger("jobs")
AnyCommand = TypeVar("AnyCommand", bound=Command)


class Job(Base):
    """One piece of work: waiting, done, refused (a rule said no) or dead (gave up)."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)

    id: Mapped[Id]
    kind: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    max_tries: Mapped[int] = mapped_column(default=5)
    run_at: Mapped[Instant]
    lease_until: Mapped[Instant | None]
    last_error: Mapped[str | None]
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    run_at: datetime | None = None,
    max_tries: int = 5,
) -> bool:
    """Write the job with the fact that causes it. With a `key`, once only: False when it is there already."""
    stir(session, _WORK)
    return insert_once(
        session,
        Job,
        kind=kind,
        key=key,
        payload=payload,
        state="waiting",
        tries=0,
        max_tries=max_tries,
        run_at=run_at or now,
        created_at=now,
    )


@dataclass(frozen=True)
class Claimed:
    """A job in the hands of a worker."""

    id: int
    kind: str
    payload: dict[str, Any]
    tries: int
    max_tries: int


@dataclass(frozen=True)
class JobContext:
    """What a handler gets: the job, and the same doors as everybody else."""

    db: Database
    clock: Clock
    settings: Any
    job: Claimed
    heartbeat: Callable[[], None] = field(default=lambda: None)

    @property
    def job_id(self) -> int:
        """The job's number."""
        return self.job.id

    @property
    def payload(self) -> dict[str, Any]:
        """What was enqueued."""
        return self.job.payload

    def actor(self, *step: object) -> Actor:
        """The house itself, under a command id that follows from this job and the step."""
        return system_actor(derived_id("job", self.job.id, *step))

    def run(
        self,
        use_case: Callable[..., Any],
        build: Callable[[Actor], AnyCommand],
        *step: object,
    ) -> Outcome:
        """Execute the use case as this job's deed; repeated after a crash it has effect once."""
        by = self.actor(use_case.__name__, *step)
        return execute(self.db, use_case, build(by), clock=self.clock)


Handler = Callable[[JobContext], None]


@dataclass(frozen=True)
class Periodic:
    """A job that comes round: every so many seconds, and only when there is something to do."""

    kind: str
    seconds: int
    when: Callable[[Session], bool] = field(default=lambda _session: True)


@dataclass(frozen=True)
class JobBook:
    """Every kind of job the house knows. `slow` kinds have workers of their own, so that they hold up nothing."""

    handlers: Mapping[str, Handler] = field(default_factory=dict)
    slow: frozenset[str] = frozenset()
    periodic: tuple[Periodic, ...] = ()


class Worker:
    """Claims due jobs and runs them; any number of workers in any number of processes may run at once."""

    def __init__(self, db: Database, clock: Clock, settings: Any, book: JobBook) -> None:
        self._db, self._clock, self._settings, self._book = db, clock, settings, book
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        db.after_commit(_WORK, self._wake.set)

    def start(self, fast: int = 2, slow: int = 1) -> None:
        """Start the threads: `fast` for short jobs, `slow` for long ones, one for what comes round."""
        lanes = [self._fast_kinds()] * fast + [self._book.slow] * slow
        targets = [lambda kinds=kinds: self._serve(kinds) for kinds in lanes if kinds] + [self._tick]
        for number, target in enumerate(targets):
            thread = threading.Thread(target=target, name=f"jobs-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Finish the jobs in hand and end."""
        self._stop.set()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _fast_kinds(self) -> frozenset[str]:
        return frozenset(self._book.handlers) - self._book.slow

    def _serve(self, kinds: frozenset[str]) -> None:
        while not self._stop.is_set():
            try:
                if self.run_one(kinds):
                    continue
            except Exception:  # noqa: BLE001 - the loop outlives any one failure
                _log.exception("job_loop_failed")
                self._stop.wait(1)
            self._wake.wait(0.2)
            self._wake.clear()

    def _tick(self) -> None:
        while not self._stop.wait(1):
            try:
                self.enqueue_due()
            except Exception:  # noqa: BLE001 - the loop outlives any one failure
                _log.exception("periodic_failed")

    def enqueue_due(self) -> None:
        """Enqueue what has come round; the key holds the time slot, so several processes enqueue it once."""
        now = self._clock.now()
        for periodic in self._book.periodic:
            slot = int(now.timestamp()) // periodic.seconds
            key = f"{periodic.kind}@{slot}"
            with self._db.read() as session:
                known = session.scalar(select(Job.id).where(Job.key == key))
                if known or not periodic.when(session):
                    continue
            with self._db.write() as session:
                enqueue(session, periodic.kind, {}, now=now, key=key)

    def run_one(self, kinds: frozenset[str] | None = None) -> bool:
        """Claim and run one due job of these kinds (all by default). False when there is none."""
        claimed = self._claim(kinds if kinds is not None else frozenset(self._book.handlers))
        if claimed is None:
            return False
        handler = self._book.handlers[claimed.kind]
        context = JobContext(
            self._db, self._clock, self._settings, claimed, heartbeat=lambda: self._extend(claimed.id)
        )
        try:
            handler(context)
        except Refusal as refusal:
            self._end(claimed, "refused", str(refusal))
        except Exception as error:  # noqa: BLE001 - the loop outlives any one failure
            self._fail(claimed, error)
        else:
            self._end(claimed, "done", None)
        return True

    def _claim(self, kinds: frozenset[str]) -> Claimed | None:
        now = self._clock.now()
        due, present = _due(kinds), {"now": now}
        with self._db.read() as session:  # look without a write lock first: idle workers cost nothing
            if session.scalar(due, present) is None:
                return None
        with self._db.write() as session:
            job = session.scalar(locked(due, skip=True), present)
            if job is None:
                return None
            job.lease_until, job.tries = now + LEASE, job.tries + 1
            return Claimed(job.id, job.kind, job.payload, job.tries, job.max_tries)

    def _extend(self, job_id: int) -> None:
        with self._db.write() as session:
            session.execute(update(Job).where(Job.id == job_id).values(lease_until=self._clock.now() + LEASE))

    def _end(self, claimed: Claimed, state: str, error: str | None) -> None:
        now = self._clock.now()
        with self._db.write() as session:
            session.execute(
                update(Job)
                .where(Job.id == claimed.id)
                .values(state=state, ended_at=now, lease_until=None, last_error=error)
            )

    def _fail(self, claimed: Claimed, error: Exception) -> None:
        text = "".join(traceback.format_exception_only(error)).strip()
        final = claimed.tries >= claimed.max_tries or (isinstance(error, Unavailable) and error.permanent)
        if final:
            _log.error("job_dead", job=claimed.id, kind=claimed.kind, error=text, exc_info=error)
            self._end(claimed, "dead", text)
            return
        _log.warning("job_failed", job=claimed.id, kind=claimed.kind, error=text, exc_info=error)
        wait = min(2**claimed.tries, 300) * random.uniform(0.8, 1.2)
        with self._db.write() as session:
            again = self._clock.now() + timedelta(seconds=wait)
            session.execute(
                update(Job)
                .where(Job.id == claimed.id)
                .values(run_at=again, lease_until=None, last_error=text)
            )


@cache
def _due(kinds: frozenset[str]) -> Select[Job]:
    """The next job that is due; built once for each lane, because idle workers ask several times a second."""
    return (
        select(Job)
        .where(Job.state == "waiting", Job.run_at <= bindparam("now", type_=InstantType()), Job.kind.in_(sorted(kinds)))
        .where(or_(Job.lease_until.is_(None), Job.lease_until < bindparam("now", type_=InstantType())))
        .order_by(Job.run_at, Job.id)
        .limit(1)
    )  # fmt: skip


def forget_ended_jobs(session: Session, now: datetime) -> None:
    """Drop done jobs after a week; refused and dead ones stay until a person has looked."""
    session.execute(
        delete(Job).where(Job.state == "done", Job.ended_at < now - timedelta(days=KEEP_DONE_DAYS))
    )


def job_counts(session: Session) -> dict[str, int]:
    """How many jobs are in each state."""
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state))
    return dict(rows.all())


def merged(*books: JobBook) -> JobBook:
    """One book of many; a kind defined twice is a mistake."""
    handlers: dict[str, Handler] = {}
    for book in books:
        twice = handlers.keys() & book.handlers.keys()
        if twice:
            raise ValueError(f"job kinds defined twice: {sorted(twice)}")
        handlers |= book.handlers
    return JobBook(
        handlers,
        frozenset().union(*(book.slow for book in books)),
        tuple(periodic for book in books for periodic in book.periodic),
    )


def fresh_actor(actor: Actor) -> Actor:
    """The same actor with a new command id."""
    return dataclasses.replace(actor, command_id=uuid7())
