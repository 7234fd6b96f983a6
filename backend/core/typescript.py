"""TypeScript of the API, written from the OpenAPI document and the event catalogue, so that the PWA is checked by tsc.

The document is our own: objects, maps, arrays, enumerations, unions with null, references. What else it may hold one
day becomes `unknown`, which the compiler refuses to use.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_HEAD = """/**
 * Written by `make docs` (`flask describe types`) from the API of the server; do not edit. A test keeps it in step.
 * Lengths are millimetres, weights grams, quantities integer base units, as the names say.
 */

/** An ISO 8601 date and time with its zone. */
export type Instant = string;
/** An ISO 8601 date. */
export type Day = string;
/** A UUID in its usual form. */
export type Uuid = string;
"""
_STRINGS = {"date-time": "Instant", "date": "Day", "uuid": "Uuid"}
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_LONGEST_TUPLE = 4


def typescript(document: Mapping[str, Any], facts: Mapping[str, Mapping[str, Any]]) -> str:
    """The whole file.

    Args:
        document: the OpenAPI document.
        facts: JSON Schema of each event's body, by the event's name.
    """
    schemas = document["components"]["schemas"]
    shapes = [_declared(name, schemas[name]) for name in sorted(schemas)]
    return "\n".join([_HEAD, *shapes, _operations(document["paths"]), _facts(facts)])


def type_of(schema: Any, indent: str = "") -> str:
    """The type of a value that fits the schema."""
    if not isinstance(schema, Mapping):
        return "unknown"
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return _union(_literal(value) for value in schema["enum"])
    if "anyOf" in schema:
        return _union(type_of(part, indent) for part in schema["anyOf"])
    kinds = schema.get("type", [])
    found = [_kind(kind, schema, indent) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    return _union(found) if found else "unknown"


def _kind(kind: str, schema: Mapping[str, Any], indent: str) -> str:
    if kind == "string":
        return _STRINGS.get(schema.get("format", ""), "string")
    if kind in {"integer", "number"}:
        return "number"
    if kind == "array":
        return _array(schema, indent)
    if kind == "object":
        return _object(schema, indent)
    return kind if kind in {"boolean", "null"} else "unknown"


def _array(schema: Mapping[str, Any], indent: str) -> str:
    items = type_of(schema.get("items"), indent)
    length = schema.get("minItems")
    if length and length == schema.get("maxItems") and length <= _LONGEST_TUPLE:
        return f"[{', '.join([items] * length)}]"
    return f"({items})[]" if " | " in items else f"{items}[]"


def _object(schema: Mapping[str, Any], indent: str) -> str:
    if "properties" not in schema:
        return f"Record<string, {type_of(schema.get('additionalProperties'), indent)}>"
    if not schema["properties"]:
        return "Record<string, never>"
    return "{\n" + "".join(_fields(schema, indent + "  ")) + indent + "}"


def _fields(schema: Mapping[str, Any], indent: str) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        mark = "" if name in required else "?"
        yield f"{indent}{_key(name)}{mark}: {type_of(field, indent)};\n"


def _declared(name: str, schema: Mapping[str, Any]) -> str:
    if schema.get("type") == "object" and schema.get("properties"):
        return f"{_comment(schema)}export interface {name} {type_of(schema)}\n"
    return f"{_comment(schema)}export type {name} = {type_of(schema)};\n"


def _comment(schema: Mapping[str, Any], indent: str = "") -> str:
    text = " ".join(str(schema.get("description", "")).split()).replace("*/", "*\\/")
    return f"{indent}/** {text} */\n" if text else ""


def _operations(paths: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        f"  {json.dumps(f'{method.upper()} {path}')}: {_operation(operation)};\n"
        for path, operations in sorted(paths.items())
        for method, operation in sorted(operations.items())
    ]
    words = (
        "/** Method and path → who may, the query, the body and the answer of each operation. */\n"
        "export interface Operations {\n"
    )
    return words + "".join(lines) + "}\n"


def _operation(operation: Mapping[str, Any]) -> str:
    parts = {
        "may": _literal(operation["x-permission"]),
        "query": _query(operation.get("parameters", ())),
        "body": _body(operation.get("requestBody")),
        "answer": _answer(operation["responses"]),
    }
    return "{ " + "; ".join(f"{name}: {text}" for name, text in parts.items()) + " }"


def _query(parameters: Iterable[Mapping[str, Any]]) -> str:
    asked = [each for each in parameters if each["in"] == "query"]
    texts = [
        f"{_key(each['name'])}{'' if each.get('required') else '?'}: {type_of(each['schema'])}"
        for each in asked
    ]
    return "{ " + "; ".join(texts) + " }" if texts else "Record<string, never>"


def _body(request: Mapping[str, Any] | None) -> str:
    if request is None:
        return "undefined"
    content = request["content"]
    return type_of(content["application/json"]["schema"]) if "application/json" in content else "FormData"


def _answer(responses: Mapping[str, Any]) -> str:
    done = next(answer for status, answer in responses.items() if status.startswith("2"))
    content = done.get("content")
    if content is None:
        return "undefined"
    if "application/json" not in content:
        return "Blob"
    schema = content["application/json"].get("schema")
    return " ".join(type_of(schema).split())


def _facts(facts: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [
        f"{_comment(schema, '  ')}  {json.dumps(name)}: {type_of(schema, '  ')};\n"
        for name, schema in sorted(facts.items())
    ]
    return "/** Name → body of each fact. */\nexport interface Facts {\n" + "".join(lines) + "}\n"


def _union(parts: Iterable[str]) -> str:
    return " | ".join(dict.fromkeys(parts))


def _literal(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if _NAME.fullmatch(name) else _literal(name)
