"""What happens to floor tasks, told to the warehouse and, where it concerns one person, to that person."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _FloorEvent(Event):
    warehouse_id: int

    def channel(self) -> str:
        """Everybody who watches the warehouse."""
        return f"warehouse:{self.warehouse_id}"


@dataclass(frozen=True, kw_only=True)
class TaskOpened(_FloorEvent):
    """New work is in the pool; one fact for all tasks opened together."""

    name: ClassVar[str] = "floor.task_opened"
    kind: str
    task_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TaskClaimed(_FloorEvent):
    """One person has the task now; nobody else can get it."""

    name: ClassVar[str] = "floor.task_claimed"
    kind: str
    task_id: int
    ref_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TaskTakenOver(_FloorEvent):
    """A colleague goes on with somebody's task."""

    name: ClassVar[str] = "floor.task_taken_over"
    kind: str
    task_id: int
    ref_id: int
    user_id: int
    from_user_id: int | None


@dataclass(frozen=True, kw_only=True)
class TaskLost(Event):
    """Told to the person whose task a colleague has taken over."""

    name: ClassVar[str] = "floor.task_lost"
    user_id: int
    kind: str
    task_id: int
    ref_id: int
    to_user_id: int

    def channel(self) -> str:
        """The person who had the task."""
        return f"user:{self.user_id}"


@dataclass(frozen=True, kw_only=True)
class TaskSuspended(_FloorEvent):
    """Put aside; the same person or a colleague may go on with it."""

    name: ClassVar[str] = "floor.task_suspended"
    kind: str
    task_id: int
    ref_id: int
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class TaskResumed(_FloorEvent):
    """Taken up again by the person who put it aside."""

    name: ClassVar[str] = "floor.task_resumed"
    kind: str
    task_id: int
    ref_id: int
    user_id: int


@dataclass(frozen=True, kw_only=True)
class TaskFinished(_FloorEvent):
    """Done."""

    name: ClassVar[str] = "floor.task_finished"
    kind: str
    task_id: int
    ref_id: int
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class TaskCancelled(_FloorEvent):
    """Withdrawn before it was done."""

    name: ClassVar[str] = "floor.task_cancelled"
    kind: str
    task_id: int
    ref_id: int
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class TaskPrioritised(_FloorEvent):
    """A supervisor has moved the task up or down."""

    name: ClassVar[str] = "floor.task_prioritised"
    kind: str
    task_id: int
    ref_id: int
    priority: int
