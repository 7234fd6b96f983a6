"""The one door for every change: claim the command id, open the one transaction, run the use case, keep the reply.

HTTP, sockets, the command line, jobs and reactions all come through `execute`. The same command id again gets the
first reply, a refusal included; the same id with another body, or from somebody else, is refused.
"""

import dataclasses
import hashlib
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.clock import Clock
from backend.core.db import Base, Database, Instant, Ref, insert_once
from backend.core.errors import Forbidden, Refusal, Unprocessable, refusal_of
from backend.core.events import plain
from backend.core.ids import derived_id

_ATTEMPTS = 6
_DONE = 200
KEEP_COMMANDS_DAYS = 30


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it, on which device, under which command id, with which rights.

    `warehouses` and `shops` are None when the scope is unlimited. `event_at` is when the device did it, which for a
    scan made off-line is earlier than when the server hears of it.
    """

    command_id: str
    user_id: int | None = None
    session_id: int | None = None
    device_id: int | None = None
    permissions: frozenset[str] = frozenset()
    warehouses: frozenset[int] | None = None
    shops: frozenset[str] | None = None
    event_at: datetime | None = None
    language: str = "en"

    def at(self, now: datetime) -> datetime:
        """When it happened: the device's word, but never in the server's future."""
        return min(self.event_at, now) if self.event_at else now

    def may(self, permission: str) -> bool:
        """Whether the caller holds the permission."""
        return permission in self.permissions

    def check_warehouse(self, warehouse_id: int) -> None:
        """Raises `outside_scope` when the warehouse is none of the caller's business."""
        if self.warehouses is not None and warehouse_id not in self.warehouses:
            raise Forbidden("outside_scope", warehouse_id=warehouse_id)


def system_actor(command_id: str) -> Actor:
    """The house itself: jobs, reactions and the command line."""
    return Actor(command_id=command_id, permissions=frozenset({"*"}))


@dataclass(frozen=True, kw_only=True)
class Command:
    """Base of every command: a frozen dataclass with fields that fit JSON, and who gives it."""

    by: Actor


AnyCommand = TypeVar("AnyCommand", bound=Command)
Result = TypeVar("Result")


class CommandRecord(Base):
    """A command that was carried out or refused, with its reply."""

    __tablename__ = "command_record"

    id: Mapped[str] = mapped_column(primary_key=True)
    use_case: Mapped[str]
    digest: Mapped[str]
    user_id: Mapped[Ref | None]
    status: Mapped[int]
    reply: Mapped[str]
    created_at: Mapped[Instant] = mapped_column(index=True)


_KEEP = (
    update(CommandRecord)
    .where(CommandRecord.id == bindparam("mine"))
    .values(status=bindparam("status"), reply=bindparam("reply"))
)


@dataclass(frozen=True)
class Outcome:
    """What came of a command: the use case's result (absent on a replay) and the reply, also as its stored JSON text."""

    body: Any
    text: str
    replayed: bool
    result: Any = field(default=None)


def fingerprint(use_case: str, command: Command) -> str:
    """What the command says, apart from who says it: SHA-256 over canonical JSON."""
    said = {
        part.name: plain(getattr(command, part.name))
        for part in dataclasses.fields(command)
        if part.name != "by"
    }
    text = json.dumps([use_case, said], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def execute(
    db: Database,
    use_case: Callable[..., Result],
    command: Command,
    *,
    clock: Clock,
    dump: Callable[[Result], Any] = plain,
) -> Outcome:
    """Carry the command out exactly once.

    Args:
        db: where.
        use_case: `(session, command, *, now)`; it never commits.
        command: what, and who.
        clock: when.
        dump: turns the result into JSON values; runs inside the transaction.

    Raises:
        Refusal: the use case's own no, or `command_id_reused`.
        Exception: anything else is a bug; nothing has been changed then.
    """
    name = f"{use_case.__module__.removeprefix('backend.')}.{use_case.__name__}"
    said = _Said(name, command, fingerprint(name, command))
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _attempt(db, use_case, said, clock.now(), dump)
        except Refusal as refusal:
            return _keep_refusal(db, said, refusal, clock.now())
        except DBAPIError as error:
            if attempt == _ATTEMPTS or not db.should_retry(error):
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)
    raise AssertionError("unreachable")


@dataclass(frozen=True)
class _Said:
    """A command with the name of its use case and its fingerprint."""

    name: str
    command: Command
    digest: str

    def claim(self, session: Session, now: datetime) -> bool:
        """Whether this transaction is the first under the id; on PostgreSQL a twin waits here until that ended."""
        return insert_once(
            session,
            CommandRecord,
            id=self.command.by.command_id,
            use_case=self.name,
            digest=self.digest,
            user_id=self.command.by.user_id,
            status=0,
            reply="null",
            created_at=now,
        )

    def keep(self, session: Session, status: int, reply: Any) -> str:
        """Store the reply for whoever asks again; the text that is stored."""
        text = json.dumps(reply, ensure_ascii=False, separators=(",", ":"))
        session.flush()
        kept = {"mine": self.command.by.command_id, "status": status, "reply": text}
        session.connection().execute(_KEEP, kept)
        return text

    def replay(self, session: Session) -> Outcome:
        """The first reply, as it was."""
        record = session.get(CommandRecord, self.command.by.command_id, populate_existing=True)
        if record is None or (record.digest, record.user_id) != (self.digest, self.command.by.user_id):
            raise _Reused("command_id_reused", command_id=self.command.by.command_id)
        reply = json.loads(record.reply)
        if record.status != _DONE:
            raise _Replayed(refusal_of(record.status, reply["code"], reply["facts"]))
        return Outcome(reply, record.reply, replayed=True)


class _Reused(Unprocessable):
    """Not to be stored: the record under that id belongs to another command."""


class _Replayed(Refusal):
    """Carries a stored refusal out of the transaction."""

    def __init__(self, original: Refusal) -> None:
        super().__init__(original.code, **original.facts)
        self.original = original


def _attempt(
    db: Database, use_case: Callable[..., Result], said: _Said, now: datetime, dump: Callable[[Result], Any]
) -> Outcome:
    with db.write() as session:
        if not said.claim(session, now):
            return said.replay(session)
        result = use_case(session, said.command, now=now)
        body = dump(result)
        text = said.keep(session, _DONE, body)
        return Outcome(body, text, replayed=False, result=result)


def _keep_refusal(db: Database, said: _Said, refusal: Refusal, now: datetime) -> Outcome:
    if isinstance(refusal, _Replayed):
        raise refusal.original from None
    if isinstance(refusal, _Reused):
        raise refusal
    with db.write() as session:
        if not said.claim(session, now):
            try:
                return said.replay(session)  # the twin was quicker: its word counts
            except _Replayed as stored:
                raise stored.original from None
        said.keep(session, refusal.status, {"code": refusal.code, "facts": plain(refusal.facts)})
    raise refusal


def forget_old_commands(session: Session, now: datetime) -> None:
    """Drop the records that no device will repeat any more; a device's queue is younger than 30 days."""
    session.execute(
        delete(CommandRecord).where(CommandRecord.created_at < now - timedelta(days=KEEP_COMMANDS_DAYS))
    )


def command_by(actor: Actor, *cause: object) -> Actor:
    """The same actor under a command id that follows from the cause."""
    return dataclasses.replace(actor, command_id=derived_id(actor.command_id, *cause))
