"""Who is calling: one indexed query, and an answer kept for two seconds.

Every scan asks this. The answer is kept per process; a change made in this process drops it at once, a change made in
another process is seen after two seconds at most.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.master.devices.models import Device
from backend.master.devices.rules import fingerprint
from backend.master.people.models import ApiKey, AuthSession, Role, User, UserRole, UserScope
from backend.master.people.rules import API_KEY_PREFIX, ROLES, Principal

KNOWN_FOR = timedelta(seconds=2)
_MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class _Known:
    principal: Principal
    device_hash: str | None
    until: datetime
    asked_at: datetime


class _Memory:
    """Answers by token hash. The generation keeps an answer read before a change from being kept after it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: dict[str, _Known] = {}
        self.generation = 0

    def get(self, key: str, now: datetime) -> _Known | None:
        """The answer, if it is fresh."""
        found = self._known.get(key)
        if found is None or not found.asked_at <= now < min(found.until, found.asked_at + KNOWN_FOR):
            return None
        return found

    def keep(self, key: str, known: _Known, generation: int) -> None:
        """Keep an answer that was read in this generation."""
        with self._guard:
            if generation != self.generation:
                return
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = known

    def forget(self) -> None:
        """Drop everything: changes of rights are rare, and asking again costs one query each."""
        with self._guard:
            self.generation += 1
            self._known.clear()


_memory = _Memory()


def forget_known() -> None:
    """Have every caller looked up anew; called after the commit of any change of sessions or rights."""
    _memory.forget()


def known_at(token: str | None, bearer: str | None, now: datetime) -> Principal | None:
    """The caller as `authenticate` has just answered, without asking again."""
    shown = bearer or token
    found = _memory.get(fingerprint(shown), now) if shown else None
    return found.principal if found else None


def authenticate(
    session: Session, token: str | None, bearer: str | None, device_token: str | None, *, now: datetime
) -> Principal | None:
    """The person or program that shows this; None for nobody.

    Args:
        session: to read with.
        token: of the session cookie.
        bearer: an API key; it wins over the cookie.
        device_token: of the device cookie; a session opened on an enrolled device needs that device's.
        now: the present.
    """
    shown = bearer or token
    if not shown:
        return None
    key = fingerprint(shown)
    known = _memory.get(key, now)
    if known is None:
        generation = _memory.generation
        known = _by_api_key(session, bearer, key, now) if bearer else _by_session(session, key, now)
        if known is None:
            return None
        _memory.keep(key, known, generation)
    if known.device_hash is not None and (not device_token or fingerprint(device_token) != known.device_hash):
        return None
    return known.principal


_GRANTS = (Role.code, Role.builtin, Role.permissions, UserScope.kind, UserScope.ref)
_PERSON = (User.language, User.every_warehouse, User.every_shop, User.every_owner)


# Built once: building them costs more than running them.
_SESSION = (
    select(
        AuthSession.id,
        AuthSession.user_id,
        AuthSession.device_id,
        AuthSession.seen_at,
        AuthSession.idle_at,
        AuthSession.expires_at,
        Device.token_hash,
        Device.revoked_at,
        *_PERSON,
        *_GRANTS,
    )
    .join(User, User.id == AuthSession.user_id)
    .outerjoin(Device, Device.id == AuthSession.device_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Role, Role.id == UserRole.role_id)
    .outerjoin(UserScope, UserScope.user_id == User.id)
    .where(
        AuthSession.token_hash == bindparam("token"), AuthSession.ended_at.is_(None), User.active.is_(True)
    )
)
_KEY = (
    select(
        ApiKey.id,
        ApiKey.user_id,
        ApiKey.permissions.label("key_permissions"),
        ApiKey.expires_at,
        ApiKey.last_used_at,
        *_PERSON,
        *_GRANTS,
    )
    .join(User, User.id == ApiKey.user_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Role, Role.id == UserRole.role_id)
    .outerjoin(UserScope, UserScope.user_id == User.id)
    .where(ApiKey.token_hash == bindparam("token"), ApiKey.revoked_at.is_(None), User.active.is_(True))
)


def _by_session(session: Session, token_hash: str, now: datetime) -> _Known | None:
    rows = session.execute(_SESSION, {"token": token_hash}).all()
    if not rows:
        return None
    head = rows[0]
    until = min(head.idle_at, head.expires_at)
    if until <= now or head.revoked_at is not None:
        return None
    principal = Principal(
        user_id=head.user_id,
        session_id=head.id,
        device_id=head.device_id,
        permissions=_permissions(rows),
        warehouses=_warehouses(rows),
        shops=None if head.every_shop else _refs(rows, "shop"),
        owners=None if head.every_owner else _refs(rows, "owner"),
        language=head.language,
        seen_at=head.seen_at,
    )
    return _Known(principal, head.token_hash, until, now)


def _by_api_key(session: Session, bearer: str, token_hash: str, now: datetime) -> _Known | None:
    if not bearer.startswith(API_KEY_PREFIX):
        return None
    rows = session.execute(_KEY, {"token": token_hash}).all()
    if not rows or (rows[0].expires_at is not None and rows[0].expires_at <= now):
        return None
    head = rows[0]
    principal = Principal(
        user_id=head.user_id,
        session_id=None,
        device_id=None,
        permissions=_permissions(rows) & frozenset(head.key_permissions),
        warehouses=_warehouses(rows),
        shops=None if head.every_shop else _refs(rows, "shop"),
        owners=None if head.every_owner else _refs(rows, "owner"),
        language=head.language,
        api_key_id=head.id,
        seen_at=head.last_used_at,
    )
    return _Known(principal, None, head.expires_at or now + KNOWN_FOR, now)


def permissions_of(code: str, builtin: bool, permissions: Iterable[str]) -> frozenset[str]:
    """A role's permissions: a built-in role's come from the code."""
    return ROLES.get(code, frozenset()) if builtin else frozenset(permissions)


def _permissions(rows: Sequence[Any]) -> frozenset[str]:
    found = {row.code: permissions_of(row.code, row.builtin, row.permissions) for row in rows if row.code}
    return frozenset().union(*found.values())


def _refs(rows: Sequence[Any], kind: str) -> frozenset[str]:
    return frozenset(row.ref for row in rows if row.kind == kind)


def _warehouses(rows: Sequence[Any]) -> frozenset[int] | None:
    return None if rows[0].every_warehouse else frozenset(int(ref) for ref in _refs(rows, "warehouse"))
