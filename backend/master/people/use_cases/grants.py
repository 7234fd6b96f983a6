"""Handing out rights: nobody grants what they do not hold, and the last administrator stays."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core.db import insert_once, locked
from backend.core.errors import Forbidden, NotFound, Refusal, Unprocessable
from backend.core.execute import Actor
from backend.core.outbox import emit
from backend.master.layout.models import Warehouse
from backend.master.people.events import GrantsChanged
from backend.master.people.models import Role, User, UserRole, UserScope
from backend.master.people.queries.authenticate import permissions_of
from backend.master.people.queries.sessions import in_sight
from backend.master.people.rules import ROLES, check_may_grant
from backend.master.people.use_cases.sessions import forget_after_commit

Scope = tuple[str, ...] | None


def role_rows(session: Session, codes: Iterable[str]) -> Sequence[Role]:
    """The roles of these codes; a built-in one is written down on first use.

    Raises:
        Unprocessable: `unknown_role`.
    """
    wanted = sorted(set(codes))
    for code in wanted:
        if code in ROLES:
            insert_once(session, Role, code=code, name=code, permissions=[], builtin=True)
    rows = session.scalars(select(Role).where(Role.code.in_(wanted)).order_by(Role.code)).all()
    missing = sorted(set(wanted) - {row.code for row in rows})
    if missing:
        raise Unprocessable("unknown_role", unknown=missing)
    return rows


def permissions_held(session: Session, user_id: int) -> frozenset[str]:
    """What a person may do now."""
    held = select(Role).join(UserRole, UserRole.role_id == Role.id).where(UserRole.user_id == user_id)
    return frozenset().union(*(_allowed(role) for role in session.scalars(held)))


def put_roles(session: Session, by: Actor, user: User, codes: Iterable[str]) -> bool:
    """Give a person exactly these roles. True when that changed something.

    Raises:
        Refusal: `unknown_role`, `cannot_grant`.
    """
    rows = role_rows(session, codes)
    before = set(session.scalars(select(UserRole.role_id).where(UserRole.user_id == user.id)))
    after = {row.id for row in rows}
    if before == after:
        return False
    gained = [row for row in rows if row.id not in before]
    check_may_grant(by.permissions, frozenset().union(*(_allowed(row) for row in gained)))
    session.execute(delete(UserRole).where(UserRole.user_id == user.id, UserRole.role_id.in_(before - after)))
    session.add_all(UserRole(user_id=user.id, role_id=role_id) for role_id in sorted(after - before))
    session.flush()
    return True


def put_scopes(
    session: Session,
    by: Actor,
    user: User,
    *,
    warehouses: tuple[int, ...] | None,
    shops: Scope,
    owners: Scope,
) -> bool:
    """Give a person exactly these scopes; None lifts the limit. True when that changed something.

    Raises:
        Refusal: `scope_too_wide` when it is wider than the caller's own, `unknown_warehouse`.
    """
    _check_scopes(session, by, warehouses, shops)
    before = _scopes(session, user)
    user.every_warehouse, user.every_shop, user.every_owner = (
        warehouses is None,
        shops is None,
        owners is None,
    )
    wanted = {("warehouse", str(each)) for each in warehouses or ()}
    wanted |= {("shop", each) for each in shops or ()} | {("owner", each) for each in owners or ()}
    session.execute(delete(UserScope).where(UserScope.user_id == user.id))
    session.add_all(UserScope(user_id=user.id, kind=kind, ref=ref) for kind, ref in sorted(wanted))
    session.flush()
    return before != _scopes(session, user)


def check_outranks(session: Session, by: Actor, user: User) -> None:
    """Whoever changes an account must hold all that the account holds; otherwise they could take it over.

    Raises:
        Forbidden: `outranked`.
    """
    missing = sorted(permissions_held(session, user.id) - by.permissions)
    if missing and "*" not in by.permissions and user.id != by.user_id:
        raise Forbidden("outranked", missing=missing)


def user_to_change(session: Session, by: Actor, user_id: int) -> User:
    """A person in the caller's sight, locked for a change.

    Raises:
        NotFound: `user_not_found`.
        Forbidden: `outranked`.
    """
    user = session.scalar(locked(select(User).where(User.id == user_id, in_sight(by))))
    if user is None:
        raise NotFound("user_not_found", user_id=user_id)
    check_outranks(session, by, user)
    return user


def hold_roles(session: Session) -> None:
    """Have changes of who administers wait for each other, so that two cannot remove the last one together."""
    session.scalars(locked(select(Role.id).order_by(Role.id))).all()


def check_someone_manages(session: Session) -> None:
    """At least one active person may manage people.

    Raises:
        Refusal: `last_admin`.
    """
    session.flush()
    held = select(Role).join(UserRole, UserRole.role_id == Role.id).join(User, User.id == UserRole.user_id)
    roles = session.scalars(held.where(User.active.is_(True)))
    if not any("manage_people" in _allowed(role) for role in roles):
        raise Refusal("last_admin")


def tell_grants(session: Session, user_ids: Iterable[int], *, now: datetime) -> None:
    """Tell the devices of these people that their rights changed, and look them up anew."""
    for user_id in sorted(user_ids):
        emit(session, GrantsChanged(user_id=user_id), now=now)
    forget_after_commit(session)


def _allowed(role: Role) -> frozenset[str]:
    return permissions_of(role.code, role.builtin, role.permissions)


def _scopes(session: Session, user: User) -> tuple[object, ...]:
    rows = session.execute(select(UserScope.kind, UserScope.ref).where(UserScope.user_id == user.id))
    return (user.every_warehouse, user.every_shop, user.every_owner, frozenset(rows))


def _check_scopes(session: Session, by: Actor, warehouses: tuple[int, ...] | None, shops: Scope) -> None:
    if by.warehouses is not None and (warehouses is None or set(warehouses) - by.warehouses):
        raise Forbidden(
            "scope_too_wide", kind="warehouse", missing=sorted(set(warehouses or ()) - by.warehouses)
        )
    if by.shops is not None and (shops is None or set(shops) - by.shops):
        raise Forbidden("scope_too_wide", kind="shop", missing=sorted(set(shops or ()) - by.shops))
    known = set(session.scalars(select(Warehouse.id).where(Warehouse.id.in_(warehouses or ()))))
    unknown = sorted(set(warehouses or ()) - known)
    if unknown:
        raise Unprocessable("unknown_warehouse", unknown=unknown)
