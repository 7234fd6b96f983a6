"""The board follows the floor by push, and everybody comes back by themselves after the server was away."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import HandheldMaker
from tests.browser.handheld import Handheld
from tests.browser.ledger import moved
from tests.browser.town import Site, Town
from tests.build.people import PASSWORD
from tests.processes import ServerProcess

PUSH_MS = 2_000  # a second on a machine that has nothing else to do


def board(desk: HandheldMaker, site: Site, path: str = "/board") -> Handheld:
    """The supervisor's board, live."""
    screen = desk(path=path)
    screen.enter(site.login("chen"), PASSWORD)
    expect(screen.page.locator(".light.ok", has_text=screen.word("board.connection.ok"))).to_be_visible()
    return screen


def lines(screen: Handheld, done: int, of: int) -> Locator:
    """The wave's count of lines."""
    return screen.page.locator(".panel.waves", has_text=screen.word("board.lines", done=done, all=of))


def test_the_board_shows_a_pick_by_push(desk: HandheldMaker, handheld: HandheldMaker, town: Town) -> None:
    site = town.sites["BOARD"]
    screen = board(desk, site)
    expect(lines(screen, 0, 3)).to_be_visible()
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    expect(screen.page.locator(".panel.pickers")).to_contain_text("Wang")
    for done in (1, 2, 3):
        place, _ = device.pick_line()
        device.queue_empty()
        expect(lines(screen, done, 3)).to_be_visible(timeout=PUSH_MS)
        expect(screen.page.locator(".panel.pickers .where")).to_have_text(place, timeout=PUSH_MS)
    device.obey_until("over")


def test_a_wrong_scan_and_a_short_stand_among_the_exceptions(
    desk: HandheldMaker, handheld: HandheldMaker, town: Town
) -> None:
    site = town.sites["EXCEPTION"]
    screen = board(desk, site, "/board?wall=1")
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.scanned("Z-99-9")
    exceptions = screen.page.locator(".panel.exceptions")
    expect(exceptions).to_contain_text("Z-99-9")
    device.button("pick.short").tap()
    device.react(device.button("short.damaged").tap)
    expect(exceptions.locator("li")).to_have_count(2)


def test_board_and_handheld_recover_by_themselves_when_the_server_was_killed(
    desk: HandheldMaker, handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["NIGHT"]
    screen = board(desk, site)
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.pick_line()
    device.queue_empty()
    expect(lines(screen, 1, 3)).to_be_visible()
    server.kill()
    try:
        expect(screen.page.locator(".light.ok", has_text=screen.word("board.connection.ok"))).to_have_count(0)
        device.pick_line()
        expect(device.page.locator(".queue-light.warn")).to_be_visible()
    finally:
        server.start()
    device.queue_empty()
    expect(lines(screen, 2, 3)).to_be_visible(timeout=25_000)
    live = screen.page.locator(".light.ok", has_text=screen.word("board.connection.ok"))
    expect(live).to_be_visible(timeout=25_000)
    device.pick_line()
    device.queue_empty()
    expect(lines(screen, 3, 3)).to_be_visible(timeout=PUSH_MS)
    device.obey_until("over")
    device.queue_empty()
    assert len(moved(server, site.warehouse_id, "PICK")) == 3
