"""Users, roles and API keys as the office sees them. Never a hash, never a secret."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.people.models import ApiKey, Role, User, UserRole, UserScope
from backend.master.people.queries.authenticate import permissions_of
from backend.master.people.queries.sessions import in_sight


@dataclass(frozen=True)
class UserRow:
    """A user. A scope of None is unlimited."""

    id: int
    login: str
    name: str
    language: str
    active: bool
    roles: tuple[str, ...]
    jobs: tuple[str, ...]
    warehouses: tuple[int, ...] | None
    shops: tuple[str, ...] | None
    owners: tuple[str, ...] | None
    has_pin: bool
    has_password: bool
    has_badge: bool
    created_at: datetime


@dataclass(frozen=True)
class RoleRow:
    """A role and what it allows."""

    id: int
    code: str
    name: str
    permissions: tuple[str, ...]
    builtin: bool
    people: int


@dataclass(frozen=True)
class ApiKeyRow:
    """An API key without the key: `hint` is its beginning, to recognise it by."""

    id: int
    name: str
    user_id: int
    user_name: str
    hint: str
    permissions: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def users(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
    q: str | None = None,
    active: bool | None = None,
) -> Page:
    """The people of the caller's warehouses; `q` is a part of the name or login."""
    wanted = select(User).where(in_sight(by))
    if active is not None:
        wanted = wanted.where(User.active.is_(active))
    if q:
        part = q.casefold()
        wanted = wanted.where(
            or_(
                func.lower(User.name).contains(part, autoescape=True),
                User.login.contains(part, autoescape=True),
            )
        )
    page = paginate(session, wanted, cursor=cursor, limit=limit, key=User.id)
    return Page(_rows(session, page.rows), page.next_cursor)


def user_card(session: Session, user_id: int, *, by: Actor, now: datetime) -> UserRow:
    """One user.

    Raises:
        NotFound: `user_not_found`, also when the caller may not see that person.
    """
    found = session.scalar(select(User).where(User.id == user_id, in_sight(by)))
    if found is None:
        raise NotFound("user_not_found", user_id=user_id)
    return user_row(session, found)


def badge_of(session: Session, user_id: int, *, by: Actor) -> str:
    """The code on a person's badge.

    Raises:
        NotFound: `user_not_found`, `no_badge`.
    """
    found = session.execute(select(User.badge_code).where(User.id == user_id, in_sight(by))).one_or_none()
    if found is None:
        raise NotFound("user_not_found", user_id=user_id)
    if found.badge_code is None:
        raise NotFound("no_badge", user_id=user_id)
    return found.badge_code


def roles(session: Session, *, by: Actor, now: datetime) -> list[RoleRow]:
    """All roles, with how many active people have each."""
    people = (
        select(UserRole.role_id, func.count().label("people"))
        .join(User, User.id == UserRole.user_id)
        .where(User.active.is_(True))
        .group_by(UserRole.role_id)
        .subquery()
    )
    wanted = (
        select(Role, func.coalesce(people.c.people, 0))
        .outerjoin(people, people.c.role_id == Role.id)
        .order_by(Role.builtin.desc(), Role.code)
    )
    return [_role_row(role, count) for role, count in session.execute(wanted)]


def api_keys(session: Session, *, by: Actor, now: datetime) -> list[ApiKeyRow]:
    """All API keys of people in sight, newest first."""
    wanted = (
        select(ApiKey, User.name)
        .join(User, User.id == ApiKey.user_id)
        .where(in_sight(by))
        .order_by(ApiKey.id.desc())
    )
    return [api_key_row(key, name) for key, name in session.execute(wanted)]


def api_key_row(key: ApiKey, user_name: str) -> ApiKeyRow:
    """A key as it is listed."""
    return ApiKeyRow(
        key.id,
        key.name,
        key.user_id,
        user_name,
        key.hint,
        tuple(key.permissions),
        key.created_at,
        key.last_used_at,
        key.expires_at,
        key.revoked_at,
    )


def _role_row(role: Role, people: int) -> RoleRow:
    allowed = tuple(sorted(permissions_of(role.code, role.builtin, role.permissions)))
    return RoleRow(role.id, role.code, role.name, allowed, role.builtin, people)


def user_row(session: Session, user: User) -> UserRow:
    """A user as it is listed."""
    return _rows(session, [user])[0]


def _rows(session: Session, found: list[User]) -> list[UserRow]:
    ids = [user.id for user in found]
    held = select(UserRole.user_id, Role.code).join(Role, Role.id == UserRole.role_id)
    role_codes: dict[int, list[str]] = {}
    for user_id, code in session.execute(held.where(UserRole.user_id.in_(ids)).order_by(Role.code)):
        role_codes.setdefault(user_id, []).append(code)
    scoped: dict[tuple[int, str], list[str]] = {}
    for scope in session.scalars(select(UserScope).where(UserScope.user_id.in_(ids)).order_by(UserScope.id)):
        scoped.setdefault((scope.user_id, scope.kind), []).append(scope.ref)
    return [
        UserRow(
            user.id,
            user.login,
            user.name,
            user.language,
            user.active,
            tuple(role_codes.get(user.id, ())),
            tuple(user.jobs),
            None
            if user.every_warehouse
            else tuple(int(ref) for ref in scoped.get((user.id, "warehouse"), ())),
            None if user.every_shop else tuple(scoped.get((user.id, "shop"), ())),
            None if user.every_owner else tuple(scoped.get((user.id, "owner"), ())),
            user.pin_hash is not None,
            user.password_hash is not None,
            user.badge_code is not None,
            user.created_at,
        )
        for user in found
    ]
