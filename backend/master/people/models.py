"""Tables of people. The audit log has no update and no delete anywhere."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, Id, Instant, Ref


class User(Base):
    """A person with an account. The `every_` flags lift the scope of that kind; without them only the rows of
    `user_scope` count, so that taking the last one away closes the scope instead of opening it.
    """

    __tablename__ = "app_user"
    __table_args__ = (CheckConstraint("length(login) > 0", name="login_given"),)

    id: Mapped[Id]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    badge_code: Mapped[str | None] = mapped_column(unique=True)
    pin_hash: Mapped[str | None]
    password_hash: Mapped[str | None]
    language: Mapped[str]
    jobs: Mapped[list[str]]
    every_warehouse: Mapped[bool]
    every_shop: Mapped[bool]
    every_owner: Mapped[bool]
    active: Mapped[bool]
    created_at: Mapped[Instant]


class Role(Base):
    """A named set of permissions. Built-in roles take theirs from the code, so that an update reaches them."""

    __tablename__ = "role"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    permissions: Mapped[list[str]]
    builtin: Mapped[bool]


class UserRole(Base):
    """A person has a role."""

    __tablename__ = "user_role"
    __table_args__ = (UniqueConstraint("user_id", "role_id"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"))
    role_id: Mapped[Ref] = mapped_column(ForeignKey("role.id"), index=True)


class UserScope(Base):
    """One warehouse (by id), shop or owner (by code) that a person may see and work in."""

    __tablename__ = "user_scope"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "ref"),
        CheckConstraint("kind IN ('warehouse', 'shop', 'owner')", name="kind_known"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"))
    kind: Mapped[str]
    ref: Mapped[str]


class AuthSession(Base):
    """A person logged in somewhere. `idle_at` moves with use, `expires_at` does not."""

    __tablename__ = "auth_session"
    __table_args__ = (Index("ix_auth_session_user_id", "user_id", "ended_at"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    device_id: Mapped[Ref | None] = mapped_column(ForeignKey("device.id"), index=True)
    address: Mapped[str]
    agent: Mapped[str]
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    idle_s: Mapped[int]
    idle_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    ended_why: Mapped[str | None]


class ApiKey(Base):
    """A key with which a program acts for a user: never with more than the user's own permissions."""

    __tablename__ = "api_key"

    id: Mapped[Id]
    name: Mapped[str]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("app_user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    hint: Mapped[str]
    permissions: Mapped[list[str]]
    created_at: Mapped[Instant]
    created_by: Mapped[Ref | None]
    last_used_at: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]


class LoginTry(Base):
    """Failed and running tries per credential and per source; `told_fails` is how many the log knows as a lock."""

    __tablename__ = "login_try"

    key: Mapped[str] = mapped_column(primary_key=True)
    fails: Mapped[int]
    told_fails: Mapped[int]
    last_at: Mapped[Instant] = mapped_column(index=True)


class AuditEntry(Base):
    """One security event. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "subject", "id"),)

    id: Mapped[Id]
    at: Mapped[Instant]
    actor_id: Mapped[Ref | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str]
    facts: Mapped[dict[str, Any]]
    device_id: Mapped[Ref | None]
    address: Mapped[str]
