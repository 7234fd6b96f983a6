"""Accounts: opened, changed, closed and opened again."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import insert_once
from backend.core.errors import Refusal, Unauthorised, Unprocessable
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.people.events import UserCreated, UserDeactivated
from backend.master.people.models import AuthSession, User
from backend.master.people.queries.users import UserRow, user_row
from backend.master.people.rules import BADGE_BYTES, JOBS, LANGUAGES, badge_code, normal_login
from backend.master.people.use_cases.audit import record
from backend.master.people.use_cases.grants import (
    Scope,
    check_someone_manages,
    hold_roles,
    put_roles,
    put_scopes,
    tell_grants,
    user_to_change,
)
from backend.master.people.use_cases.sessions import end_sessions


@dataclass(frozen=True, kw_only=True)
class CreateUser(Command):
    """Open an account. Secrets come sealed (`rules.sealed_pin`, `rules.sealed_password`); a scope of None is unlimited."""

    login: str
    name: str
    language: str = "zh"
    roles: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    warehouses: tuple[int, ...] | None = ()
    shops: Scope = None
    owners: Scope = None
    pin_hash: str | None = None
    password_hash: str | None = None
    badge: bool = True


def create_user(session: Session, command: CreateUser, *, now: datetime) -> UserRow:
    """Open an account, with a badge unless told otherwise.

    Raises:
        Refusal: `login_taken`, `unknown_role`, `unknown_job`, `unknown_language`, `unknown_warehouse`, `cannot_grant`,
            `scope_too_wide`.
    """
    login = normal_login(command.login)
    if not login:
        raise Unprocessable("login_empty")
    _check_words(command.language, command.jobs)
    inserted = insert_once(
        session,
        User,
        login=login,
        name=command.name,
        badge_code=badge_code(secrets.token_bytes(BADGE_BYTES)) if command.badge else None,
        pin_hash=command.pin_hash,
        password_hash=command.password_hash,
        language=command.language,
        jobs=sorted(set(command.jobs)),
        every_warehouse=command.warehouses is None,
        every_shop=command.shops is None,
        every_owner=command.owners is None,
        active=True,
        created_at=now,
    )
    if not inserted:
        raise Refusal("login_taken", login=login)
    user = session.scalars(select(User).where(User.login == login)).one()
    put_roles(session, command.by, user, command.roles)
    put_scopes(
        session,
        command.by,
        user,
        warehouses=command.warehouses,
        shops=command.shops,
        owners=command.owners,
    )
    record(
        session,
        command.by,
        "user_created",
        f"user:{user.id}",
        now=now,
        login=login,
        roles=sorted(command.roles),
        warehouses=command.warehouses,
    )
    emit(session, UserCreated(user_id=user.id, by_user_id=command.by.user_id), now=now)
    return user_row(session, user)


@dataclass(frozen=True, kw_only=True)
class ChangeUser(Command):
    """Put an account's data, roles and scopes."""

    user_id: int
    name: str
    language: str
    roles: tuple[str, ...]
    jobs: tuple[str, ...]
    warehouses: tuple[int, ...] | None
    shops: Scope = None
    owners: Scope = None


def change_user(session: Session, command: ChangeUser, *, now: datetime) -> UserRow:
    """Change an account; new rights count from the next request on.

    Raises:
        Refusal: `user_not_found`, `outranked`, `unknown_role`, `unknown_job`, `unknown_language`, `unknown_warehouse`,
            `cannot_grant`, `scope_too_wide`, `last_admin`.
    """
    _check_words(command.language, command.jobs)
    hold_roles(session)
    user = user_to_change(session, command.by, command.user_id)
    user.name, user.language, user.jobs = command.name, command.language, sorted(set(command.jobs))
    subject = f"user:{user.id}"
    record(session, command.by, "user_changed", subject, now=now, name=command.name)
    if put_roles(session, command.by, user, command.roles):
        check_someone_manages(session)
        record(session, command.by, "roles_changed", subject, now=now, roles=sorted(command.roles))
    scopes: dict[str, Any] = {
        "warehouses": command.warehouses,
        "shops": command.shops,
        "owners": command.owners,
    }
    if put_scopes(
        session,
        command.by,
        user,
        warehouses=command.warehouses,
        shops=command.shops,
        owners=command.owners,
    ):
        record(session, command.by, "scopes_changed", subject, now=now, **scopes)
    tell_grants(session, [user.id], now=now)
    return user_row(session, user)


@dataclass(frozen=True, kw_only=True)
class DeactivateUser(Command):
    """Close an account."""

    user_id: int


def deactivate_user(session: Session, command: DeactivateUser, *, now: datetime) -> UserRow:
    """Close an account: sessions end, badge, password and API keys stop working. What the person did stays theirs.

    Raises:
        Refusal: `user_not_found`, `outranked`, `last_admin`, `not_yourself`.
    """
    if command.user_id == command.by.user_id:
        raise Refusal("not_yourself")
    hold_roles(session)
    user = user_to_change(session, command.by, command.user_id)
    if user.active:
        user.active = False
        check_someone_manages(session)
        end_sessions(session, AuthSession.user_id == user.id, "deactivated", now=now)
        record(session, command.by, "user_deactivated", f"user:{user.id}", now=now)
        emit(session, UserDeactivated(user_id=user.id, by_user_id=command.by.user_id), now=now)
        tell_grants(session, [user.id], now=now)
    return user_row(session, user)


@dataclass(frozen=True, kw_only=True)
class ActivateUser(Command):
    """Open a closed account again."""

    user_id: int


def activate_user(session: Session, command: ActivateUser, *, now: datetime) -> UserRow:
    """Open a closed account again, with the roles and secrets it had.

    Raises:
        Refusal: `user_not_found`, `outranked`.
    """
    user = user_to_change(session, command.by, command.user_id)
    if not user.active:
        user.active = True
        record(session, command.by, "user_activated", f"user:{user.id}", now=now)
        tell_grants(session, [user.id], now=now)
        session.flush()
    return user_row(session, user)


@dataclass(frozen=True, kw_only=True)
class SetLanguage(Command):
    """Choose one's own language."""

    language: str


def set_language(session: Session, command: SetLanguage, *, now: datetime) -> None:
    """Choose one's own language.

    Raises:
        Refusal: `unknown_language`.
    """
    _check_words(command.language, ())
    user = session.get(User, command.by.user_id)
    if user is None:
        raise Unauthorised("login_needed")
    user.language = command.language
    tell_grants(session, [user.id], now=now)


def _check_words(language: str, jobs: tuple[str, ...]) -> None:
    if language not in LANGUAGES:
        raise Unprocessable("unknown_language", language=language)
    unknown = sorted(set(jobs) - JOBS)
    if unknown:
        raise Unprocessable("unknown_job", unknown=unknown)
