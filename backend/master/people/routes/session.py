"""Logging in and out, and one's own account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from flask import Blueprint, Response
from marshmallow import Schema
from sqlalchemy.exc import DBAPIError

from backend.core.errors import Forbidden
from backend.core.execute import Actor, execute
from backend.core.house import (
    ANYONE,
    PUBLIC,
    SESSION_COOKIE,
    House,
    Principal,
    actor_of,
    credentials_of_request,
    house,
)
from backend.core.http import (
    check_plain,
    command_id_of_request,
    command_route,
    json_object,
    query_route,
    raw_route,
    reply,
)
from backend.core.ids import derived_id
from backend.master.people.queries import (
    credential_by_badge,
    credential_by_login,
    known_at,
    own_credentials,
    session_card,
)
from backend.master.people.queries.credentials import Credential
from backend.master.people.routes.proof import Claim, check_own, enrolled_device, log_in
from backend.master.people.rules import (
    Kind,
    badge_code_in,
    credential_key,
    normal_login,
    sealed_password,
    sealed_pin,
)
from backend.master.people.schemas import BadgeLoginIn, LanguageIn, OwnSecretIn, PasswordLoginIn, SessionOut
from backend.master.people.use_cases import (
    LogOut,
    NoteKeyUsed,
    NoteSessionSeen,
    SetPassword,
    SetPin,
    note_key_used,
    note_session_seen,
    set_language,
    set_password,
    set_pin,
)
from backend.master.people.use_cases import log_out as end_own_session

_SEEN_EVERY = timedelta(minutes=5)
_log = structlog.get_logger("people")


def furnish(bp: Blueprint) -> None:
    """The table of `/api/session`."""
    for rule, handler, takes in (
        ("/session/badge", log_in_by_badge, BadgeLoginIn),
        ("/session/password", log_in_by_password, PasswordLoginIn),
    ):
        raw_route(
            bp,
            rule,
            handler,
            takes=takes,
            gives=SessionOut,
            may=PUBLIC,
            method="POST",
            media_type="application/json",
        )
    query_route(bp, "/session", session_card, gives=SessionOut, may=ANYONE)
    raw_route(bp, "/session", log_out, may=PUBLIC, method="DELETE", status=204)
    owned: tuple[tuple[str, Callable[..., Response]], ...] = (
        ("/session/own-pin", change_own_pin),
        ("/session/own-password", change_own_password),
    )
    for rule, change in owned:
        raw_route(bp, rule, change, takes=OwnSecretIn, may=ANYONE, method="POST", needs_key=True, status=204)
    command_route(bp, "/session/language", set_language, takes=LanguageIn, may=ANYONE)
    bp.after_app_request(note_seen)


def log_in_by_badge(at: House, principal: Principal | None) -> Response:
    """Log in with a scanned badge and a PIN."""
    given = _given(BadgeLoginIn)
    device = enrolled_device(at)
    if device is None and at.settings.badge_needs_device:
        raise Forbidden("device_not_enrolled")
    code = badge_code_in(given["badge"])
    with at.db.read() as session:
        found = credential_by_badge(session, code)
    return log_in(at, Claim(Kind.BADGE, credential_key(Kind.BADGE, code), found, given["pin"], device))


def log_in_by_password(at: House, principal: Principal | None) -> Response:
    """Log in with a login and a password."""
    given = _given(PasswordLoginIn)
    login = normal_login(given["login"])
    with at.db.read() as session:
        found = credential_by_login(session, login)
    key = credential_key(Kind.PASSWORD, login)
    return log_in(at, Claim(Kind.PASSWORD, key, found, given["password"], enrolled_device(at)))


def log_out(at: House, principal: Principal | None) -> Response:
    """End one's own session; without one, just forget the cookie."""
    if principal is not None and principal.session_id is not None:
        execute(at.db, end_own_session, LogOut(by=actor_of(principal)), clock=at.clock)
    response = reply(None, 204)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="Strict")
    return response


def change_own_pin(at: House, principal: Principal | None) -> Response:
    """Change one's own PIN, proving the old one."""
    given, by, user_id = _own(principal)
    with at.db.read() as session:
        own = own_credentials(session, user_id)
    key = credential_key(Kind.BADGE, own.badge_code or f"user {user_id}")
    check_own(
        at, Claim(Kind.BADGE, key, Credential(user_id, own.pin_hash), given["old"], enrolled_device(at))
    )
    command = SetPin(by=by, user_id=user_id, pin_hash=sealed_pin(given["new"], by.command_id))
    execute(at.db, set_pin, command, clock=at.clock)
    return reply(None, 204)


def change_own_password(at: House, principal: Principal | None) -> Response:
    """Change one's own password, proving the old one."""
    given, by, user_id = _own(principal)
    with at.db.read() as session:
        own = own_credentials(session, user_id)
    key = credential_key(Kind.PASSWORD, own.login)
    found = Credential(user_id, own.password_hash)
    check_own(at, Claim(Kind.PASSWORD, key, found, given["old"], enrolled_device(at)))
    sealed = sealed_password(given["new"], by.command_id)
    execute(at.db, set_password, SetPassword(by=by, user_id=user_id, password_hash=sealed), clock=at.clock)
    return reply(None, 204)


def note_seen(response: Response) -> Response:
    """Remember, every few minutes, that a session or key is in use. Never spoils an answer."""
    shown = credentials_of_request()
    if not (shown.session_token or shown.bearer):
        return response
    at = house()
    now = at.clock.now()
    known = known_at(shown.session_token, shown.bearer, now)
    if known is None or (known.seen_at is not None and now - known.seen_at < _SEEN_EVERY):
        return response
    slot = int(now.timestamp()) // int(_SEEN_EVERY.total_seconds())
    cause = ("seen", known.session_id, known.api_key_id, slot)
    by = actor_of(known, derived_id(*cause))
    try:
        if known.api_key_id is not None:
            execute(at.db, note_key_used, NoteKeyUsed(by=by, api_key_id=known.api_key_id), clock=at.clock)
        elif known.session_id is not None:
            seen = NoteSessionSeen(by=by, session_id=known.session_id, device_id=known.device_id)
            execute(at.db, note_session_seen, seen, clock=at.clock)
    except DBAPIError:
        _log.warning("seen_not_noted", exc_info=True)
    return response


def _given(schema: type[Schema]) -> dict[str, Any]:
    body = json_object()
    check_plain(body)
    loaded: dict[str, Any] = schema().load(body)
    return loaded


def _own(principal: Principal | None) -> tuple[dict[str, Any], Actor, int]:
    if principal is None or principal.session_id is None or principal.user_id is None:
        raise Forbidden("session_needed")
    return _given(OwnSecretIn), actor_of(principal, command_id_of_request()), principal.user_id
