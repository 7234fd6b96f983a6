"""API keys for programs. A key acts for a user and never with more than that user may."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Command
from backend.master.people.models import ApiKey, User
from backend.master.people.queries.sessions import in_sight
from backend.master.people.queries.users import ApiKeyRow, api_key_row
from backend.master.people.rules import check_may_grant, checked_permissions
from backend.master.people.use_cases.audit import record
from backend.master.people.use_cases.grants import user_to_change
from backend.master.people.use_cases.sessions import forget_after_commit


@dataclass(frozen=True, kw_only=True)
class CreateApiKey(Command):
    """Make a key for a program. `token_hash` is the key's fingerprint, `hint` its first letters."""

    user_id: int
    name: str
    permissions: tuple[str, ...]
    token_hash: str
    hint: str
    days: int | None = None


def create_api_key(session: Session, command: CreateApiKey, *, now: datetime) -> ApiKeyRow:
    """Make a key; it stops after `days`, when it is revoked, or with its user.

    Raises:
        Refusal: `user_not_found`, `outranked`, `unknown_permission`, `cannot_grant`.
    """
    user = user_to_change(session, command.by, command.user_id)
    permissions = checked_permissions(command.permissions)
    check_may_grant(command.by.permissions, permissions)
    key = ApiKey(
        name=command.name,
        user_id=user.id,
        token_hash=command.token_hash,
        hint=command.hint,
        permissions=list(permissions),
        created_at=now,
        created_by=command.by.user_id,
        expires_at=now + timedelta(days=command.days) if command.days else None,
    )
    session.add(key)
    session.flush()
    record(
        session,
        command.by,
        "api_key_created",
        f"api_key:{key.id}",
        now=now,
        name=key.name,
        user_id=user.id,
        permissions=permissions,
    )
    return api_key_row(key, user.name)


@dataclass(frozen=True, kw_only=True)
class RevokeApiKey(Command):
    """Shut a key out."""

    api_key_id: int


def revoke_api_key(session: Session, command: RevokeApiKey, *, now: datetime) -> ApiKeyRow:
    """Shut a key out for good.

    Raises:
        NotFound: `api_key_not_found`.
    """
    wanted = select(ApiKey, User.name).join(User, User.id == ApiKey.user_id)
    found = session.execute(wanted.where(ApiKey.id == command.api_key_id, in_sight(command.by))).one_or_none()
    if found is None:
        raise NotFound("api_key_not_found", api_key_id=command.api_key_id)
    key, user_name = found
    if key.revoked_at is None:
        key.revoked_at = now
        record(session, command.by, "api_key_revoked", f"api_key:{key.id}", now=now, name=key.name)
        forget_after_commit(session)
    return api_key_row(key, user_name)


@dataclass(frozen=True, kw_only=True)
class NoteKeyUsed(Command):
    """A key is in use."""

    api_key_id: int


def note_key_used(session: Session, command: NoteKeyUsed, *, now: datetime) -> None:
    """Remember when a key was last used, to find the forgotten ones."""
    session.execute(update(ApiKey).where(ApiKey.id == command.api_key_id).values(last_used_at=now))
    forget_after_commit(session)
