"""Hostile requests: whatever a stranger sends, the answer is a documented one and never a bug.

schemathesis reads the served OpenAPI document and sends what it allows and what it forbids, as somebody with every
right. Answers must be documented, have the promised shape and never be a 5xx.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backend.app import create_app
from backend.core.db import Database
from backend.core.ids import uuid7
from backend.core.openapi import document
from backend.core.settings import Settings
from tests.build.people import somebody_logged_in
from tests.conftest import HouseUnderTest, copy_of_model

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory, sqlite_model: Path) -> Iterator[HouseUnderTest]:
    """One house for all the strangers of this module."""
    folder = tmp_path_factory.mktemp("hostile")
    house = HouseUnderTest(Database(copy_of_model(sqlite_model, folder), sqlite_synchronous="OFF"), folder)
    yield house
    house.close()


@pytest.fixture(scope="module")
def served(open_house: HouseUnderTest) -> Any:
    """The served document."""
    config = SchemathesisConfig()
    config.projects.default.generation.update(with_security_parameters=False)
    return schemathesis.openapi.from_wsgi("/api/openapi.json", open_house.app, config=config)


def operations() -> list[tuple[str, str]]:
    """Every operation of the document, by path and method."""
    settings = Settings(secret="only to read the document, 0123456789 012345", log_level="ERROR")
    paths = document(create_app(settings))["paths"]
    return [(path, method) for path in paths for method in paths[path]]


@pytest.mark.parametrize(("path", "method"), operations())
def test_no_request_finds_a_bug(served: Any, open_house: HouseUnderTest, path: str, method: str) -> None:
    cookie = somebody_logged_in(open_house, login=uuid7()).get_cookie("tideline")
    assert cookie is not None
    answers = []

    @hypothesis.given(case=served[path][method.upper()].as_strategy())
    @hypothesis.settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    def send(case: Any) -> None:
        headers = {} if method == "get" else {"Idempotency-Key": uuid7()}
        response = case.call(headers=headers, cookies={"tideline": cookie.value})
        answers.append(response.status_code)
        case.validate_response(response, checks=CHECKS)

    send()
    if not path.startswith("/api/session/"):
        assert set(answers) != {401}, "the stranger was never let in"
