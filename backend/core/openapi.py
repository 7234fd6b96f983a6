"""The OpenAPI 3.1 document, read off the route tables; nothing in it is written by hand twice."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema

from backend.core.house import PUBLIC
from backend.core.http import MAX_PAGE, RouteRule

VERSION = "0.1.0"
ALWAYS_ANSWERED = frozenset(
    {"health", "ready", "scrape"}
)  # no rate limit: whoever watches the house must see it
PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
        "errors": {"type": "object"},
        "command_id": {"type": "string"},
    },
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "format": "uuid"},
    "description": "A UUID that the caller makes and keeps before sending; a repeat gets the first reply.",
}
_EVENT_AT = {
    "name": "Event-At",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "format": "date-time"},
    "description": "When the device did it, if earlier than now.",
}


_TOO_MANY = {
    "description": "too many requests; the same request may be sent again after so many seconds",
    "headers": {"Retry-After": {"schema": {"type": "integer", "minimum": 0}}},
}


def document(app: Flask) -> dict[str, Any]:
    """The whole document; every route that carries a `RouteRule` is in it."""
    marshmallow = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec("Tideline", VERSION, "3.1.0", plugins=[marshmallow])
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "tideline"})
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for rule in app.url_map.iter_rules():
        about = getattr(app.view_functions[rule.endpoint], "tideline", None)
        if isinstance(about, RouteRule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                operation = _operation(rule.rule, rule.endpoint, method, about)
                spec.path(PARAMETER.sub(r"{\g<name>}", rule.rule), operations={method.lower(): operation})
    made = dict(spec.to_dict())
    _describe(made["components"]["schemas"], marshmallow)
    _promise_all_fields(made)
    return made


def _describe(schemas: dict[str, Any], marshmallow: MarshmallowPlugin) -> None:
    """Give every shape the sentence of its schema class."""
    refs = marshmallow.converter.refs if marshmallow.converter else {}
    for key, name in refs.items():
        schemas[name]["description"] = inspect.cleandoc(key[0].__doc__ or "")


def _promise_all_fields(made: dict[str, Any]) -> None:
    """An answer always has all the fields of its schema; what a request may leave out is its own business."""
    schemas = made["components"]["schemas"]
    operations = [each for path in made["paths"].values() for each in path.values()]
    for name in refs_within((each["responses"] for each in operations), schemas) - {"Problem"}:
        if "properties" in schemas[name]:
            schemas[name]["required"] = list(schemas[name]["properties"])


def refs_within(parts: Iterable[Any], schemas: dict[str, Any]) -> set[str]:
    """The names of all schemas that `parts` refer to, directly or through other schemas."""
    found: set[str] = set()
    waiting = [name for part in parts for name in _refs(part)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _refs(schemas[name])
    return found


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rpartition("/")[2]
        for value in node.values():
            yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def _operation(rule: str, endpoint: str, method: str, about: RouteRule) -> dict[str, Any]:
    path = [match.groupdict() for match in PARAMETER.finditer(rule)]
    names = [each["name"] for each in path]
    parameters: list[Any] = [_path_parameter(each) for each in path]
    operation: dict[str, Any] = {
        "operationId": f"{endpoint.partition('.')[0]}_{about.name}_{method.lower()}_{len(names)}",
        "summary": about.summary,
        "tags": [endpoint.partition(".")[0]],
        "parameters": parameters,
        "responses": _responses(about),
        "security": [] if about.may == PUBLIC else [{"session": []}, {"key": []}],
        "x-permission": about.may,
    }
    if about.needs_key:
        parameters += [_KEY, _EVENT_AT]
    if method == "GET":
        if about.takes is not None:
            parameters.append({"in": "query", "schema": about.takes})
        if about.paged:
            parameters += _page_parameters()
    elif about.uploads:
        operation["requestBody"] = _upload()
    elif about.takes is not None:
        body = about.takes(exclude=[name for name in names if name in about.takes().fields])
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return operation


def _path_parameter(each: dict[str, str | None]) -> dict[str, Any]:
    whole = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
    schema = whole if each["converter"] == "int" else {"type": "string"}
    return {"name": each["name"], "in": "path", "required": True, "schema": schema}


def _page_parameters() -> list[dict[str, Any]]:
    limit = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": 50}
    return [
        {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 200}},
        {"name": "limit", "in": "query", "required": False, "schema": limit},
    ]


def _upload() -> dict[str, Any]:
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    schema = {"type": "object", "required": ["file"], "properties": {"file": file}}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _responses(about: RouteRule) -> dict[str, Any]:
    found: dict[str, Any] = {str(about.status): {"description": "done"} | _content(about)}
    if about.kind == "query":
        found["304"] = {"description": "unchanged"}
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if about.name not in ALWAYS_ANSWERED:
        found["429"] = _TOO_MANY | {"content": problem}
    found["4XX"] = {"description": "a refusal, with its code and what it is about", "content": problem}
    found["5XX"] = {"description": "a bug, or something the server needs is away", "content": problem}
    return found


def _content(about: RouteRule) -> dict[str, Any]:
    if about.status == 204:
        return {}
    if about.gives is None:
        return {"content": {about.media_type: {}}}
    schema: Any = about.gives
    if about.paged:
        items = {"type": "array", "items": about.gives}
        schema = {
            "type": "object",
            "required": ["items", "next"],
            "properties": {"items": items, "next": {"type": ["string", "null"]}},
        }
    elif about.many:
        schema = {"type": "array", "items": about.gives}
    return {"content": {"application/json": {"schema": schema}}}


def _schema_name(schema: Any) -> str:
    made = schema() if isinstance(schema, type) and issubclass(schema, Schema) else schema
    if not isinstance(made, Schema):
        return ""
    name = type(made).__name__
    left_out = "_".join(sorted(str(each) for each in made.exclude)) if made.exclude else ""
    module = type(made).__module__.removeprefix("backend.").split(".")
    prefix = "".join(part.title() for part in module if part not in {"schemas", "core"})
    return f"{prefix}{name}" + (f"Without_{left_out}" if left_out else "")
