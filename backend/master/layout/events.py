"""What happened to the places of a warehouse."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LayoutEvent(Event):
    """Base: told to everybody in the warehouse."""

    warehouse_id: int

    def channel(self) -> str:
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class WarehouseCreated(LayoutEvent):
    """A warehouse was opened."""

    name: ClassVar[str] = "layout.warehouse_created"
    code: str


@dataclass(frozen=True, kw_only=True)
class LayoutImported(LayoutEvent):
    """Maps and travel graphs that were kept are old now."""

    name: ClassVar[str] = "layout.imported"
    created: int
    updated: int
    retired: int


@dataclass(frozen=True, kw_only=True)
class AisleBlocked(LayoutEvent):
    """Routes through this stretch must be computed again. Lengths in mm along the aisle."""

    name: ClassVar[str] = "layout.aisle_blocked"
    aisle_id: int
    code: str
    y_from_mm: int
    y_to_mm: int
    whole: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class AisleUnblocked(LayoutEvent):
    """An aisle is open again from end to end."""

    name: ClassVar[str] = "layout.aisle_unblocked"
    aisle_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class LocationBlocked(LayoutEvent):
    """Nothing is put into this location or planned from it any more."""

    name: ClassVar[str] = "layout.location_blocked"
    location_id: int
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class LocationUnblocked(LayoutEvent):
    """A location is in use again."""

    name: ClassVar[str] = "layout.location_unblocked"
    location_id: int
    code: str
