"""The OpenAPI 3.1 document, read off the route tables; nothing in it is written by hand twice."""

import re
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from marshmallow import Schema

from backend.core.house import PUBLIC
from backend.core.http import MAX_PAGE, RouteRule

VERSION = "0.1.0"
_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
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


def document(app: Flask) -> dict[str, Any]:
    """The whole document; every route that carries a `RouteRule` is in it."""
    spec = APISpec(
        "Tideline", VERSION, "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)]
    )
    spec.components.schema("Problem", _PROBLEM)
    spec.components.security_scheme("session", {"type": "apiKey", "in": "cookie", "name": "tideline"})
    spec.components.security_scheme("key", {"type": "http", "scheme": "bearer"})
    for rule in app.url_map.iter_rules():
        about = getattr(app.view_functions[rule.endpoint], "tideline", None)
        if isinstance(about, RouteRule):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                operation = _operation(rule.rule, rule.endpoint, method, about)
                spec.path(_PARAMETER.sub(r"{\g<name>}", rule.rule), operations={method.lower(): operation})
    return dict(spec.to_dict())


def _operation(rule: str, endpoint: str, method: str, about: RouteRule) -> dict[str, Any]:
    path = [match.groupdict() for match in _PARAMETER.finditer(rule)]
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
