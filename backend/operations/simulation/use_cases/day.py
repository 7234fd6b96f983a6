"""The order of events: everybody's next deed in simulated time, one after the other, at life's speed or faster."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from backend.operations.simulation.use_cases.picker import IDLE_S


@dataclass
class Clockwork:
    """Runs shifts side by side; the same shifts give the same order of deeds.

    Attributes:
        speed: simulated seconds per second; 0 is as fast as the deeds themselves take.
        pause: waits so many seconds.
        stop_watch: seconds since some moment.
    """

    speed: float
    pause: Callable[[float], None]
    stop_watch: Callable[[], float]
    now_s: float = field(default=0.0, init=False)

    def run(self, shifts: Sequence[Iterator[float]], *, until: Callable[[], bool]) -> None:
        """Let everybody work until `until` says so; it is asked whenever somebody finds no work."""
        due = [(0.0, number) for number in range(len(shifts))]
        heapq.heapify(due)
        began = self.stop_watch()
        while due:
            at_s, number = heapq.heappop(due)
            self.now_s = at_s
            if self.speed > 0:
                self.pause(max(0.0, at_s / self.speed - (self.stop_watch() - began)))
            seconds = next(shifts[number], None)
            if seconds is None or (seconds == IDLE_S and until()):
                continue
            heapq.heappush(due, (at_s + seconds, number))
