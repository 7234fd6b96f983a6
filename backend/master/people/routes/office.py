"""The office: users, roles, sessions, API keys and the audit log."""

from flask import Blueprint, Response

from backend.core.execute import execute
from backend.core.house import House, Principal, actor_of
from backend.core.http import (
    check_plain,
    command_id_of_request,
    command_route,
    json_object,
    query_route,
    raw_route,
    reply,
)
from backend.master.devices.rules import derived_bytes, fingerprint, qr_png
from backend.master.people.queries import api_keys, audit_log, badge_of, roles, sessions, user_card, users
from backend.master.people.rules import api_key_token, badge_text
from backend.master.people.schemas import (
    ActivateUserIn,
    ApiKeyIn,
    ApiKeyOut,
    AuditOut,
    AuditQuery,
    ChangeRoleIn,
    ChangeUserIn,
    CreateRoleIn,
    CreateUserIn,
    DeactivateUserIn,
    NewApiKeyOut,
    NewBadgeIn,
    RevokeApiKeyIn,
    RevokeSessionIn,
    RevokeUserSessionsIn,
    RoleOut,
    SavedRoleOut,
    SessionQuery,
    SessionRowOut,
    SetPasswordIn,
    SetPinIn,
    UnlockUserIn,
    UserOut,
    UserQuery,
)
from backend.master.people.use_cases import (
    CreateApiKey,
    activate_user,
    change_role,
    change_user,
    create_api_key,
    create_role,
    create_user,
    deactivate_user,
    new_badge,
    revoke_api_key,
    revoke_session,
    revoke_user_sessions,
    set_password,
    set_pin,
    unlock_user,
)

_OFFICE = "manage_people"
_BOARD = "supervise"
_HINT_LETTERS = 8


def furnish(bp: Blueprint) -> None:
    """The table of `/api/people`."""
    query_route(bp, "/people/users", users, takes=UserQuery, gives=UserOut, may=_OFFICE, paged=True)
    query_route(bp, "/people/users/<int:user_id>", user_card, gives=UserOut, may=_OFFICE)
    command_route(
        bp, "/people/users", create_user, takes=CreateUserIn, gives=UserOut, may=_OFFICE, status=201
    )
    one = "/people/users/<int:user_id>"
    command_route(bp, one, change_user, takes=ChangeUserIn, gives=UserOut, may=_OFFICE, method="PUT")
    command_route(
        bp, f"{one}/deactivate", deactivate_user, takes=DeactivateUserIn, gives=UserOut, may=_OFFICE
    )
    command_route(bp, f"{one}/activate", activate_user, takes=ActivateUserIn, gives=UserOut, may=_OFFICE)
    command_route(bp, f"{one}/pin", set_pin, takes=SetPinIn, may=_OFFICE)
    command_route(bp, f"{one}/password", set_password, takes=SetPasswordIn, may=_OFFICE)
    command_route(bp, f"{one}/badge", new_badge, takes=NewBadgeIn, may=_OFFICE)
    raw_route(bp, f"{one}/badge.png", badge_picture, may=_OFFICE, media_type="image/png")
    command_route(bp, f"{one}/unlock", unlock_user, takes=UnlockUserIn, may=_BOARD)
    command_route(bp, f"{one}/revoke-sessions", revoke_user_sessions, takes=RevokeUserSessionsIn, may=_BOARD)

    query_route(bp, "/people/roles", roles, gives=RoleOut, may=_OFFICE, many=True)
    command_route(
        bp, "/people/roles", create_role, takes=CreateRoleIn, gives=SavedRoleOut, may=_OFFICE, status=201
    )
    role = "/people/roles/<int:role_id>"
    command_route(bp, role, change_role, takes=ChangeRoleIn, gives=SavedRoleOut, may=_OFFICE, method="PUT")

    query_route(
        bp, "/people/sessions", sessions, takes=SessionQuery, gives=SessionRowOut, may=_BOARD, paged=True
    )
    ended = "/people/sessions/<int:session_id>/revoke"
    command_route(bp, ended, revoke_session, takes=RevokeSessionIn, may=_BOARD)

    query_route(bp, "/people/api-keys", api_keys, gives=ApiKeyOut, may=_OFFICE, many=True)
    raw_route(
        bp,
        "/people/api-keys",
        make_api_key,
        takes=ApiKeyIn,
        gives=NewApiKeyOut,
        may=_OFFICE,
        method="POST",
        media_type="application/json",
        needs_key=True,
        status=201,
    )
    shut = "/people/api-keys/<int:api_key_id>/revoke"
    command_route(bp, shut, revoke_api_key, takes=RevokeApiKeyIn, gives=ApiKeyOut, may=_OFFICE)

    query_route(bp, "/people/audit", audit_log, takes=AuditQuery, gives=AuditOut, may=_OFFICE, paged=True)


def badge_picture(at: House, principal: Principal | None, user_id: int) -> Response:
    """A person's badge as a QR code."""
    with at.db.read() as session:
        code = badge_of(session, user_id, by=actor_of(principal))
    response = Response(qr_png(badge_text(code)), content_type="image/png")
    response.headers["Cache-Control"] = "no-store"
    return response


def make_api_key(at: House, principal: Principal | None) -> Response:
    """Make an API key and show it once; the repeated request shows the same key again."""
    body = json_object()
    check_plain(body)
    wanted = ApiKeyIn().load(body)
    wanted["permissions"] = tuple(sorted(set(wanted["permissions"])))
    command_id = command_id_of_request()
    token = api_key_token(derived_bytes(at.settings.secret, "api-key", command_id, 32))
    command = CreateApiKey(
        by=actor_of(principal, command_id),
        token_hash=fingerprint(token),
        hint=token[:_HINT_LETTERS],
        **wanted,
    )
    made = execute(at.db, create_api_key, command, clock=at.clock, dump=ApiKeyOut().dump).body
    return reply(made | {"token": token}, 201)
