"""What allocation tells."""

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
class OrdersReserved(_OfWarehouse):
    """A sweep promised goods: so many orders are ready for a wave, so many wait for stock."""

    name: ClassVar[str] = "allocation.orders_reserved"
    reserved: int
    backordered: int


@dataclass(frozen=True, kw_only=True)
class ReplenishmentWanted(_OfWarehouse):
    """The pick face lacks goods that lie in reserve; `qty` pieces were allocated there instead."""

    name: ClassVar[str] = "allocation.replenishment_wanted"
    sku_id: int
    qty: int


@dataclass(frozen=True, kw_only=True)
class OrdersShort(_OfWarehouse):
    """These orders could not be allocated and wait again; at most 50 ids."""

    name: ClassVar[str] = "allocation.orders_short"
    reason: str
    count: int
    order_ids: tuple[int, ...]
