"""Checking a secret in three steps, so that parallel guessing gains nothing and no lock waits for argon2."""

import base64
import secrets
from dataclasses import dataclass

from flask import Response, request

from backend.core.errors import Unauthorised
from backend.core.execute import Actor, execute
from backend.core.house import DEVICE_COOKIE, SESSION_COOKIE, House, actor_of
from backend.core.http import reply
from backend.core.ids import uuid7
from backend.master.devices.queries import KnownDevice, device_by_token
from backend.master.devices.rules import fingerprint
from backend.master.people.queries import authenticate, session_card
from backend.master.people.queries.credentials import Credential
from backend.master.people.rules import Kind, address_key, device_key, proves
from backend.master.people.schemas import SessionOut
from backend.master.people.use_cases import (
    GiveBackTry,
    NoteFailedLogin,
    OpenSession,
    TakeTry,
    give_back_try,
    note_failed_login,
    open_session,
    take_try,
)

_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Claim:
    """Somebody says who they are: under which key tries are counted, whose it is if anybody's, and the secret."""

    kind: Kind
    credential: str
    found: Credential | None
    secret: str
    device: KnownDevice | None

    @property
    def source(self) -> str:
        """Where the try comes from: the enrolled device, or else the address."""
        return device_key(self.device.id) if self.device else address_key(address())

    @property
    def user_id(self) -> int | None:
        """Whose credential it is."""
        return self.found.user_id if self.found else None


def address() -> str:
    """The caller's network address."""
    return request.remote_addr or ""


def enrolled_device(at: House) -> KnownDevice | None:
    """The enrolled device that the request comes from."""
    token = request.cookies.get(DEVICE_COOKIE)
    if not token:
        return None
    with at.db.read() as session:
        return device_by_token(session, fingerprint(token))


def check_claim(at: House, claim: Claim) -> int:
    """Whose claim it is, if it is true; the try is not yet given back.

    Raises:
        Refusal: `login_locked`, `wrong_badge_or_pin`, `wrong_login_or_password`.
    """
    by = _nobody(claim)
    taken = TakeTry(by=by, credential=claim.credential, source=claim.source)
    execute(at.db, take_try, taken, clock=at.clock)
    sealed = claim.found.sealed if claim.found else None
    if proves(claim.secret, sealed) and claim.user_id is not None:
        return claim.user_id
    failed = NoteFailedLogin(
        by=_nobody(claim),
        kind=claim.kind.value,
        credential=claim.credential,
        source=claim.source,
        user_id=claim.user_id,
        address=address(),
    )
    told: dict[str, int] = execute(at.db, note_failed_login, failed, clock=at.clock).body
    if claim.kind is Kind.BADGE:
        raise Unauthorised("wrong_badge_or_pin", tries_left=told["tries_left"], wait_s=told["wait_s"])
    raise Unauthorised("wrong_login_or_password", tries_left=told["tries_left"], wait_s=told["wait_s"])


def check_own(at: House, claim: Claim) -> None:
    """Check a secret of somebody who is logged in already, and give the try back.

    Raises:
        Refusal: as `check_claim`.
    """
    check_claim(at, claim)
    back = GiveBackTry(by=_nobody(claim), credential=claim.credential, source=claim.source)
    execute(at.db, give_back_try, back, clock=at.clock)


def log_in(at: House, claim: Claim) -> Response:
    """Check the claim, open a session and hand out its cookie.

    Raises:
        Refusal: as `check_claim`.
    """
    user_id = check_claim(at, claim)
    token = base64.urlsafe_b64encode(secrets.token_bytes(_TOKEN_BYTES)).decode().rstrip("=")
    lasts_s = at.settings.session_days * 86_400
    command = OpenSession(
        by=_nobody(claim),
        user_id=user_id,
        kind=claim.kind.value,
        token_hash=fingerprint(token),
        credential=claim.credential,
        source=claim.source,
        idle_s=at.settings.session_idle_minutes * 60,
        lasts_s=lasts_s,
        device_id=claim.device.id if claim.device else None,
        address=address(),
        agent=request.headers.get("User-Agent", "")[:200],
    )
    execute(at.db, open_session, command, clock=at.clock)
    response = reply(own_session(at, token))
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=lasts_s,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure or at.settings.secure_cookies,
    )
    return response


def own_session(at: House, token: str) -> object:
    """The session behind a token as its owner sees it."""
    now = at.clock.now()
    with at.db.read() as session:
        principal = authenticate(session, token, None, request.cookies.get(DEVICE_COOKIE), now=now)
        if principal is None:
            raise Unauthorised("login_needed")
        return SessionOut().dump(session_card(session, by=actor_of(principal), now=now))


def _nobody(claim: Claim) -> Actor:
    device_id = claim.device.id if claim.device else None
    return Actor(command_id=uuid7(), device_id=device_id, warehouses=frozenset(), shops=frozenset())
