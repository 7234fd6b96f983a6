"""What became known about people and their sessions. Told to the person's own devices."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SessionOpened(Event):
    """A person logged in."""

    name: ClassVar[str] = "people.session_opened"
    user_id: int
    session_id: int
    device_id: int | None
    kind: str

    def channel(self) -> str:
        """The person's devices."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """A session is over; the device that holds it shows the login screen at once."""

    name: ClassVar[str] = "people.session_ended"
    user_id: int
    session_id: int
    device_id: int | None
    why: str

    def channel(self) -> str:
        """The person's devices."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class GrantsChanged(Event):
    """What a person may do has changed; devices read the session anew."""

    name: ClassVar[str] = "people.grants_changed"
    user_id: int

    def channel(self) -> str:
        """The person's devices."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class UserCreated(Event):
    """A person has an account."""

    name: ClassVar[str] = "people.user_created"
    user_id: int
    by_user_id: int | None

    def channel(self) -> str:
        """The new person's devices; nobody else has a reason to listen."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class UserDeactivated(Event):
    """A person's account is closed."""

    name: ClassVar[str] = "people.user_deactivated"
    user_id: int
    by_user_id: int | None

    def channel(self) -> str:
        """The person's devices."""
        return f"user:{self.user_id}"
