"""The main promise: who loses the network goes on picking, and the books cannot tell the difference."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from backend.core.db import Database
from backend.stock.models import StockMove
from tests import services
from tests.browser.conftest import HandheldMaker
from tests.browser.handheld import Handheld
from tests.browser.ledger import commands_of, looking_at, picks_of, proven, state_of
from tests.browser.town import Site, Town
from tests.conftest import HouseUnderTest
from tests.processes import ServerProcess

ORDERS = ({"APPLE": 3, "PEAR": 1, "FIG": 2}, {"APPLE": 1, "PLUM": 4, "KIWI": 2}, {"LIME": 2, "FIG": 1})
_SHADOW_MS = 2_500  # longer than a reply on a busy machine
STRANGE_BIN, STRANGE_GOODS = "Z-99-9", "4006381333931"


@contextmanager
def twin_of(url: str, folder: Path) -> Iterator[str]:
    """The URL of an exact copy of a database that nobody has open."""
    if url.startswith("sqlite"):
        folder.mkdir()
        copy = folder / "tideline.db"
        shutil.copy(make_url(url).database or "", copy)
        yield f"sqlite:///{copy}"
        return
    name = url.rsplit("/", 1)[1]
    services.postgres().execute(f"CREATE DATABASE {name}_twin TEMPLATE {name}")
    yield f"{url}_twin"
    services.drop_postgres(f"{url}_twin")


@pytest.fixture
def twins(
    house: HouseUnderTest, database_url: str, tmp_path: Path, built_pwa: dict[str, str]
) -> Iterator[tuple[Site, ServerProcess, ServerProcess]]:
    """Two houses with the same work on the same floor, on both engines."""
    site = Town(house).site("TWIN").wants(*ORDERS).work()
    house.db.close()
    with twin_of(database_url, tmp_path / "twin") as url:
        one, other = (
            ServerProcess(database_url, tmp_path / "one", built_pwa),
            ServerProcess(url, tmp_path / "other", built_pwa),
        )
        try:
            with ThreadPoolExecutor() as pool:
                started = [pool.submit(server.start) for server in (one, other)]
            yield site, started[0].result(), started[1].result()
        finally:
            one.kill()
            other.kill()


def begin(device: Handheld, site: Site) -> None:
    """Log in, take the cart, put totes on it, pick the first line: a shift like any other."""
    device.log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.pick_line()


def go_on(device: Handheld) -> None:
    """Pick two lines, with a wrong bin and wrong goods on the way."""
    device.asks("location")
    device.scanned(STRANGE_BIN)
    device.told("stop", "pick.say.wrong_location", scanned=STRANGE_BIN, expected=device.bin)
    device.obey()
    device.asks("sku")
    device.scanned(STRANGE_GOODS)
    device.told("stop", "pick.say.wrong_sku")
    device.pick_line()
    device.pick_line()


def finish(device: Handheld) -> None:
    """Pick what is left and hand the cart in."""
    device.obey_until("finish")
    device.obey()
    device.asks("over")
    device.queue_empty()


@pytest.mark.slow
def test_the_books_of_a_picker_without_a_network_are_those_of_one_with_it(
    twins: tuple[Site, ServerProcess, ServerProcess], handheld: HandheldMaker
) -> None:
    site, with_network, without = twins
    device = handheld(with_network.url, totes="T")
    begin(device, site)
    go_on(device)
    finish(device)

    device = handheld(without.url, totes="T")
    begin(device, site)
    device.queue_empty()
    device.works_offline()
    before = picked_at(without)
    device.offline()
    go_on(device)
    assert device.page.evaluate("window.buzzed").count([350, 80, 350]) == 2, "wrong scans are felt"
    asked, said_progress, waiting = device.step(), device.progress(), device.waiting()
    assert waiting >= 4
    device.page.reload()
    expect(device.page.locator("main.pick")).to_be_visible()
    assert (device.step(), device.progress(), device.waiting()) == (asked, said_progress, waiting)
    expect(device.page.locator(".queue-light.warn")).to_contain_text(device.word("queue.waiting", n=waiting))
    device.pick_line()
    assert picked_at(without) == before, "nothing can have arrived yet"
    device.page.wait_for_timeout(_SHADOW_MS)
    device.online()
    device.queue_empty()
    assert device.waiting() == 0
    finish(device)

    compare(with_network, without)


def picked_at(server: ServerProcess) -> int:
    """How many picks the server knows, while it runs."""
    with looking_at(server) as session:
        count = session.scalar(select(func.count()).where(StockMove.reason == "PICK"))
    return int(count or 0)


def late(db: Database) -> int:
    """How many picks were heard of long after they were made."""
    with db.read() as session:
        picks = session.execute(
            select(StockMove.event_at, StockMove.recorded_at).where(StockMove.reason == "PICK")
        )
        return sum((recorded - event).total_seconds() >= _SHADOW_MS / 1000 for event, recorded in picks)


def compare(with_network: ServerProcess, without: ServerProcess) -> None:
    """Both ledgers, all that hangs on them, and their proofs."""
    with_network.kill()
    without.kill()
    one, other = Database(with_network.database_url), Database(without.database_url)
    try:
        assert picks_of(other) == picks_of(one)
        assert state_of(other) == state_of(one)
        wanted = sum(qty for order in ORDERS for qty in order.values())
        assert sum(move["qty"] for move in picks_of(other) if move["reason"] == "PICK") == wanted
        assert len(set(commands_of(other))) == len(commands_of(other)), "one command, one pick"
        assert late(one) == 0
        assert late(other) >= 3, "the ledger knows when the device did it and when the server heard of it"
        proven(one)
        proven(other)
    finally:
        one.close()
        other.close()
