"""Who may do which work, and which piece of it comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.core.errors import Forbidden


class TaskState(StrEnum):
    """The life of a floor task."""

    OPEN = "open"
    CLAIMED = "claimed"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"


PERMISSION_OF = {"pick": "pick", "putaway": "shelve", "refill": "shelve", "count": "shelve"}

DEFAULT_PRIORITY = 50
DUE_STEP_S = 15 * 60  # due times closer than this count as equal, so that a nearby task may go first
FLOOR_CHANGE_MM = 40_000  # what a change of floor costs in walked millimetres when tasks are compared


@dataclass(frozen=True, slots=True)
class Spot:
    """A point in the warehouse, in mm."""

    x_mm: int
    y_mm: int
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open task as far as the choice needs it."""

    id: int
    due_at: datetime | None
    priority: int
    spot: Spot


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """Work to put into the pool. `ref_id` is the row of the room that knows what the work is."""

    kind: str
    warehouse_id: int
    ref_id: int
    priority: int = DEFAULT_PRIORITY
    due_at: datetime | None = None
    zone_id: int | None = None
    x_mm: int = 0
    y_mm: int = 0
    floor: int = 0


def walk_mm(a: Spot, b: Spot) -> int:
    """Rough walking distance in mm: right angles, and a flat price for each floor between them."""
    return abs(a.x_mm - b.x_mm) + abs(a.y_mm - b.y_mm) + abs(a.floor - b.floor) * FLOOR_CHANGE_MM


def best_first(candidates: Iterable[Candidate], here: Spot | None) -> list[Candidate]:
    """Tasks in the order in which they should be done: due time, priority, way to walk, age.

    Smaller priority numbers go first; a task without a due time comes after all that have one.
    """

    def rank(task: Candidate) -> tuple[int, int, int, int]:
        due = int(task.due_at.timestamp()) // DUE_STEP_S if task.due_at else 1 << 40
        return due, task.priority, walk_mm(here, task.spot) if here else 0, task.id

    return sorted(candidates, key=rank)


def check_may(kind: str, permissions: frozenset[str]) -> None:
    """Refuse work that is not the caller's job.

    Raises:
        Forbidden: `job_not_allowed` with the permission that is missing.
    """
    needs = PERMISSION_OF[kind]
    if needs not in permissions:
        raise Forbidden("job_not_allowed", kind=kind, needs=needs)


def kinds_for(permissions: frozenset[str], wanted: Sequence[str] = ()) -> tuple[str, ...]:
    """The kinds of work that the caller may do, of those wanted (all when none is named)."""
    return tuple(
        k for k, needs in PERMISSION_OF.items() if needs in permissions and (not wanted or k in wanted)
    )
