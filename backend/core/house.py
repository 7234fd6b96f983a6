"""What every request needs: the database, the clock, the settings and who may enter. Assembled in `backend.app`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from backend.core.clock import Clock
from backend.core.db import Database
from backend.core.errors import Forbidden, Unauthorised
from backend.core.execute import Actor
from backend.core.ids import uuid7
from backend.core.settings import Settings

ANYONE = "anyone"
PUBLIC = "public"
SESSION_COOKIE = "tideline"
DEVICE_COOKIE = "tideline_device"


class Principal(Protocol):
    """Who has entered, as the people room knows them. Scopes are None when unlimited."""

    @property
    def user_id(self) -> int | None: ...
    @property
    def session_id(self) -> int | None: ...
    @property
    def device_id(self) -> int | None: ...
    @property
    def permissions(self) -> frozenset[str]: ...
    @property
    def warehouses(self) -> frozenset[int] | None: ...
    @property
    def shops(self) -> frozenset[str] | None: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True)
class Credentials:
    """What a caller shows at the door."""

    session_token: str | None
    bearer: str | None
    device_token: str | None


class Authenticator(Protocol):
    """The people room's answer to: who is that?"""

    def __call__(
        self,
        session: Session,
        token: str | None,
        bearer: str | None,
        device_token: str | None,
        *,
        now: datetime,
    ) -> Principal | None: ...


@dataclass(frozen=True)
class House:
    """The assembled house."""

    db: Database
    clock: Clock
    settings: Settings
    authenticate: Authenticator
    readiness: dict[str, Callable[[], bool]]

    def admit(self, credentials: Credentials) -> Principal | None:
        """Who shows these credentials; None for nobody."""
        if not (credentials.session_token or credentials.bearer):
            return None
        with self.db.read() as session:
            return self.authenticate(
                session,
                credentials.session_token,
                credentials.bearer,
                credentials.device_token,
                now=self.clock.now(),
            )


def house() -> House:
    """The house that serves the current request."""
    return cast(House, current_app.extensions["tideline"])


def caller() -> Principal | None:
    """Who makes the current request; asked once, although the rate limit and the route both want to know."""
    if "caller" not in g:
        g.caller = house().admit(credentials_of_request())
    return cast("Principal | None", g.caller)


def credentials_of_request() -> Credentials:
    """Cookies and the Authorization header."""
    header = request.headers.get("Authorization", "")
    bearer = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else None
    return Credentials(request.cookies.get(SESSION_COOKIE), bearer, request.cookies.get(DEVICE_COOKIE))


def check_may(principal: Principal | None, may: str) -> None:
    """Refuse the caller who is nobody, or has not the right.

    Raises:
        Unauthorised: `login_needed`.
        Forbidden: `not_allowed` with the missing permission.
    """
    if may == PUBLIC:
        return
    if principal is None:
        raise Unauthorised("login_needed")
    if may != ANYONE and may not in principal.permissions:
        raise Forbidden("not_allowed", permission=may)


def actor_of(
    principal: Principal | None, command_id: str | None = None, event_at: datetime | None = None
) -> Actor:
    """The caller as use cases and queries see them."""
    if principal is None:
        return Actor(
            command_id=command_id or uuid7(), event_at=event_at, warehouses=frozenset(), shops=frozenset()
        )
    return Actor(
        command_id=command_id or uuid7(),
        user_id=principal.user_id,
        session_id=principal.session_id,
        device_id=principal.device_id,
        permissions=principal.permissions,
        warehouses=principal.warehouses,
        shops=principal.shops,
        event_at=event_at,
        language=principal.language,
    )
