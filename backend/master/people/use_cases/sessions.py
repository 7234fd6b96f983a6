"""Sessions end: by their owner, by a supervisor, with the device, by time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, event, select, update
from sqlalchemy.orm import Session

from backend.core.db import locked
from backend.core.errors import Forbidden, NotFound
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.devices.use_cases import note_device_seen
from backend.master.people.events import SessionEnded
from backend.master.people.models import AuthSession, LoginTry, User
from backend.master.people.queries.authenticate import forget_known
from backend.master.people.queries.sessions import in_sight
from backend.master.people.use_cases.audit import record

SEEN_EVERY = timedelta(minutes=5)
_KEEP_ENDED_DAYS = 180
_KEEP_TRIES_DAYS = 2


def forget_after_commit(session: Session) -> None:
    """Have callers looked up anew once this transaction is in."""
    event.listen(session, "after_commit", lambda _session: forget_known(), once=True)


def end_sessions(
    session: Session, which: ColumnElement[bool], why: str, *, now: datetime
) -> Sequence[AuthSession]:
    """End the running sessions that match, tell their devices, and forget who they were."""
    running = locked(
        select(AuthSession).where(AuthSession.ended_at.is_(None), which).order_by(AuthSession.id)
    )
    found = session.scalars(running).all()
    for each in found:
        each.ended_at, each.ended_why = now, why
        emit(
            session,
            SessionEnded(user_id=each.user_id, session_id=each.id, device_id=each.device_id, why=why),
            now=now,
        )
    if found:
        forget_after_commit(session)
    return found


@dataclass(frozen=True, kw_only=True)
class LogOut(Command):
    """End the caller's own session."""


def log_out(session: Session, command: LogOut, *, now: datetime) -> None:
    """End the caller's own session.

    Raises:
        Forbidden: `session_needed` when a program calls with an API key.
    """
    if command.by.session_id is None:
        raise Forbidden("session_needed")
    for each in end_sessions(session, AuthSession.id == command.by.session_id, "logout", now=now):
        record(session, command.by, "logout", f"user:{each.user_id}", now=now, session_id=each.id)


@dataclass(frozen=True, kw_only=True)
class RevokeSession(Command):
    """End somebody's session."""

    session_id: int


def revoke_session(session: Session, command: RevokeSession, *, now: datetime) -> None:
    """End somebody's session at once. Ending an ended one changes nothing.

    Raises:
        NotFound: `session_not_found`, also when the caller may not see that person.
    """
    wanted = select(AuthSession.id).join(User, User.id == AuthSession.user_id)
    if session.scalar(wanted.where(AuthSession.id == command.session_id, in_sight(command.by))) is None:
        raise NotFound("session_not_found", session_id=command.session_id)
    for each in end_sessions(session, AuthSession.id == command.session_id, "revoked", now=now):
        record(session, command.by, "session_revoked", f"user:{each.user_id}", now=now, session_id=each.id)


@dataclass(frozen=True, kw_only=True)
class RevokeUserSessions(Command):
    """End all sessions of a person."""

    user_id: int


def revoke_user_sessions(session: Session, command: RevokeUserSessions, *, now: datetime) -> None:
    """End all sessions of a person at once.

    Raises:
        NotFound: `user_not_found`.
    """
    if session.scalar(select(User.id).where(User.id == command.user_id, in_sight(command.by))) is None:
        raise NotFound("user_not_found", user_id=command.user_id)
    for each in end_sessions(session, AuthSession.user_id == command.user_id, "revoked", now=now):
        record(session, command.by, "session_revoked", f"user:{each.user_id}", now=now, session_id=each.id)


@dataclass(frozen=True, kw_only=True)
class EndDeviceSessions(Command):
    """A device was revoked: nobody works on it any longer."""

    device_id: int
    device_name: str
    by_user_id: int | None


def end_device_sessions(session: Session, command: EndDeviceSessions, *, now: datetime) -> None:
    """Tell the device to log out and write down who revoked it; it has been refused since the revocation itself."""
    ended = end_sessions(session, AuthSession.device_id == command.device_id, "device_revoked", now=now)
    forget_after_commit(session)
    record(
        session,
        command.by,
        "device_revoked",
        f"device:{command.device_id}",
        now=now,
        actor_id=command.by_user_id,
        name=command.device_name,
        sessions=[each.id for each in ended],
    )


@dataclass(frozen=True, kw_only=True)
class NoteSessionSeen(Command):
    """A session is in use."""

    session_id: int
    device_id: int | None = None


def note_session_seen(session: Session, command: NoteSessionSeen, *, now: datetime) -> None:
    """Move the idle limit on; the absolute one stays."""
    found = session.get(AuthSession, command.session_id)
    if found is None or found.ended_at is not None:
        return
    session.execute(
        update(AuthSession)
        .where(AuthSession.id == found.id, AuthSession.ended_at.is_(None))
        .values(seen_at=now, idle_at=min(now + timedelta(seconds=found.idle_s), found.expires_at))
    )
    if command.device_id is not None:
        note_device_seen(session, command.device_id, now=now)
    forget_after_commit(session)


@dataclass(frozen=True, kw_only=True)
class Sweep(Command):
    """Drop what has no meaning any more."""


def sweep(session: Session, command: Sweep, *, now: datetime) -> None:
    """Close sessions whose time is over; drop old tries and, after half a year, ended sessions."""
    over = (AuthSession.expires_at <= now) | (AuthSession.idle_at <= now)
    end_sessions(session, over, "expired", now=now)
    session.execute(delete(LoginTry).where(LoginTry.last_at < now - timedelta(days=_KEEP_TRIES_DAYS)))
    session.execute(delete(AuthSession).where(AuthSession.ended_at < now - timedelta(days=_KEEP_ENDED_DAYS)))
