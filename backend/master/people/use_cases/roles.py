"""Roles of the house's own making; the built-in ones stay as they are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import insert_once
from backend.core.errors import NotFound, Refusal
from backend.core.execute import Command
from backend.master.people.models import Role, UserRole
from backend.master.people.rules import ROLES, check_may_grant, checked_permissions, checked_role_code
from backend.master.people.use_cases.audit import record
from backend.master.people.use_cases.grants import check_someone_manages, hold_roles, tell_grants


@dataclass(frozen=True)
class SavedRole:
    """A role that was written."""

    id: int
    code: str
    name: str
    permissions: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CreateRole(Command):
    """Make a role."""

    code: str
    name: str
    permissions: tuple[str, ...]


def create_role(session: Session, command: CreateRole, *, now: datetime) -> SavedRole:
    """Make a role.

    Raises:
        Refusal: `bad_role_code`, `unknown_permission`, `cannot_grant`, `role_taken`.
    """
    code = checked_role_code(command.code)
    permissions = checked_permissions(command.permissions)
    check_may_grant(command.by.permissions, permissions)
    values = {"code": code, "name": command.name, "permissions": list(permissions), "builtin": False}
    if code in ROLES or not insert_once(session, Role, **values):
        raise Refusal("role_taken", code=code)
    role = session.scalars(select(Role).where(Role.code == code)).one()
    record(session, command.by, "role_created", f"role:{code}", now=now, permissions=permissions)
    return SavedRole(role.id, code, role.name, permissions)


@dataclass(frozen=True, kw_only=True)
class ChangeRole(Command):
    """Rename a role or change what it allows."""

    role_id: int
    name: str
    permissions: tuple[str, ...]


def change_role(session: Session, command: ChangeRole, *, now: datetime) -> SavedRole:
    """Change a role for everybody who has it, from their next request on.

    Raises:
        Refusal: `role_not_found`, `builtin_role`, `unknown_permission`, `cannot_grant`, `last_admin`.
    """
    permissions = checked_permissions(command.permissions)
    hold_roles(session)
    role = session.get(Role, command.role_id)
    if role is None:
        raise NotFound("role_not_found", role_id=command.role_id)
    if role.builtin:
        raise Refusal("builtin_role", code=role.code)
    check_may_grant(command.by.permissions, set(permissions) ^ set(role.permissions))
    role.name, role.permissions = command.name, list(permissions)
    check_someone_manages(session)
    record(session, command.by, "role_changed", f"role:{role.code}", now=now, permissions=permissions)
    holders = session.scalars(select(UserRole.user_id).where(UserRole.role_id == role.id)).all()
    tell_grants(session, holders, now=now)
    return SavedRole(role.id, role.code, role.name, permissions)
