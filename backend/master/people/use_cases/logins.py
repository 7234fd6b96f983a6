"""Logging in, in three steps: take a try (counted before anything is compared), compare outside any transaction
(argon2 takes 28 ms, and a write lock must not wait for it), then open the session or note the failure.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from backend.core.db import insert_once, locked
from backend.core.errors import NotFound, TooMany, Unauthorised
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.devices.use_cases import note_device_seen
from backend.master.people.events import SessionOpened
from backend.master.people.models import AuthSession, LoginTry, User
from backend.master.people.queries.sessions import in_sight
from backend.master.people.rules import Kind, brake_for, credential_key
from backend.master.people.use_cases.audit import record
from backend.master.people.use_cases.sessions import end_sessions


@dataclass(frozen=True, kw_only=True)
class TakeTry(Command):
    """Ask for one try at a credential from a source; keys as made by `people.rules`."""

    credential: str
    source: str


def take_try(session: Session, command: TakeTry, *, now: datetime) -> None:
    """Count a try as failed before it is made; a success takes it back.

    Raises:
        TooMany: `login_locked` with the seconds to wait; the same for known and unknown names.
    """
    keys = sorted((command.credential, command.source))  # one order for all: no deadlock
    rows = _counted(session, keys, now)
    wait_s = max(brake_for(key).wait_s(rows[key].fails, rows[key].last_at, now) for key in keys)
    if wait_s:
        raise TooMany("login_locked", seconds=wait_s)
    for key in keys:
        row = rows[key]
        if brake_for(key).is_forgotten(row.last_at, now):
            row.fails = row.told_fails = 0
        row.fails += 1
        row.last_at = now


def _counted(session: Session, keys: list[str], now: datetime) -> dict[str, LoginTry]:
    while True:
        for key in keys:
            insert_once(session, LoginTry, key=key, fails=0, told_fails=0, last_at=now)
        rows = {row.key: row for row in session.scalars(_tries(keys))}
        if len(rows) == len(keys):  # or the sweep dropped an old one in between
            return rows


def _tries(keys: list[str]) -> Select[LoginTry]:
    return locked(select(LoginTry).where(LoginTry.key.in_(keys)).order_by(LoginTry.key))


@dataclass(frozen=True, kw_only=True)
class GiveBackTry(Command):
    """The proof was right."""

    credential: str
    source: str


def give_back_try(session: Session, command: GiveBackTry, *, now: datetime) -> None:
    """Forget the failed tries at a credential after a right one; its source counts one less."""
    _give_back(session, command.credential, command.source)


@dataclass(frozen=True, kw_only=True)
class OpenSession(Command):
    """Let somebody in whose proof was right. `token_hash` is the fingerprint of the session token."""

    user_id: int
    kind: str
    token_hash: str
    credential: str
    source: str
    idle_s: int
    lasts_s: int
    device_id: int | None = None
    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class OpenedSession:
    """A new session."""

    id: int
    user_id: int
    expires_at: datetime


def open_session(session: Session, command: OpenSession, *, now: datetime) -> OpenedSession:
    """Open a session and forget the failed tries.

    A badge stands for one pair of hands: logging in on a handheld ends the person's session on the previous one, and
    whatever session another person left open on this one.

    Raises:
        Unauthorised: `wrong_login` when the account was closed in this very moment.
    """
    user = session.get(User, command.user_id, with_for_update=True)  # two log-ins of one badge take turns
    if user is None or not user.active:
        raise Unauthorised("wrong_login")
    if command.kind == Kind.BADGE:
        _switch(session, command, now)
    opened = AuthSession(
        user_id=user.id,
        token_hash=command.token_hash,
        kind=Kind(command.kind).value,
        device_id=command.device_id,
        address=command.address,
        agent=command.agent[:200],
        started_at=now,
        seen_at=now,
        idle_s=command.idle_s,
        idle_at=now + timedelta(seconds=min(command.idle_s, command.lasts_s)),
        expires_at=now + timedelta(seconds=command.lasts_s),
    )
    session.add(opened)
    session.flush()
    _give_back(session, command.credential, command.source)
    if command.device_id is not None:
        note_device_seen(session, command.device_id, now=now)
    record(
        session,
        command.by,
        "login_ok",
        f"user:{user.id}",
        now=now,
        actor_id=user.id,
        address=command.address,
        kind=opened.kind,
        session_id=opened.id,
    )
    emit(
        session,
        SessionOpened(user_id=user.id, session_id=opened.id, device_id=opened.device_id, kind=opened.kind),
        now=now,
    )
    return OpenedSession(opened.id, user.id, opened.expires_at)


def _switch(session: Session, command: OpenSession, now: datetime) -> None:
    mine = (AuthSession.user_id == command.user_id) & (AuthSession.kind == Kind.BADGE.value)
    end_sessions(session, mine, "switched_device", now=now)
    if command.device_id is not None:
        left_open = (AuthSession.device_id == command.device_id) & (AuthSession.kind == Kind.BADGE.value)
        end_sessions(session, left_open, "device_taken", now=now)


def _give_back(session: Session, credential: str, source: str) -> None:
    for row in session.scalars(_tries(sorted((credential, source)))).all():
        if row.key == credential:
            row.fails = row.told_fails = 0
        else:
            row.fails = max(0, row.fails - 1)


@dataclass(frozen=True, kw_only=True)
class NoteFailedLogin(Command):
    """A proof was wrong. `user_id` is whose credential it was, None when nobody's."""

    kind: str
    credential: str
    source: str
    user_id: int | None = None
    address: str = ""


