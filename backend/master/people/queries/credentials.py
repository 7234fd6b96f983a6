"""What is needed to check a proof: whose badge or login it is, and the sealed secret."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.master.people.models import User


@dataclass(frozen=True)
class Credential:
    """A user and the sealed secret; `sealed` is None when the user has none of this kind."""

    user_id: int
    sealed: str | None


def credential_by_badge(session: Session, code: str) -> Credential | None:
    """Whose badge it is, and the sealed PIN."""
    wanted = select(User.id, User.pin_hash).where(User.badge_code == code, User.active.is_(True))
    found = session.execute(wanted).one_or_none()
    return Credential(*found) if found else None


def credential_by_login(session: Session, login: str) -> Credential | None:
    """Whose login it is, and the sealed password."""
    wanted = select(User.id, User.password_hash).where(User.login == login, User.active.is_(True))
    found = session.execute(wanted).one_or_none()
    return Credential(*found) if found else None


@dataclass(frozen=True)
class OwnCredentials:
    """What a logged-in person proves themselves with."""

    login: str
    badge_code: str | None
    pin_hash: str | None
    password_hash: str | None


def own_credentials(session: Session, user_id: int) -> OwnCredentials:
    """A person's login, badge and sealed secrets."""
    wanted = select(User.login, User.badge_code, User.pin_hash, User.password_hash).where(User.id == user_id)
    return OwnCredentials(*session.execute(wanted).one())
