"""The three kinds of no: a refusal (expected), a validation error (422), and everything else, which is a bug."""

from typing import Any


class Refusal(Exception):
    """An expected no with a stable public code; the client translates it and tells the worker what to do next."""

    status = 409

    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class NotFound(Refusal):
    """The named thing does not exist, or the caller may not know that it does."""

    status = 404


class Forbidden(Refusal):
    """The caller is known but has no right to this."""

    status = 403


class Unauthorised(Refusal):
    """Nobody is logged in, or the session has ended."""

    status = 401


class TooMany(Refusal):
    """The caller must wait before trying again."""

    status = 429


class Unprocessable(Refusal):
    """The request is well formed, but its content contradicts itself or an earlier request."""

    status = 422


class Unavailable(Exception):
    """The outside world did not answer, or said no.

    Args:
        message: for the log and the person who looks into it.
        permanent: True when trying again cannot help; the one bit that decides about a retry.
    """

    def __init__(self, message: str, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


KINDS: dict[int, type[Refusal]] = {
    kind.status: kind for kind in (Refusal, NotFound, Forbidden, Unauthorised, TooMany, Unprocessable)
}


def refusal_of(status: int, code: str, facts: dict[str, Any]) -> Refusal:
    """The refusal that was stored under a command id, as it was raised the first time."""
    return KINDS.get(status, Refusal)(code, **facts)
