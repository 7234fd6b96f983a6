"""kill -9 in the middle of work: no acknowledged scan is lost, none is doubled, on both engines."""

import random
import time
from pathlib import Path

import pytest

from backend.core.db import Database
from tests.conftest import HouseUnderTest
from tests.faults.floor import a_floor, at_work, check_nothing_lost_nothing_twice
from tests.processes import ServerProcess

KILLS = 4


@pytest.mark.slow
def test_kill_nine_at_any_moment_loses_no_acknowledged_scan_and_doubles_none(
    house: HouseUnderTest, tmp_path: Path
) -> None:
    floor = a_floor(house)
    url = house.db.url.render_as_string(hide_password=False)
    house.db.close()  # the embedded file has one process at a time
    server = ServerProcess(url, tmp_path / "server").start()
    dice = random.Random(7)
    try:
        handhelds, threads = at_work(server.port, floor, pause=0.08)
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.3, 1.5))
            server.kill()
            server.start()
        for thread in threads:
            thread.join(timeout=120)
    finally:
        server.kill()
    house.db = Database(url)
    assert sum(handheld.repeats for handheld in handhelds) > 0, "the kills must have hit somebody"
    check_nothing_lost_nothing_twice(house, floor, handhelds)
