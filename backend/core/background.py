"""What runs beside the requests: the relay, the job workers, the sweep of dead sockets."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from backend.core.house import House
from backend.core.jobs import Worker
from backend.core.outbox import Relay
from backend.core.realtime import Realtime


@dataclass(frozen=True)
class Background:
    """Started once by the serving process (or by `flask worker`), never by a command or a test."""

    at: House
    relay: Relay
    worker: Worker
    sockets: Realtime

    def start(self) -> None:
        """Open the database and begin; with TIDELINE_RUN_BACKGROUND=0 only the sockets are looked after."""
        self.at.db.open()
        if self.at.settings.run_background:
            self.relay.start()
            self.worker.start(fast=self.at.settings.job_threads)
        self.sockets.start(self.at)

    def stop(self) -> None:
        """Finish what is in hand, tell what is numbered, close the database."""
        self.worker.stop()
        self.relay.stop()
        self.sockets.stop()
        self.at.db.close()

    def run_until_idle(self, rounds: int = 200) -> None:
        """Relay and do every due job, in this thread, until nothing is left; for tests and commands."""
        for _ in range(rounds):
            busy = self.relay.run_once()
            if not (self.worker.run_one() or busy):
                return
        raise RuntimeError("the jobs never end")


def background() -> Background:
    """The background of the current app."""
    return cast(Background, current_app.extensions["tideline_background"])
