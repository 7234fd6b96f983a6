"""What happens to waves, told to the warehouse."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _WaveEvent(Event):
    warehouse_id: int
    wave_id: int

    def channel(self) -> str:
        """Everybody who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class WaveComposed(_WaveEvent):
    """Orders were chosen and their stock allocated to bins."""

    name: ClassVar[str] = "waves.wave_composed"
    number: str
    orders: int
    lines: int
    units: int
    dropped: int


@dataclass(frozen=True, kw_only=True)
class WavePlanStarted(_WaveEvent):
    """The optimiser has been asked for batches and routes."""

    name: ClassVar[str] = "waves.plan_started"
    seconds: int


@dataclass(frozen=True, kw_only=True)
class WavePlanProgressed(_WaveEvent):
    """A better plan was found: walking length and proven bound in mm, seconds since the start."""

    name: ClassVar[str] = "waves.plan_progressed"
    best_mm: int
    bound_mm: int | None
    seconds: int


@dataclass(frozen=True, kw_only=True)
class WavePlanned(_WaveEvent):
    """Batches and routes are settled."""

    name: ClassVar[str] = "waves.wave_planned"
    batches: int
    route_mm: int
    bound_mm: int | None
    status: str


@dataclass(frozen=True, kw_only=True)
class WavePlanFailed(_WaveEvent):
    """The optimiser gave up; the wave is as it was composed. `error` is for the person who looks into it."""

    name: ClassVar[str] = "waves.plan_failed"
    error: str


@dataclass(frozen=True, kw_only=True)
class WaveReleased(_WaveEvent):
    """The wave goes to the floor; the picking room writes its tasks."""

    name: ClassVar[str] = "waves.wave_released"
    number: str
    batches: int
    orders: int


@dataclass(frozen=True, kw_only=True)
class WaveCancelled(_WaveEvent):
    """Nobody had begun: its orders are back in the pool, their bins free."""

    name: ClassVar[str] = "waves.wave_cancelled"
    orders: int


@dataclass(frozen=True, kw_only=True)
class WaveDone(_WaveEvent):
    """Every task of the wave is done."""

    name: ClassVar[str] = "waves.wave_done"