@dataclass(frozen=True)
class FailedLogin:
    """What the caller may know: tries before the wait, or the wait."""

    tries_left: int
    wait_s: int


def note_failed_login(session: Session, command: NoteFailedLogin, *, now: datetime) -> FailedLogin:
    """Write a failed login down, and the lock when this one caused it."""
    subject = f"user:{command.user_id}" if command.user_id is not None else "user:unknown"
    facts: dict[str, Any] = {"kind": command.kind, "source": command.source.partition(":")[0]}
    record(session, command.by, "login_failed", subject, now=now, address=command.address, **facts)
    rows = session.scalars(_tries(sorted((command.credential, command.source)))).all()
    waits = {row.key: brake_for(row.key).wait_s(row.fails, row.last_at, now) for row in rows}
    for row in rows:
        if waits[row.key] and row.fails > row.told_fails:  # of parallel failures one tells
            row.told_fails = row.fails
            what: dict[str, Any] = {"key": row.key.partition(":")[0], "seconds": waits[row.key]}
            record(session, command.by, "login_locked", subject, now=now, address=command.address, **what)
    left = [brake_for(row.key).free - row.fails for row in rows if row.key == command.credential]
    return FailedLogin(max(0, *left, 0), max([0, *waits.values()]))


@dataclass(frozen=True, kw_only=True)
class UnlockUser(Command):
    """Let a person try again at once, who has mistyped too often."""

    user_id: int


def unlock_user(session: Session, command: UnlockUser, *, now: datetime) -> None:
    """Forget a person's failed tries at badge and password.

    Raises:
        NotFound: `user_not_found`.
    """
    user = session.scalar(select(User).where(User.id == command.user_id, in_sight(command.by)))
    if user is None:
        raise NotFound("user_not_found", user_id=command.user_id)
    keys = [credential_key(Kind.PASSWORD, user.login)]
    if user.badge_code is not None:
        keys.append(credential_key(Kind.BADGE, user.badge_code))
    session.execute(update(LoginTry).where(LoginTry.key.in_(keys)).values(fails=0, told_fails=0))
    record(session, command.by, "login_unlocked", f"user:{user.id}", now=now)
