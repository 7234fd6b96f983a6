"""What became known about webhooks. Never sent through webhooks themselves."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class DeliveryDied(Event):
    """A delivery was given up; a person has to look."""

    name: ClassVar[str] = "integrations.delivery_died"
    delivery_id: int
    webhook_id: int
    webhook_name: str
    event_name: str
    error: str
    owner_id: int

    def channel(self) -> str:
        """Whoever made the webhook."""
        return f"user:{self.owner_id}"


@dataclass(frozen=True, kw_only=True)
class WebhookStopped(Event):
    """The other side said that the address is gone."""

    name: ClassVar[str] = "integrations.webhook_stopped"
    webhook_id: int
    webhook_name: str
    owner_id: int

    def channel(self) -> str:
        """Whoever made the webhook."""
        return f"user:{self.owner_id}"
