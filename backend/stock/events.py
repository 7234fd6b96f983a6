"""What the ledger tells. Small facts, one per command and warehouse, however many lines it wrote."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StockMoved(Event):
    """Goods moved. `sku_ids` lists at most 50; `lines` says how many moves there were."""

    name: ClassVar[str] = "stock.moved"
    warehouse_id: int
    reasons: tuple[str, ...]
    lines: int
    units: int
    sku_ids: tuple[int, ...]
    first_move_id: int
    last_move_id: int

    def channel(self) -> str:
        """Everyone who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class StockGained(Event):
    """More can be promised or picked than before: ATP rose, or good stock reached a bin. Waiting orders may go on."""

    name: ClassVar[str] = "stock.gained"
    warehouse_id: int
    sku_ids: tuple[int, ...]

    def channel(self) -> str:
        """Everyone who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class ReservationsBumped(Event):
    """Goods turned out to be gone, and these documents lost their promise. `doc_ids` are of kind `doc_kind`."""

    name: ClassVar[str] = "stock.reservations_bumped"
    warehouse_id: int
    doc_kind: str
    doc_ids: tuple[int, ...]
    reservation_ids: tuple[int, ...]
    sku_ids: tuple[int, ...]

    def channel(self) -> str:
        """Everyone who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class TruthChecked(Event):
    """The ledger was proved again; `sound` False means that a number on some screen cannot be trusted."""

    name: ClassVar[str] = "stock.truth_checked"
    warehouse_id: int
    sound: bool
    faults: int

    def channel(self) -> str:
        """Everyone who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"
