"""The API document is valid, complete and unambiguous, and what is made from it is in step."""

import functools
import re
from pathlib import Path
from typing import Any

from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from backend.app import create_app
from backend.core import openapi
from backend.core.event_page import about, channel_pattern, event_page, event_schema, events_of_the_house
from backend.core.settings import Settings
from backend.core.typescript import type_of, typescript
from tests.contract.witness import operations
from tools.documents import DESCRIBED
from tools.ground import PWA

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@functools.cache
def app() -> Flask:
    """The application; no request is made and no database opened."""
    return create_app(Settings(secret="only to read the document, 0123456789 012345", log_level="ERROR"))


@functools.cache
def document() -> dict[str, Any]:
    """The API document."""
    return openapi.document(app())


def test_the_document_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")
    errors = [
        f"{list(error.absolute_path)}: {error.message}"
        for error in OpenAPIV31SpecValidator(document()).iter_errors()
    ]
    assert not errors, errors


def test_every_operation_has_a_name_of_its_own() -> None:
    names = [operation["operationId"] for _, operation in operations(document())]
    assert len(names) == len(set(names)) > 100
    assert all(re.fullmatch(r"\w+", name) for name in names)


def test_every_operation_says_what_it_does_where_it_belongs_and_who_may() -> None:
    for name, operation in operations(document()):
        assert operation["summary"].endswith((".", "?")) or len(operation["summary"]) > 10, name
        assert operation["tags"], name
        assert operation["x-permission"], name
        assert bool(operation["security"]) == (operation["x-permission"] != "public"), name


def test_every_operation_tells_how_it_refuses() -> None:
    for name, operation in operations(document()):
        responses = operation["responses"]
        assert responses["4XX"]["content"] == responses["5XX"]["content"] == PROBLEM, name
        assert any(status.startswith("2") for status in responses), name
        if not name[1].startswith(("/healthz", "/readyz", "/metrics")):
            assert responses["429"]["content"] == PROBLEM, name
            assert "Retry-After" in responses["429"]["headers"], name


def test_every_write_asks_for_its_key_but_those_before_anybody_is_known() -> None:
    without = {
        name
        for name, operation in operations(document())
        if name[0] != "GET" and not any(each["name"] == "Idempotency-Key" for each in operation["parameters"])
    }
    assert without == {
        ("POST", "/api/session/badge"),
        ("POST", "/api/session/password"),
        ("DELETE", "/api/session"),
    }


def test_every_json_answer_has_a_shape_with_a_sentence() -> None:
    schemas = document()["components"]["schemas"]
    silent = [name for name, schema in schemas.items() if name != "Problem" and not schema.get("description")]
    assert not silent
    shapeless = {
        name[1]
        for name, operation in operations(document())
        for status, answer in operation["responses"].items()
        if status.startswith("2")
        and "schema" not in answer.get("content", {}).get("application/json", {"schema": 0})
    }
    assert shapeless == {"/healthz", "/readyz", "/api/openapi.json"}


def test_no_answer_leaves_a_field_open_whether_it_comes() -> None:
    schemas = document()["components"]["schemas"]
    answers = openapi.refs_within((each["responses"] for _, each in operations(document())), schemas)
    for name in answers - {"Problem"}:
        assert set(schemas[name]["required"]) == set(schemas[name]["properties"]), name


# ------------------------------------------------------------------------------------- what is made of it


def test_the_page_of_events_is_in_step() -> None:
    app()
    assert DESCRIBED["events"].read_text(encoding="utf-8") == event_page(), "run `make docs`"


def test_the_types_of_the_pwa_are_in_step() -> None:
    facts = {name: event_schema(kind) for name, kind in events_of_the_house().items() if app()}
    assert DESCRIBED["types"].read_text(encoding="utf-8") == typescript(document(), facts), "run `make docs`"


def test_every_event_has_words_a_room_a_channel_and_plain_fields() -> None:
    app()
    events = events_of_the_house()
    assert len(events) > 50
    for name, kind in events.items():
        room = kind.__module__.split(".")[-2]
        assert re.fullmatch(rf"{room}\.[a-z_]+", name), name
        assert about(kind), f"{name} needs a docstring"
        pattern = r"catalog|(warehouse|user|shop):<(\w+)>"
        found = re.fullmatch(pattern, channel_pattern(kind))
        assert found, f"{name} is told on {channel_pattern(kind)}"
        assert found[2] is None or found[2] in event_schema(kind)["properties"], name


def test_types_say_what_schemas_say() -> None:
    said = {
        '"a" | null': {"type": ["string", "null"], "enum": ["a", None]},
        "Instant | null": {"type": ["string", "null"], "format": "date-time"},
        "[number, number]": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        "(string | number)[]": {"type": "array", "items": {"type": ["string", "integer"]}},
        "Thing | null": {"anyOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]},
        "Record<string, unknown>": {"type": "object", "additionalProperties": {}},
        "Record<string, number>": {"type": "object", "additionalProperties": {"type": "integer"}},
        "unknown": {},
    }
    assert {type_of(schema): schema for schema in said.values()} == said
    fields = {"type": "object", "required": ["a"], "properties": {"a": {}, "b-c": {"type": "boolean"}}}
    assert type_of(fields) == '{\n  a: unknown;\n  "b-c"?: boolean;\n}'


# ---------------------------------------------------------------------------------------------- the PWA


def test_the_pwa_calls_only_addresses_that_there_are() -> None:
    known = [re.sub(r"\{\w+\}", "{}", path) for _, path in (name for name, _ in operations(document()))]
    called = {
        (re.sub(r"\$\{[^}]*(\}|$)", "{}", address), path.name)
        for path in source_of_the_pwa()
        for address in re.findall(r"[\"`](/api/[^\"`\s]*)[\"`]", path.read_text(encoding="utf-8"))
    }
    assert len(called) > 25
    strange = {each for each in called if not any(fits(each[0], path) for path in known)}
    assert not strange


def source_of_the_pwa() -> list[Path]:
    """The source files in which requests are made."""
    found = [*(PWA / "src").rglob("*.ts"), *(PWA / "src").rglob("*.tsx")]
    return [path for path in found if not re.search(r"\.(test|gen|check)\.ts$|/apply\.ts$", str(path))]


def fits(address: str, path: str) -> bool:
    """Whether the address, with {} for what is filled in, may be the path."""
    parts, ours = address.split("/"), path.split("/")
    return len(parts) == len(ours) and all(a == b or a == "{}" for a, b in zip(parts, ours, strict=True))
