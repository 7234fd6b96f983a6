"""The public API as this room speaks it; how it gets there is an adapter's business."""

from dataclasses import dataclass
from typing import Any, Protocol


class ApiFailed(Exception):
    """The house answered something that nobody in a simulated day can go on from."""


@dataclass(frozen=True)
class Answer:
    """A reply. A refusal (4xx) is an answer too; transport failures and 5xx are the adapter's to repeat."""

    status: int
    body: Any

    @property
    def ok(self) -> bool:
        """Done as asked."""
        return self.status < 400

    @property
    def code(self) -> str:
        """The refusal's stable code."""
        return "" if self.ok or not isinstance(self.body, dict) else str(self.body.get("code", ""))

    def expect(self, what: str) -> Any:
        """The body of a reply that must not be a refusal.

        Raises:
            ApiFailed: with the problem document.
        """
        if not self.ok:
            raise ApiFailed(f"{what}: {self.status} {self.body}")
        return self.body


class Api(Protocol):
    """One caller's connection: keeps its session and counts its requests."""

    requests: int

    def get(self, path: str, **query: str | int) -> Answer: ...
    def post(self, path: str, body: dict[str, Any]) -> Answer: ...
    def send_file(self, path: str, name: str, content: bytes, fields: dict[str, str]) -> Answer: ...


def all_items(api: Api, path: str, **query: str | int) -> list[dict[str, Any]]:
    """Every row of a paged list."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str | int] = {}
    while True:
        page = api.get(path, **query, limit=200, **cursor).expect(path)
        found += page["items"]
        if not page["next"]:
            return found
        cursor = {"cursor": page["next"]}
