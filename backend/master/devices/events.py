"""What became known about devices."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class EnrolmentOffered(Event):
    """A supervisor showed a code that lets one device in."""

    name: ClassVar[str] = "devices.enrolment_offered"
    enrolment_id: int
    warehouse_id: int
    by_user_id: int | None

    def channel(self) -> str:
        """The board of the warehouse that the device will belong to."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class DeviceEnrolled(Event):
    """A device came in with a code."""

    name: ClassVar[str] = "devices.device_enrolled"
    device_id: int
    warehouse_id: int
    device_name: str
    enrolment_id: int
    by_user_id: int | None
    address: str

    def channel(self) -> str:
        """The board of its warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class DeviceRenamed(Event):
    """A device has another name."""

    name: ClassVar[str] = "devices.device_renamed"
    device_id: int
    warehouse_id: int
    device_name: str
    by_user_id: int | None

    def channel(self) -> str:
        """The board of its warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Event):
    """A device was shut out: lost, stolen, worn out."""

    name: ClassVar[str] = "devices.device_revoked"
    device_id: int
    warehouse_id: int
    device_name: str
    by_user_id: int | None

    def channel(self) -> str:
        """The board of its warehouse."""
        return f"warehouse:{self.warehouse_id}"
