"""One shape for every error on the wire: RFC 9457 problem details with our `code` and `facts`."""

from typing import Any

import structlog
from flask import Flask, Response, request
from marshmallow import ValidationError
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from backend.core.db import names_nothing
from backend.core.errors import Refusal
from backend.core.events import plain
from backend.core.http import reply

_log = structlog.get_logger("http")
_WAIT_SECONDS = 10  # what a caller over the rate limit is asked to wait
_CODES = {
    400: "malformed",
    404: "no_such_address",
    405: "wrong_method",
    406: "not_acceptable",
    413: "too_large",
    415: "json_expected",
    429: "too_many_requests",
}


def problem(status: int, code: str, facts: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """The body of a problem document."""
    return {
        "type": f"urn:tideline:{code}",
        "title": code,
        "status": status,
        "code": code,
        "facts": facts or {},
    } | more


def problem_of(error: Exception) -> dict[str, Any]:
    """The problem document of an expected error; anything else is a bug and is logged as one."""
    if isinstance(error, Refusal):
        return problem(error.status, error.code, plain(error.facts))
    if isinstance(error, ValidationError):
        return problem(422, "invalid", errors=error.messages_dict)
    if isinstance(error, DataError | OverflowError):
        return problem(422, "invalid", errors={"_schema": ["out_of_range"]})
    if isinstance(error, OperationalError | InterfaceError):
        _log.error("database_away", exc_info=error)
        return problem(503, "database_away")
    if isinstance(error, IntegrityError) and names_nothing(error):
        _log.warning("unknown_reference", exc_info=error)
        return problem(422, "unknown_reference")
    if isinstance(error, HTTPException) and error.code and error.code >= 400:
        return problem(error.code, _CODES.get(error.code, "http_error"))
    _log.exception("bug", exc_info=error)
    return problem(500, "bug")


def _respond(error: Exception) -> Response:
    if isinstance(error, HTTPException) and (error.code is None or error.code < 400):
        raise error
    document = problem_of(error)
    key = request.headers.get("Idempotency-Key")
    if key:
        document["command_id"] = key[:64]
    response = reply(document, document["status"], "application/problem+json")
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
    if document["status"] == 429:
        response.headers.setdefault("Retry-After", str(document["facts"].get("seconds", _WAIT_SECONDS)))
    return response


def install(app: Flask) -> None:
    """Have every error of the app answered in the one shape."""
    app.register_error_handler(Exception, _respond)
