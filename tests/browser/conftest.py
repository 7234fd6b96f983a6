"""A real browser before a real server. The browser and one server with many warehouses are shared by all tests here."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, expect, sync_playwright

from backend.core.db import Database
from tests.browser.handheld import SMALL, Handheld
from tests.browser.town import Town
from tests.browser.towns import build
from tests.browser.words import learn
from tests.conftest import HouseUnderTest, copy_of_model
from tests.processes import ROOT, ServerProcess
from tools.browser import find_chromium

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
DESK = {"width": 1920, "height": 1080}
HandheldMaker = Callable[..., Handheld]
ContextMaker = Callable[..., BrowserContext]

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failure shows what was on the screens."""
    report: Any = yield
    if report.when != "teardown" and report.failed:
        for context in getattr(item, "funcargs", {}).get("contexts", []):
            for page in context.pages:
                report.sections.append((f"on the screen: {page.url}", _screen(page)))
    return report


def _screen(page: Page) -> str:
    try:
        return page.locator("body").inner_text(timeout=2_000)
    except Error as error:
        return str(error)


@pytest.fixture(scope="package")
def chromium() -> str:
    """The path of the system's Chromium."""
    found = find_chromium()
    assert found, "no Chromium: run `python3 -m tools.browser`, which installs it or says how"
    return found


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """The driver; ended with this folder, because its event loop would disturb other tests."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """One browser for all; each test has contexts of its own."""
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def built_pwa(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The setting of a server that names the built app: a copy, since somebody may build while the tests run."""
    dist = ROOT / "pwa" / "dist"
    missing = "pwa/dist is not built: run `make setup`, or `npm run build` in pwa/"
    assert (dist / "index.html").is_file(), missing
    copy = tmp_path_factory.mktemp("pwa") / "dist"
    shutil.copytree(dist, copy)
    learn(copy)
    return {"TIDELINE_PWA_DIR": str(copy)}


@pytest.fixture(scope="package")
def sqlite_town(
    sqlite_model: Path, built_pwa: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Town, ServerProcess]]:
    """All warehouses of these tests in one embedded database, and its server."""
    folder = tmp_path_factory.mktemp("town")
    url = copy_of_model(sqlite_model, folder)
    house = HouseUnderTest(Database(url, sqlite_synchronous="OFF"), folder)
    town = Town(house)
    build(town)
    house.db.close()  # the embedded file has one process at a time
    server = ServerProcess(url, folder / "server", built_pwa).start()
    yield town, server
    server.kill()


@pytest.fixture
def town(sqlite_town: tuple[Town, ServerProcess]) -> Town:
    """The warehouses."""
    return sqlite_town[0]


@pytest.fixture
def server(sqlite_town: tuple[Town, ServerProcess]) -> ServerProcess:
    """The server of the warehouses."""
    return sqlite_town[1]


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    """The browsers' memories of this test, forgotten at its end."""
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def new_context(browser: Browser, contexts: list[BrowserContext]) -> ContextMaker:
    """Makes browsers without memory: `new_context(locale="zh-CN")`."""

    def make(**options: Any) -> BrowserContext:
        given = {"locale": "en-GB", "timezone_id": "Asia/Shanghai"} | options
        contexts.append(browser.new_context(**given))
        return contexts[-1]

    return make


@pytest.fixture
def handheld(new_context: ContextMaker, server: ServerProcess) -> HandheldMaker:
    """Makes handhelds that talk to the shared server, or to `url`."""

    def make(
        url: str | None = None, language: str = "en", path: str = "/", totes: str = "", **options: Any
    ) -> Handheld:
        locale = {"zh": "zh-CN"}.get(language, "en-GB")
        context = new_context(viewport=SMALL, has_touch=True, is_mobile=True, locale=locale, **options)
        return Handheld(context, url or server.url, language, totes).open(path)

    return make


@pytest.fixture
def desk(new_context: ContextMaker, server: ServerProcess) -> HandheldMaker:
    """Makes big screens with a mouse and a keyboard."""

    def make(url: str | None = None, language: str = "en", path: str = "/", **options: Any) -> Handheld:
        locale = {"zh": "zh-CN"}.get(language, "en-GB")
        context = new_context(viewport=DESK, locale=locale, **options)
        return Handheld(context, url or server.url, language).open(path)

    return make


def eventually(check: Callable[[], Any], *, seconds: float = 10) -> Any:
    """The first true answer of `check`; fails when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := check()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
    return found
