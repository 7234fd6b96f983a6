"""Devices over HTTP. Codes and tokens are shown once and never stored; a repeated request shows the same again."""

import base64

from flask import Response, request

from backend.core.execute import execute
from backend.core.house import DEVICE_COOKIE, PUBLIC, House, Principal, actor_of
from backend.core.http import (
    check_plain,
    command_id_of_request,
    command_route,
    json_object,
    query_route,
    raw_route,
    reply,
    room,
)
from backend.master.devices.queries import devices
from backend.master.devices.rules import (
    ENROLMENT_PREFIX,
    device_token,
    enrolment_code,
    fingerprint,
    normal_enrolment_code,
    qr_png,
)
from backend.master.devices.schemas import (
    DeviceOut,
    DeviceQuery,
    EnrolIn,
    EnrolmentIn,
    EnrolmentOut,
    KnownDeviceOut,
    RenameIn,
    RevokeIn,
)
from backend.master.devices.use_cases import (
    EnrolDevice,
    OfferEnrolment,
    offer_enrolment,
    rename_device,
    revoke_device,
)
from backend.master.devices.use_cases import enrol_device as let_in

_DEVICE_COOKIE_S = 400 * 86_400  # the longest a browser keeps one

bp = room("devices", "/api/devices")


def show_enrolment(at: House, principal: Principal | None) -> Response:
    """Open a one-time code for a device and show it."""
    body = json_object()
    check_plain(body)
    wanted = EnrolmentIn().load(body)
    command_id = command_id_of_request()
    code = enrolment_code(at.settings.secret, command_id)
    command = OfferEnrolment(by=actor_of(principal, command_id), code_hash=fingerprint(code), **wanted)
    offered = execute(at.db, offer_enrolment, command, clock=at.clock).body
    text = ENROLMENT_PREFIX + code
    picture = "data:image/png;base64," + base64.b64encode(qr_png(text)).decode()
    return reply(offered | {"code": code, "qr_text": text, "qr_png": picture}, 201)


def enrol_device(at: House, principal: Principal | None) -> Response:
    """Let this device in with a one-time code; it keeps a cookie."""
    body = json_object()
    check_plain(body)
    given = EnrolIn().load(body)
    command_id = command_id_of_request()
    token = device_token(at.settings.secret, command_id)
    command = EnrolDevice(
        by=actor_of(principal, command_id),
        code_hash=fingerprint(normal_enrolment_code(given["code"])),
        token_hash=fingerprint(token),
        name=given["name"],
        address=request.remote_addr or "",
    )
    response = reply(execute(at.db, let_in, command, clock=at.clock).body, 201)
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=_DEVICE_COOKIE_S,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure or at.settings.secure_cookies,
    )
    return response


query_route(bp, "", devices, takes=DeviceQuery, gives=DeviceOut, many=True, may="supervise")
raw_route(
    bp,
    "/enrolments",
    show_enrolment,
    takes=EnrolmentIn,
    gives=EnrolmentOut,
    may="supervise",
    method="POST",
    media_type="application/json",
    needs_key=True,
    status=201,
)
raw_route(
    bp,
    "/enrol",
    enrol_device,
    takes=EnrolIn,
    gives=KnownDeviceOut,
    may=PUBLIC,
    method="POST",
    media_type="application/json",
    needs_key=True,
    status=201,
)
command_route(
    bp, "/<int:device_id>/rename", rename_device, takes=RenameIn, gives=KnownDeviceOut, may="supervise"
)
command_route(
    bp, "/<int:device_id>/revoke", revoke_device, takes=RevokeIn, gives=KnownDeviceOut, may="supervise"
)
