"""Types of batching. Lengths in mm, weight in g, volume in mm3, `due_s` in seconds from the start of the plan."""

from dataclasses import dataclass
from typing import Literal

from backend.algorithms.routing.exact import Link
from backend.algorithms.routing.layout import Layout, Stop


class TooBig(ValueError):
    """An order does not fit the cart even alone. `order_ids` names all of them."""

    def __init__(self, order_ids: tuple[int, ...]) -> None:
        super().__init__(f"orders larger than the cart: {order_ids}")
        self.order_ids = order_ids


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """`stops` are indices into the job's stops. Orders of different `group` never share a batch."""

    id: int
    stops: tuple[int, ...]
    units: int
    lines: int
    weight_g: int
    volume_mm3: int
    totes: int = 1
    due_s: int | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cart:
    """What one tour may carry, all at once; None is no limit."""

    totes: int
    units: int | None = None
    weight_g: int | None = None
    volume_mm3: int | None = None
    lines: int | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a tour takes, for due times: walking speed in mm/s, seconds per stop, per unit and per tour."""

    speed_mm_s: int = 1000
    stop_s: int = 10
    unit_s: int = 2
    tour_s: int = 60
    pickers: int = 1


@dataclass(frozen=True, slots=True)
class BatchJob:
    """`iterations` (per order) limits the search besides `seconds` and makes it deterministic when it ends first.

    `spread_s`: orders whose due times differ by more never share a batch (None: due times only order the batches).
    `workers` threads search side by side; `tour_mm` is the price of one more tour; `links` join a depot outside the
    grid to the aisles instead of the layout's start and end.
    """

    layout: Layout
    stops: tuple[Stop, ...]
    orders: tuple[BatchOrder, ...]
    cart: Cart
    seed: int = 0
    seconds: float = 10.0
    iterations: int | None = None
    pace: Pace = Pace()
    spread_s: int | None = None
    workers: int = 2
    tour_mm: int = 0
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """`orders` are order ids; `sequence` are stop indices in walking order; `start_s`, `end_s` by the job's pace."""

    orders: tuple[int, ...]
    sequence: tuple[int, ...]
    length_mm: int
    start_s: int = 0
    end_s: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Batches in the order in which to start them. `late_s` sums the lateness of all orders at the job's pace."""

    batches: tuple[Batch, ...]
    objective_mm: int
    bound_mm: int
    status: Literal["optimal", "feasible"]
    ms: float
    late_s: int = 0
    savings_mm: int = 0


@dataclass(frozen=True, slots=True)
class Best:
    """Progress: the best total so far, and who shares a batch (order ids)."""

    objective_mm: int
    bound_mm: int
    batches: tuple[tuple[int, ...], ...]
    ms: float
