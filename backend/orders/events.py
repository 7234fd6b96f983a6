"""What happens to orders."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _OfWarehouse(Event):
    warehouse_id: int

    def channel(self) -> str:
        """Everyone who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class OrdersImported(_OfWarehouse):
    """Orders came in; `approved` of them may be worked on at once."""

    name: ClassVar[str] = "orders.imported"
    import_id: int
    created: int
    updated: int
    approved: int


@dataclass(frozen=True, kw_only=True)
class OrderApproved(_OfWarehouse):
    """The order may be worked on."""

    name: ClassVar[str] = "orders.approved"
    order_id: int
    number: str


@dataclass(frozen=True, kw_only=True)
class OrderHeld(_OfWarehouse):
    """The order must stop at the next scan."""

    name: ClassVar[str] = "orders.held"
    order_id: int
    number: str
    reason: str
    state: str


@dataclass(frozen=True, kw_only=True)
class OrderHoldReleased(_OfWarehouse):
    """A reason to stop is gone; `still_held` says whether another one remains."""

    name: ClassVar[str] = "orders.hold_released"
    order_id: int
    number: str
    reason: str
    still_held: bool


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(_OfWarehouse):
    """Nothing will be sent. `was` is the state it had; `put_back` that picked goods must return to bins."""

    name: ClassVar[str] = "orders.cancelled"
    order_id: int
    number: str
    was: str
    put_back: bool


@dataclass(frozen=True, kw_only=True)
class OrdersMoved(_OfWarehouse):
    """Orders came into another state; at most 50 ids, `count` says how many."""

    name: ClassVar[str] = "orders.moved"
    state: str
    count: int
    order_ids: tuple[int, ...]
