"""How long a search may take. The only place of this library that looks at a clock.

A search limited by `iterations` alone is deterministic; one limited by `seconds` may stop anywhere, but every
prefix of its work is the same for the same seed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Budget:
    """`compiled=False` promises that neither numba nor OR-Tools is loaded: for a reroute inside a web process."""

    seconds: float = 2.0
    iterations: int | None = None
    compiled: bool = False


def _never() -> bool:
    return False


@dataclass(slots=True)
class Deadline:
    """A running stop watch over a budget; `stop` is the caller's own wish to end early."""

    seconds: float
    stop: Callable[[], bool] = _never
    started: float = field(default_factory=time.monotonic)

    def elapsed(self) -> float:
        return time.monotonic() - self.started

    def elapsed_ms(self) -> float:
        return round(self.elapsed() * 1000, 3)

    def left(self) -> float:
        return max(0.0, self.seconds - self.elapsed())

    def over(self) -> bool:
        return self.elapsed() >= self.seconds or self.stop()
