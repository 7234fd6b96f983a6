"""A browser that holds every request and every answer against the API document."""

import functools
import io
import json
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from backend.core.openapi import PARAMETER, document
from tests.build.people import key
from tests.conftest import HouseUnderTest

Operation = tuple[str, str]


@dataclass(eq=False)
class Witness:
    """Sends what the document allows, and fails where an answer is not what the document says.

    `seen` are the operations (method, path of the document) that answered with a success.
    """

    house: HouseUnderTest
    client: FlaskClient
    seen: set[Operation] = field(default_factory=set)

    @functools.cached_property
    def document(self) -> dict[str, Any]:
        """The API document."""
        return document(self.house.app)

    @functools.cached_property
    def shapes(self) -> Registry[Any]:
        """Where `urn:api#/components/…` leads."""
        content = {"components": self.document["components"]}
        return Registry().with_resource("urn:api", DRAFT202012.create_resource(content)).crawl()

    @functools.cache  # noqa: B019 - a witness lives for one test
    def validator(self, text: str) -> Draft202012Validator:
        """The validator of a schema, given as JSON."""
        schema = json.loads(text.replace('"#/components/', '"urn:api#/components/'))
        return Draft202012Validator(
            schema, registry=self.shapes, format_checker=Draft202012Validator.FORMAT_CHECKER
        )

    def check(self, schema: dict[str, Any], value: Any, where: str) -> None:
        """The value fits the schema."""
        errors = list(self.validator(json.dumps(schema)).iter_errors(value))
        assert not errors, f"{where}: {errors[0].json_path} {errors[0].message}"

    def get(self, path: str, **query: Any) -> Any:
        """Read; the body."""
        answer = self.client.get(path, query_string=query)
        return self._looked_at("GET", path, answer)

    def send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Write; the body, whether done or refused."""
        operation = self._operation(method, path)
        if "requestBody" in operation:
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            self.check(schema, body or {}, f"body of {method} {path}")
        answer = self.client.open(path, method=method, json=body or {}, headers=key())
        return self._looked_at(method, path, answer)

    def post(self, path: str, **body: Any) -> Any:
        """Write by POST."""
        return self.send("POST", path, body)

    def put(self, path: str, **body: Any) -> Any:
        """Write by PUT."""
        return self.send("PUT", path, body)

    def upload(self, path: str, name: str, content: str, **form: Any) -> Any:
        """Write a file."""
        data = form | {"file": (io.BytesIO(content.encode()), name)}
        answer = self.client.post(path, data=data, headers=key(), content_type="multipart/form-data")
        return self._looked_at("POST", path, answer)

    def _operation(self, method: str, path: str) -> dict[str, Any]:
        found: dict[str, Any] = self.document["paths"][self._template(method, path)][method.lower()]
        return found

    def _template(self, method: str, path: str) -> str:
        rule, _ = self.house.app.url_map.bind("localhost").match(path, method=method, return_rule=True)
        return PARAMETER.sub(r"{\g<name>}", rule.rule)

    def _looked_at(self, method: str, path: str, answer: Any) -> Any:
        where = f"{method} {path} → {answer.status_code}"
        responses = self._operation(method, path)["responses"]
        status = str(answer.status_code)
        documented = responses.get(status) or responses.get(f"{status[0]}XX")
        assert documented, f"{where} is not documented: {answer.text[:300]}"
        assert answer.status_code < 500, f"{where}: {answer.text[:300]}"
        if answer.status_code < 400:
            self.seen.add((method, self._template(method, path)))
        if "content" not in documented:
            assert not answer.data, where
            return None
        about = documented["content"].get(answer.mimetype)
        assert about is not None, f"{where}: {answer.mimetype} is not documented"
        if "schema" not in about:
            return answer.data
        self.check(about["schema"], answer.json, where)
        return answer.json


def operations(made: dict[str, Any]) -> list[tuple[Operation, dict[str, Any]]]:
    """Every operation of a document."""
    return [
        ((method.upper(), path), operation)
        for path, methods in made["paths"].items()
        for method, operation in methods.items()
    ]
