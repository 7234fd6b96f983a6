"""What happens while picking, told to the warehouse and, where it concerns one person, to that person."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _PickingEvent(Event):
    warehouse_id: int

    def channel(self) -> str:
        """Everybody who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class TasksReleased(_PickingEvent):
    """A wave's tasks are written and can be claimed."""

    name: ClassVar[str] = "picking.tasks_released"
    wave_id: int
    tasks: int
    lines: int


@dataclass(frozen=True, kw_only=True)
class PickStarted(_PickingEvent):
    """Somebody has claimed the task for the first time."""

    name: ClassVar[str] = "picking.task_started"
    task_id: int
    wave_id: int | None
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ToteBound(_PickingEvent):
    """A scanned tote stands in a slot of the cart."""

    name: ClassVar[str] = "picking.tote_bound"
    task_id: int
    slot_no: int
    lpn: str
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PickConfirmed(_PickingEvent):
    """Goods went from a bin into a tote."""

    name: ClassVar[str] = "picking.pick_confirmed"
    task_id: int
    wave_id: int | None
    pick_id: int
    line_id: int
    line_done: bool
    order_id: int
    sku_id: int
    qty: int
    location_id: int
    location_code: str
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PickUndone(_PickingEvent):
    """A pick was taken back by a counter-move."""

    name: ClassVar[str] = "picking.pick_undone"
    task_id: int
    wave_id: int | None
    pick_id: int
    line_id: int
    order_id: int
    sku_id: int
    qty: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ShortPicked(_PickingEvent):
    """A bin held less than the book says; `replaced` of the missing quantity comes from other bins."""

    name: ClassVar[str] = "picking.short_picked"
    task_id: int
    wave_id: int | None
    line_id: int
    sku_id: int
    location_id: int
    location_code: str
    qty: int
    replaced: int
    reason: str
    user_id: int


@dataclass(frozen=True, kw_only=True)
class ReplenishmentWanted(_PickingEvent):
    """A picker stood before a bin without the goods; `missing` is what no other bin could give."""

    name: ClassVar[str] = "picking.replenishment_wanted"
    sku_id: int
    location_id: int
    missing: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class LineSkipped(_PickingEvent):
    """Left for the end of the route."""

    name: ClassVar[str] = "picking.line_skipped"
    task_id: int
    line_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class MisScanned(_PickingEvent):
    """The handheld refused a scan: an error that was caught."""

    name: ClassVar[str] = "picking.mis_scanned"
    task_id: int
    line_id: int | None
    step: str
    scanned: str
    expected: str
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class OrderStopped(Event):
    """Told to the picker: an order on the cart was held or cancelled; `put_backs` says how many goods must return."""

    name: ClassVar[str] = "picking.order_stopped"
    user_id: int
    task_id: int
    order_id: int
    slot_no: int
    reason: str
    put_backs: int

    def channel(self) -> str:
        """The picker."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class OrderGoesOn(Event):
    """Told to the picker: the hold is released, the order is picked on."""

    name: ClassVar[str] = "picking.order_goes_on"
    user_id: int
    task_id: int
    order_id: int
    slot_no: int

    def channel(self) -> str:
        """The picker."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class PutBack(_PickingEvent):
    """Goods of a stopped order are in a bin again."""

    name: ClassVar[str] = "picking.put_back"
    task_id: int
    order_id: int
    sku_id: int
    qty: int
    location_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class PickFinished(_PickingEvent):
    """The cart is at packing."""

    name: ClassVar[str] = "picking.task_finished"
    task_id: int
    wave_id: int | None
    orders: int
    units: int
    user_id: int
