"""PINs, passwords and badges change hands. What is stored is a hash; what is logged is that it changed."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.core.execute import Command
from backend.master.people.models import AuthSession, User
from backend.master.people.rules import BADGE_BYTES, Kind, badge_code
from backend.master.people.use_cases.audit import record
from backend.master.people.use_cases.grants import user_to_change
from backend.master.people.use_cases.sessions import end_sessions


@dataclass(frozen=True, kw_only=True)
class SetPin(Command):
    """Give a person, or oneself, another PIN (`rules.sealed_pin`)."""

    user_id: int
    pin_hash: str


def set_pin(session: Session, command: SetPin, *, now: datetime) -> None:
    """Change a PIN; the person's other sessions by badge end.

    Raises:
        Refusal: `user_not_found`, `outranked`.
    """
    user = user_to_change(session, command.by, command.user_id)
    user.pin_hash = command.pin_hash
    _changed(session, command, user, action="pin_changed", kind=Kind.BADGE, now=now)


@dataclass(frozen=True, kw_only=True)
class SetPassword(Command):
    """Give a person, or oneself, another password (`rules.sealed_password`)."""

    user_id: int
    password_hash: str


def set_password(session: Session, command: SetPassword, *, now: datetime) -> None:
    """Change a password; the person's other sessions by password end.

    Raises:
        Refusal: `user_not_found`, `outranked`.
    """
    user = user_to_change(session, command.by, command.user_id)
    user.password_hash = command.password_hash
    _changed(session, command, user, action="password_changed", kind=Kind.PASSWORD, now=now)


@dataclass(frozen=True, kw_only=True)
class NewBadge(Command):
    """Give a person another badge."""

    user_id: int


def new_badge(session: Session, command: NewBadge, *, now: datetime) -> None:
    """Give a person another badge; the old one opens nothing any more.

    Raises:
        Refusal: `user_not_found`, `outranked`.
    """
    user = user_to_change(session, command.by, command.user_id)
    user.badge_code = badge_code(secrets.token_bytes(BADGE_BYTES))
    _changed(session, command, user, action="badge_changed", kind=Kind.BADGE, now=now)


def _changed(
    session: Session, command: Command, user: User, *, action: str, kind: Kind, now: datetime
) -> None:
    others = (AuthSession.user_id == user.id) & (AuthSession.kind == kind.value)
    if command.by.session_id is not None:
        others &= AuthSession.id != command.by.session_id
    end_sessions(session, others, action, now=now)
    record(session, command.by, action, f"user:{user.id}", now=now)
