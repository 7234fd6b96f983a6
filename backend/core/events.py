"""Facts in the past tense. A room defines them, the outbox writes them with the change that made them true."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every fact: a public name and the channel it is told on.

    Subclasses are frozen dataclasses with fields that fit JSON. They carry what changed, never the whole state.
    """

    name: ClassVar[str] = ""

    def channel(self) -> str:
        """Who hears it: `warehouse:<id>`, `user:<id>` or `shop:<code>`."""
        raise TypeError(f"{type(self).__name__} names no channel")

    def body(self) -> dict[str, Any]:
        """The fields as JSON values; instants as ISO 8601."""
        return {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def plain(value: Any) -> Any:
    """A value as JSON knows it: dates as ISO 8601, dataclasses as objects, tuples and sets as arrays."""
    if value is None or isinstance(value, str | int | bool | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    raise TypeError(f"no JSON form for {type(value).__name__}")


def event_of(kind: type[Event], body: Mapping[str, Any]) -> Event:
    """An event rebuilt from its stored body; fields that the class no longer knows are dropped."""
    known = {}
    for field in dataclasses.fields(kind):
        if field.name in body:
            value = body[field.name]
            known[field.name] = tuple(value) if isinstance(value, list) else value
    return kind(**known)


def catalogue(root: type[Event] = Event) -> dict[str, type[Event]]:
    """Every event that is defined, by name."""
    found: dict[str, type[Event]] = {}
    for kind in root.__subclasses__():
        if kind.name:
            found[kind.name] = kind
        found |= catalogue(kind)
    return found
