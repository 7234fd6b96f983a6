"""Several web processes and a worker on PostgreSQL with Redis: news reach every socket, work is done once."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio

from backend.core.ids import uuid7
from tests import services
from tests.build.people import PIN, a_user_with, badge_of
from tests.build.picking import on_the_floor
from tests.build.waves import a_shop
from tests.conftest import HouseUnderTest
from tests.processes import ROOT, Api, ServerProcess

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.redis]


@contextlib.contextmanager
def a_worker(server: ServerProcess) -> Iterator[None]:
    """`flask worker` beside the web processes."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    with (server.folder / "worker.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=server.env | {"TIDELINE_RUN_BACKGROUND": "1"}, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


class Ear:
    """A socket client that notes what it hears."""

    def __init__(self, port: int, cookies: dict[str, str], channel: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.client = socketio.Client(reconnection=False)
        self.client.on("fact", self.heard.append)
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self.client.connect(f"http://127.0.0.1:{port}", headers={"Cookie": header}, transports=["websocket"])
        answer = self.client.call("join", {"channels": [{"channel": channel, "after": None}]})
        assert answer["ok"], answer


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_news_reach_the_sockets_of_every_process_and_are_told_once(
    house: HouseUnderTest, tmp_path: Path
) -> None:
    shop = a_shop(house)
    shop.stock("APPLE", A_01_1=100)
    for _ in range(6):
        shop.order(APPLE=1)
    on_the_floor(shop, totes=1)
    person = a_user_with(house, "pick", "supervise", warehouses=None)
    settings = {
        "TIDELINE_REDIS_URL": services.redis_url(),
        "WEB_CONCURRENCY": "2",
        "TIDELINE_RUN_BACKGROUND": "0",
    }
    url = house.db.url.render_as_string(hide_password=False)
    server = ServerProcess(url, tmp_path / "server", settings).start()
    warehouse_id = shop.hall.warehouse_id
    ears: list[Ear] = []
    try:
        with a_worker(server):
            api = Api(server.port)
            api.post("/api/session/badge", {"badge": badge_of(house, person.id), "pin": PIN})
            ears = [Ear(server.port, api.cookies, f"warehouse:{warehouse_id}") for _ in range(8)]
            claims = [uuid7() for _ in range(3)]
            threads = [
                threading.Thread(target=lambda name=name: claim(server.port, api.cookies, warehouse_id, name))
                for name in claims
                for _ in range(2)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            wait_until(lambda: all(len(names(ear)) >= 1 for ear in ears))
            time.sleep(0.5)
            api.close()
    finally:
        for ear in ears:
            ear.client.disconnect()
        server.stop()
    first = [(fact["seq"], fact["name"]) for fact in ears[0].heard]
    assert len({seq for seq, _ in first}) == len(first), "no fact twice"
    for ear in ears:
        assert [(fact["seq"], fact["name"]) for fact in ear.heard] == first
    assert house.events("floor.task_claimed")


def names(ear: Ear) -> list[str]:
    """What claims it heard of."""
    return [fact["name"] for fact in ear.heard if "claimed" in fact["name"]]


def claim(port: int, cookies: dict[str, str], warehouse_id: int, command_id: str) -> None:
    """Ask for a task under this id."""
    api = Api(port)
    api.cookies = dict(cookies)
    api.call("POST", "/api/picking/claim", {"warehouse_id": warehouse_id}, command_id=command_id)
    api.close()


def wait_until(true: Any, seconds: float = 20) -> None:
    """Poll."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
