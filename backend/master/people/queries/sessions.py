"""Who is logged in where."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from backend.core.errors import Unauthorised
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.devices.models import Device
from backend.master.layout.models import Warehouse
from backend.master.people.models import AuthSession, User, UserScope


@dataclass(frozen=True)
class Named:
    """An id and what people call it."""

    id: int
    name: str


@dataclass(frozen=True)
class WarehouseTag:
    """A warehouse as a choice on a screen."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class SessionUser:
    """The person of a session."""

    id: int
    name: str
    language: str
    login: str
    jobs: tuple[str, ...]


@dataclass(frozen=True)
class SessionCard:
    """What a device has to know after logging in."""

    user: SessionUser
    permissions: tuple[str, ...]
    warehouses: tuple[WarehouseTag, ...]
    device: Named | None
    session_id: int | None
    expires_at: datetime | None


@dataclass(frozen=True)
class SessionRow:
    """A session as the board lists it."""

    id: int
    user_id: int
    user_name: str
    login: str
    kind: str
    device_id: int | None
    device_name: str | None
    address: str
    agent: str
    started_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_why: str | None


def session_card(session: Session, *, by: Actor, now: datetime) -> SessionCard:
    """The caller's own session: who, what they may, where, until when.

    Raises:
        Unauthorised: `login_needed` when the account is gone.
    """
    user = session.get(User, by.user_id)
    if user is None:
        raise Unauthorised("login_needed")
    places = select(Warehouse.id, Warehouse.code, Warehouse.name).order_by(Warehouse.code)
    if by.warehouses is not None:
        places = places.where(Warehouse.id.in_(by.warehouses))
    device = session.execute(select(Device.id, Device.name).where(Device.id == by.device_id)).one_or_none()
    opened = session.get(AuthSession, by.session_id) if by.session_id else None
    return SessionCard(
        SessionUser(user.id, user.name, user.language, user.login, tuple(user.jobs)),
        tuple(sorted(by.permissions)),
        tuple(WarehouseTag(*place) for place in session.execute(places)),
        Named(*device) if device else None,
        by.session_id,
        min(opened.expires_at, opened.idle_at) if opened else None,
    )


def sessions(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    cursor: str | None = None,
    limit: int = 50,
    user_id: int | None = None,
    ended: bool = False,
) -> Page:
    """Sessions of people in the caller's warehouses, newest first; the running ones, or all."""
    wanted = (
        select(AuthSession, User.name, User.login, Device.name)
        .join(User, User.id == AuthSession.user_id)
        .outerjoin(Device, Device.id == AuthSession.device_id)
        .where(in_sight(by))
    )
    if user_id is not None:
        wanted = wanted.where(AuthSession.user_id == user_id)
    if not ended:
        wanted = wanted.where(
            AuthSession.ended_at.is_(None),
            AuthSession.expires_at > now,
            AuthSession.idle_at > now,
            or_(AuthSession.device_id.is_(None), Device.revoked_at.is_(None)),
        )
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=AuthSession.id,
        descending=True,
        row=lambda found: _row(found[0], found[1], found[2], found[3]),
    )


def in_sight(by: Actor) -> ColumnElement[bool]:
    """People the caller may see: all, or those with a warehouse of the caller's; always oneself."""
    if by.warehouses is None:
        return User.id.is_not(None)
    shared = exists().where(
        UserScope.user_id == User.id,
        UserScope.kind == "warehouse",
        UserScope.ref.in_([str(each) for each in by.warehouses]),
    )
    return or_(User.id == by.user_id, shared)


def _row(found: AuthSession, user_name: str, login: str, device_name: str | None) -> SessionRow:
    return SessionRow(
        found.id,
        found.user_id,
        user_name,
        login,
        found.kind,
        found.device_id,
        device_name,
        found.address,
        found.agent,
        found.started_at,
        found.seen_at,
        min(found.expires_at, found.idle_at),
        found.ended_at,
        found.ended_why,
    )
