"""The event catalogue as a page to read and as JSON Schema to check with; both read off the event classes."""

import dataclasses
import inspect
import types
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from backend.core.events import Event, catalogue

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    Any: {},
}
_HEAD = """# Events

Facts in the past tense. They are written in the transaction of the change that made them true, numbered per channel
after it, and told at least once: over the socket as `fact` {seq, prev, channel, name, body, at}, over
`GET /api/realtime/replay`, and to webhooks as {type, timestamp, data}. A reader keeps the last number of each channel;
where `prev` is not that number it asks for what it missed. Webhooks are sent in the order in which things happened; after
a failure later messages may come before the one that is tried again: order by `timestamp`, drop a `webhook-id` seen before.

This page is written by `make docs` from the source; a test keeps it in step.
"""


def event_schema(kind: type[Event]) -> dict[str, Any]:
    """JSON Schema of an event's body: all fields are always there, and no others."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind)]
    return {
        "type": "object",
        "properties": {name: type_schema(hints[name]) for name in names},
        "required": names,
        "additionalProperties": False,
        "description": about(kind),
    }


def type_schema(hint: Any) -> dict[str, Any]:
    """JSON Schema of a Python type that `events.plain` can write.

    Raises:
        TypeError: no JSON form for it.
    """
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _either([type_schema(each) for each in inner])
    if origin in {tuple, list, frozenset, set}:
        return {"type": "array", "items": type_schema(inner[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": type_schema(inner[1])}
    if origin is Literal:
        return {"enum": list(inner)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [member.value for member in hint]}
    raise TypeError(f"no JSON form for {hint}")


def _either(parts: list[dict[str, Any]]) -> dict[str, Any]:
    if all(set(part) == {"type"} for part in parts):
        return {"type": [part["type"] for part in parts]}
    return {"anyOf": parts}


def about(kind: type[Event]) -> str:
    """What the event means, in the words of its docstring; empty when it has none."""
    text = kind.__dict__.get("__doc__") or ""
    made_by_dataclass = text.startswith(f"{kind.__name__}(")
    return "" if made_by_dataclass else inspect.cleandoc(text)


def channel_pattern(kind: type[Event]) -> str:
    """The event's channel with field names in place of values: `warehouse:<warehouse_id>`."""
    return kind.channel(cast(Event, _Anything()))


class _Anything:
    """Stands for an event whose every field is its own name."""

    def __getattr__(self, name: str) -> str:
        return f"<{name}>"


def events_of_the_house() -> dict[str, type[Event]]:
    """Every event that a room of the assembled app defines, by name, in order; not what a test makes up."""
    return {
        name: kind for name, kind in sorted(catalogue().items()) if kind.__module__.startswith("backend.")
    }


def event_page() -> str:
    """docs/events.md."""
    sections = [_section(name, kind) for name, kind in events_of_the_house().items()]
    return "\n".join([_HEAD, *sections])


def _section(name: str, kind: type[Event]) -> str:
    rows = [
        f"| `{field}` | {_words(schema)} |\n" for field, schema in event_schema(kind)["properties"].items()
    ]
    table = "| field | JSON |\n|---|---|\n" + "".join(rows) if rows else "No fields.\n"
    return f"## `{name}`\n\n{about(kind)}\n\nChannel `{channel_pattern(kind)}`\n\n{table}"


def _words(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_words(part) for part in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    if not schema:
        return "anything"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    words = " or ".join(kinds)
    if schema["type"] == "array":
        return f"array of {_words(schema['items'])}"
    if schema["type"] == "object":
        return f"object of {_words(schema['additionalProperties'])}"
    return f"{words} ({schema['format']})" if "format" in schema else words
