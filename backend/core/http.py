"""HTTP as a table: URL → who may → schema → use case or query → schema. Rooms write lines, never views.

Authorisation comes before parsing, path and body are one input, and every write needs an `Idempotency-Key`.
"""

import json
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Literal, NoReturn, TypeVar, cast

from flask import Blueprint, Response, request
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate
from werkzeug.exceptions import BadRequest

from backend.core.errors import Unprocessable
from backend.core.execute import Actor, Command, Outcome, execute
from backend.core.house import House, Principal, actor_of, caller, check_may, house
from backend.core.ids import is_command_id
from backend.core.pages import MAX_PAGE, Page, paginate

_GREATEST = 2**53 - 1  # what every JSON reader keeps exactly
__all__ = [
    "MAX_PAGE",
    "CommandSchema",
    "Deed",
    "Page",
    "PageQuery",
    "RouteRule",
    "command_route",
    "json_object",
    "load_text",
    "paginate",
    "query_route",
    "raw_route",
    "reply",
    "room",
]
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_actor: ContextVar[Actor] = ContextVar("actor")
AnySchema = TypeVar("AnySchema", bound=Schema)


class CommandSchema(Schema):
    """Input of a write: loads path and body, and builds the command with `by` = the caller."""

    command: ClassVar[type[Command]]

    class Meta:
        """A field nobody knows is a mistake of the caller, not a wish."""

        unknown = RAISE

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Command:
        """The frozen command."""
        return self.command(by=_actor.get(), **data)

    def load_command(self, data: Mapping[str, Any], actor: Actor) -> Command:
        """Load for this caller.

        Raises:
            ValidationError: with a message per field.
        """
        token = _actor.set(actor)
        try:
            loaded = self.load(data)
        finally:
            _actor.reset(token)
        return cast(Command, loaded)


class PageQuery(Schema):
    """The two parameters of every list."""

    cursor = fields.String(load_default=None, validate=validate.Length(max=200))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MAX_PAGE))


@dataclass(frozen=True)
class Deed:
    """A write: which use case, what goes in, what comes out, who may. HTTP and sockets share it."""

    use_case: Callable[..., Any]
    takes: type[CommandSchema]
    gives: type[Schema] | None
    may: str

    def carry_out(
        self,
        at: House,
        principal: Principal | None,
        data: Mapping[str, Any],
        command_id: str,
        event_at: datetime | None,
    ) -> Outcome:
        """Load, execute, dump. Raises what `execute` raises, and ValidationError."""
        check_plain(data)
        command = _schema(self.takes).load_command(data, actor_of(principal, command_id, event_at))
        return execute(at.db, self.use_case, command, clock=at.clock, dump=self.dump)

    def dump(self, result: Any) -> Any:
        """The result in the shape that `gives` promises; a ready dict goes out as it is."""
        if self.gives is None:
            return None
        return result if isinstance(result, dict) else _schema(self.gives).dump(result)


@cache
def _schema(kind: type[AnySchema]) -> AnySchema:
    """The schema, made once: making one costs more than loading with it, and loading changes nothing in it."""
    return kind()


@dataclass(frozen=True)
class RouteRule:
    """What the house tests and the OpenAPI document know of a route."""

    kind: Literal["command", "query", "raw"]
    may: str
    takes: type[Schema] | None
    gives: type[Schema] | None
    many: bool = False
    paged: bool = False
    status: int = 200
    media_type: str = "application/json"
    name: str = ""
    summary: str = ""
    needs_key: bool = False
    uploads: bool = False


def room(name: str, prefix: str) -> Blueprint:
    """A room's part of the URL space."""
    return Blueprint(name, __name__, url_prefix=prefix)


def command_route(
    bp: Blueprint,
    rule: str,
    use_case: Callable[..., Any],
    *,
    takes: type[CommandSchema],
    gives: type[Schema] | None = None,
    may: str,
    method: str = "POST",
    status: int = 200,
) -> None:
    """A line of a room's table that changes something."""
    deed = Deed(use_case, takes, gives, may)

    def view(**path: Any) -> Response:
        at, principal = _enter(may)
        data = {**json_object(), **path}
        done = deed.carry_out(at, principal, data, command_id_of_request(), event_at_of_request())
        if done.body is None:
            return Response(status=204)
        return Response(done.text, status=status, content_type="application/json")

    about = RouteRule(
        "command",
        may,
        takes,
        gives,
        status=status if gives else 204,
        name=use_case.__name__,
        summary=_summary(use_case),
        needs_key=True,
    )
    _add(bp, rule, view, method, about)


def query_route(
    bp: Blueprint,
    rule: str,
    query: Callable[..., Any],
    *,
    gives: type[Schema],
    may: str,
    takes: type[Schema] | None = None,
    many: bool = False,
    paged: bool = False,
) -> None:
    """A line of a room's table that reads. Answers carry an ETag; `If-None-Match` gets 304."""

    def view(**path: Any) -> Response:
        at, principal = _enter(may)
        arguments = _query_arguments(takes, paged) | path
        with at.db.read() as session:
            result = query(session, by=actor_of(principal), now=at.clock.now(), **arguments)
            return _conditional(reply(_dump_query(result, gives, many, paged)))

    about = RouteRule("query", may, takes, gives, many, paged, name=query.__name__, summary=_summary(query))
    _add(bp, rule, view, "GET", about)


