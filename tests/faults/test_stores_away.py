"""PostgreSQL or Redis gone in the middle of work: devices wait and repeat; news are replayed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.db import Database
from backend.core.migration import upgrade
from tests.conftest import HouseUnderTest
from tests.faults.floor import a_floor, at_work, check_nothing_lost_nothing_twice
from tests.processes import Api, ServerProcess
from tests.services import Postgres, Redis

pytestmark = [pytest.mark.slow, pytest.mark.postgres]


@pytest.fixture
def cluster() -> Iterator[Postgres]:
    """A cluster of the test's own, to be killed."""
    server = Postgres().start()
    yield server
    server.stop()


@pytest.fixture
def house(cluster: Postgres, tmp_path: Path) -> Iterator[HouseUnderTest]:
    """A house in that cluster."""
    cluster.execute("CREATE DATABASE house")
    # The test cluster is fast and forgetful; a house that promises not to lose commits needs the real setting.
    cluster.execute("ALTER DATABASE house SET synchronous_commit = on")
    db = Database(cluster.url("house"))
    upgrade(db)
    under_test = HouseUnderTest(db, tmp_path)
    yield under_test
    under_test.close()


def test_the_database_goes_away_and_comes_back(
    cluster: Postgres, house: HouseUnderTest, tmp_path: Path
) -> None:
    floor = a_floor(house)
    server = ServerProcess(cluster.url("house"), tmp_path / "server").start()
    try:
        handhelds, threads = at_work(server.port, floor, pause=0.08)
        time.sleep(1)
        cluster.kill()
        api = Api(server.port)
        away = api.call("POST", "/api/session/password", {"login": "picker-0", "password": "whatever it is"})
        assert (away.status, away.body["code"]) == (503, "database_away")
        assert api.call("GET", "/readyz").status == 503
        assert api.call("GET", "/healthz").status == 200
        api.close()
        cluster.restart()
        for thread in threads:
            thread.join(timeout=120)
    finally:
        server.kill()
    house.db.engine.dispose()
    check_nothing_lost_nothing_twice(house, floor, handhelds)


def test_scans_go_on_while_redis_is_away(cluster: Postgres, house: HouseUnderTest, tmp_path: Path) -> None:
    floor = a_floor(house)
    redis = Redis().start()
    settings = {"TIDELINE_REDIS_URL": redis.url()}
    server = ServerProcess(cluster.url("house"), tmp_path / "server", settings).start()
    try:
        handhelds, threads = at_work(server.port, floor, pause=0.08)
        time.sleep(0.7)
        redis.kill()
        time.sleep(1.5)
        redis.restart()
        for thread in threads:
            thread.join(timeout=120)
    finally:
        server.kill()
        redis.stop()
    check_nothing_lost_nothing_twice(house, floor, handhelds)
