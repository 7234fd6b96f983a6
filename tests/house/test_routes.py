"""No address without a rule of who may, and no body without a schema."""

from collections.abc import Iterator

from flask import Flask

from backend.core.house import ANYONE, PUBLIC
from backend.core.http import CommandSchema, RouteRule
from backend.master.people.rules import PERMISSIONS

OPEN_TO_ALL = {
    # logging in and out, and enrolling a device, happen before anybody is known
    "log_in_by_badge",
    "log_in_by_password",
    "log_out",
    "enrol_device",
    "current_session",
    "who_am_i",
    # the operator's pages; metrics ask for a token of their own
    "health",
    "ready",
    "scrape",
    "openapi_document",
    "api_page",
}
THE_PWA = {"pwa.start", "pwa.page"}
KEEP_NO_REPLY = {"log_in_by_badge", "log_in_by_password", "log_out", "enrol_device"}
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


def routes(app: Flask) -> Iterator[tuple[str, set[str], RouteRule]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint in THE_PWA:
            assert not WRITES & set(rule.methods or ())
            continue
        about = getattr(app.view_functions[rule.endpoint], "tideline", None)
        assert about is not None, f"{rule.rule} ({rule.endpoint}) was not made by core.http: who may?"
        yield rule.rule, set(rule.methods or ()) - {"HEAD", "OPTIONS"}, about


def test_every_route_says_who_may(assembled: Flask):
    seen = list(routes(assembled))
    assert len(seen) > 5
    for rule, _, about in seen:
        assert about.may in PERMISSIONS | {ANYONE, PUBLIC}, f"{rule}: nobody has the permission {about.may!r}"


def test_only_the_named_routes_are_public(assembled: Flask):
    public = {about.name: rule for rule, _, about in routes(assembled) if about.may == PUBLIC}
    surprising = {name: rule for name, rule in public.items() if name not in OPEN_TO_ALL}
    assert not surprising, f"public, and not in the list of this test: {surprising}"


def test_every_command_has_a_schema_that_builds_it(assembled: Flask):
    for rule, methods, about in routes(assembled):
        if about.kind == "command":
            assert methods & WRITES, f"{rule} changes something on {methods}"
            assert about.takes is not None and issubclass(about.takes, CommandSchema), rule
            assert about.needs_key, rule


def test_every_query_has_a_schema_and_changes_nothing(assembled: Flask):
    for rule, methods, about in routes(assembled):
        if about.kind == "query":
            assert methods == {"GET"}, f"{rule} reads on {methods}"
            assert about.gives is not None, rule


def test_every_raw_write_asks_for_a_key_too(assembled: Flask):
    for rule, methods, about in routes(assembled):
        if about.kind == "raw" and methods & WRITES and about.name not in KEEP_NO_REPLY:
            assert about.needs_key, f"{rule}: a repeated request would be done twice"


def test_every_route_says_in_a_sentence_what_it_does(assembled: Flask):
    silent = [rule for rule, _, about in routes(assembled) if not about.summary]
    assert not silent, f"the use case or query needs a docstring: {silent}"


def test_no_two_routes_answer_the_same_request(assembled: Flask):
    seen: dict[tuple[str, str], str] = {}
    for rule, methods, about in routes(assembled):
        for method in methods:
            assert (rule, method) not in seen, f"{method} {rule}: {about.name} and {seen[rule, method]}"
            seen[rule, method] = about.name