def raw_route(
    bp: Blueprint,
    rule: str,
    handler: Callable[..., Response],
    *,
    may: str,
    method: str = "GET",
    media_type: str = "application/octet-stream",
    takes: type[Schema] | None = None,
    gives: type[Schema] | None = None,
    needs_key: bool = False,
    uploads: bool = False,
    status: int = 200,
) -> None:
    """A line whose body is not JSON in both directions: files, pictures, logging in.

    `handler(house, principal, **path)` gets the house and the caller, who has been let in already.
    """

    def view(**path: Any) -> Response:
        if uploads:
            request.max_content_length = house().settings.max_upload_bytes
        at, principal = _enter(may)
        return handler(at, principal, **path)

    about = RouteRule(
        "raw",
        may,
        takes,
        gives,
        status=status,
        media_type=media_type,
        name=handler.__name__,
        summary=_summary(handler),
        needs_key=needs_key,
        uploads=uploads,
    )
    _add(bp, rule, view, method, about)


def _add(bp: Blueprint, rule: str, view: Callable[..., Response], method: str, about: RouteRule) -> None:
    view.__name__ = about.name
    view.tideline = about  # type: ignore[attr-defined]  # read by the house tests and the OpenAPI document
    endpoint = f"{about.name}:{method}:{rule}".replace(".", "_")
    bp.add_url_rule(rule, endpoint=endpoint, view_func=view, methods=[method])


def _summary(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").strip().partition("\n")[0]


def _enter(may: str) -> tuple[House, Principal | None]:
    principal = caller()
    check_may(principal, may)
    return house(), principal


def reply(body: Any, status: int = 200, media_type: str = "application/json") -> Response:
    """A JSON response; UTF-8, no spaces."""
    if status == 204:
        return Response(status=204)
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status=status, content_type=media_type)


def _conditional(response: Response) -> Response:
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _dump_query(result: Any, gives: type[Schema], many: bool, paged: bool) -> Any:
    if paged:
        return {"items": _dumped(result.rows, gives, True), "next": result.next_cursor}
    return _dumped(result, gives, many)


def _dumped(result: Any, gives: type[Schema], many: bool) -> Any:
    ready = isinstance(result, dict) or (many and bool(result) and isinstance(result[0], dict))
    return result if ready else gives(many=many).dump(result)


def _query_arguments(takes: type[Schema] | None, paged: bool) -> dict[str, Any]:
    given = request.args.to_dict()
    check_plain(given)
    found: dict[str, Any] = {}
    if paged:
        mine: dict[str, Any] = {str(name): given.pop(name) for name in ("cursor", "limit") if name in given}
        found = dict(PageQuery().load(mine))
    if takes is not None:
        return found | load_text(takes, given)
    if given:
        raise ValidationError({name: ["unknown"] for name in given})
    return found


def load_text(takes: type[Schema], given: Mapping[str, Any]) -> dict[str, Any]:
    """Load what came as text: a query string or a form. Digits become numbers first, so strict integers accept them.

    Raises:
        ValidationError: with a message per field.
    """
    schema = takes(unknown=RAISE)
    numbers = {name for name, field in schema.fields.items() if isinstance(field, fields.Integer)}
    read = {
        name: int(value) if name in numbers and _WHOLE.fullmatch(str(value)) else value
        for name, value in given.items()
    }
    return dict(schema.load(read))


def json_object() -> dict[str, Any]:
    """The body as a JSON object; empty for none.

    Raises:
        Unprocessable: `json_expected`.
        BadRequest: malformed JSON.
        ValidationError: JSON, but no object.
    """
    if not request.get_data(cache=True):
        return {}
    if not request.is_json:
        raise Unprocessable("json_expected", content_type=request.mimetype)
    try:
        body = request.get_json(cache=False)
    except (BadRequest, RecursionError):
        _malformed()
    if not isinstance(body, dict):
        raise ValidationError({"_schema": ["object_expected"]})
    return body


def _malformed() -> NoReturn:
    raise BadRequest("malformed JSON") from None


def check_plain(value: Any, depth: int = 0) -> None:
    """Refuse what no column can hold: NUL, lone surrogates, numbers beyond 2^53, nesting beyond 20.

    Raises:
        ValidationError: before anything is opened.
    """
    if depth > 20:
        raise ValidationError({"_schema": ["too_deep"]})
    if isinstance(value, str):
        if "\x00" in value or (not value.isascii() and _SURROGATE.search(value)):
            raise ValidationError({"_schema": ["bad_character"]})
    elif isinstance(value, int | float):
        if not -_GREATEST <= value <= _GREATEST:
            raise ValidationError({"_schema": ["out_of_range"]})
    elif isinstance(value, Mapping):
        for key, item in value.items():
            check_plain(key, depth + 1)
            check_plain(item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item, depth + 1)


def command_id_of_request() -> str:
    """The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header-07).

    Raises:
        Unprocessable: `idempotency_key_needed`.
    """
    key = request.headers.get("Idempotency-Key", "").strip('" ')
    if not is_command_id(key):
        raise Unprocessable("idempotency_key_needed")
    return key.lower()


def event_at_of_request() -> datetime | None:
    """The `Event-At` header: when the device did it.

    Raises:
        ValidationError: when it is not an ISO 8601 instant with a zone.
    """
    return parse_event_at(request.headers.get("Event-At"))


def parse_event_at(text: Any) -> datetime | None:
    """An ISO 8601 instant with a zone, or None for none."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        raise ValidationError({"event_at": ["not_an_instant"]}) from None
    if instant.tzinfo is None or not 1970 < instant.year < 2200:
        raise ValidationError({"event_at": ["not_an_instant"]})
    return instant
