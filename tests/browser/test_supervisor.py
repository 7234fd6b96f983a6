"""A supervisor's morning at the big screen: orders in, a wave out, a number explained, a login ended. By mouse, and by keys."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import HandheldMaker
from tests.browser.handheld import Handheld
from tests.browser.ledger import moved
from tests.browser.town import Town
from tests.build.people import PASSWORD
from tests.processes import ServerProcess

PLAN_MS = 90_000  # the first plan on a machine compiles the search
MOST_TABS = 150


def type_over(page: Page, text: str) -> None:
    """Write over what stands in the field, as a person does: quicker would be a scanner."""
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text, delay=60)


@dataclass
class Mouse:
    """A hand on the mouse."""

    page: Page

    def press(self, target: Locator) -> None:
        """Work a button or a link."""
        target.click()

    def write(self, target: Locator, text: str) -> None:
        """Fill in a field."""
        target.click()
        type_over(self.page, text)


@dataclass
class Keys:
    """Two hands on the keyboard, no mouse: everything must be reached by Tab and worked by Enter."""

    page: Page

    def press(self, target: Locator) -> None:
        """Work a button or a link."""
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        """Fill in a field."""
        self._reach(target)
        type_over(self.page, text)

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        expect(target).to_be_enabled()
        for _ in range(MOST_TABS):
            if target.evaluate("(one) => one === document.activeElement"):
                outline = "(one) => getComputedStyle(one).outlineStyle + getComputedStyle(one).boxShadow"
                assert target.evaluate(outline) != "nonenone", "the focus is seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}")


def row(screen: Handheld, text: str) -> Locator:
    """The row of a table."""
    return screen.page.locator("tbody tr", has_text=text)


def go(screen: Handheld, hand: Mouse | Keys, place: str) -> None:
    """By the navigation at the top."""
    screen.page.locator(".wait").wait_for(state="detached")
    hand.press(
        screen.page.locator(".desk-nav").get_by_role("link", name=screen.word(f"nav.{place}"), exact=True)
    )


def new_strategy(screen: Handheld, hand: Mouse | Keys, name: str) -> None:
    """A strategy for carrier SF and orders of at most ten units, planned for a second."""
    hand.press(screen.button("strategy.new"))
    sheet = screen.page.get_by_role("dialog")
    for field, text in (("name", name), ("carriers", "SF"), ("units_max", "10"), ("plan_seconds", "1")):
        hand.write(sheet.locator(f"[name={field}]"), text)
    hand.press(sheet.get_by_role("button", name=screen.word("ui.save")))
    expect(sheet).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize(("hand_of", "code"), [(Mouse, "MOUSE"), (Keys, "KEYS")], ids=["by mouse", "by keys"])
def test_a_wave_from_its_strategy_to_the_floor(
    hand_of: type[Mouse] | type[Keys],
    code: str,
    desk: HandheldMaker,
    handheld: HandheldMaker,
    town: Town,
    server: ServerProcess,
) -> None:
    site = town.sites[code]
    screen = desk()
    hand = hand_of(screen.page)
    hand.write(screen.page.locator("[name=login]"), site.login("chen"))
    hand.write(screen.page.locator("[name=password]"), PASSWORD)
    hand.press(screen.button("login.enter"))
    expect(screen.page.locator("main.login")).to_have_count(0)

    hand.press(screen.page.locator(".tiles").get_by_role("link", name=screen.word("nav.waves")))
    new_strategy(screen, hand, f"Morning {code}")
    strategy = screen.page.locator(".task-row", has_text=f"Morning {code}")
    hand.press(strategy.get_by_role("button", name=screen.word("wave.preview")))

    expect(screen.page.locator(".note.ok")).to_contain_text("3 orders in, 2 out")
    expect(screen.page.locator("tbody tr", has_text=screen.word("why.in"))).to_have_count(3)
    expect(row(screen, screen.word("why.filter_quantity", units=30))).to_have_count(1)
    expect(row(screen, screen.word("why.filter_carrier", carrier="ZTO"))).to_have_count(1)

    hand.press(screen.button("wave.compose"))
    heading = screen.page.locator("h2", has_text="·")
    expect(heading).to_contain_text(screen.word("wave_state.composed"))
    hand.press(screen.button("wave.plan_now"))
    expect(heading).to_contain_text(screen.word("wave_state.planned"), timeout=PLAN_MS)
    expect(screen.page.locator("main")).to_contain_text(screen.word("wave.plan"))
    hand.press(screen.button("wave.release"))
    expect(heading).to_contain_text(screen.word("wave_state.released"))
    number = heading.inner_text().split(" ")[0]

    go(screen, hand, "board")
    expect(screen.page.locator(".panel.waves")).to_contain_text(number)
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.work()
    expect(screen.page.locator(".panel.waves progress").first).to_have_js_property("position", 1)
    assert sum(qty for _, qty, *_ in moved(server, site.warehouse_id, "PICK")) == 7


@pytest.mark.parametrize("hand_of", [Mouse, Keys], ids=["by mouse", "by keys"])
def test_orders_come_in_by_file_with_a_word_for_each_bad_row(
    hand_of: type[Mouse] | type[Keys], desk: HandheldMaker, town: Town, tmp_path: Path
) -> None:
    site = town.sites["DESK"]
    screen = desk(path="/orders").enter(site.login("chen"), PASSWORD)
    hand = hand_of(screen.page)
    hand.press(screen.button("order.import"))
    file = tmp_path / "orders.csv"
    file.write_text("order_no,sku,qty\nF1,APPLE,2\nF2,GHOST,1\nF3,PEAR,-1\n")
    hand.write(screen.page.locator("[name=shop]"), hand_of.__name__.lower())
    chosen = screen.page.locator("[name=file]")
    with screen.page.expect_file_chooser() as chooser:
        hand.press(chosen)
    chooser.value.set_files(file)
    hand.press(screen.button("import.start"))
    expect(screen.page.locator(".note.warn")).to_be_visible()
    expect(row(screen, "F2")).to_contain_text("GHOST")
    expect(row(screen, "F3").first).to_be_visible()
    for text in screen.page.locator("tbody tr td:last-child").all_inner_texts():
        assert not re.search(r"\b[a-z]+_[a-z_]+\b|[{}]", text), f"words, no codes: {text}"
    go(screen, hand, "orders")
    hand.write(screen.page.locator("[name=text]"), "F1")
    hand.press(screen.button("ui.search"))
    expect(row(screen, "F1")).not_to_have_count(0)
    hand.press(row(screen, "F1").get_by_role("link").first)
    hand.press(screen.button("order.hold"))
    expect(screen.page.locator(".chip.stop")).to_contain_text(screen.word("hold.manual"))
    hand.press(screen.button("order.release_hold"))
    expect(screen.page.locator(".chip.ok")).to_contain_text(screen.word("hold.manual"))


@pytest.mark.parametrize("hand_of", [Mouse, Keys], ids=["by mouse", "by keys"])
def test_a_number_is_explained_down_to_the_scan(
    hand_of: type[Mouse] | type[Keys], desk: HandheldMaker, handheld: HandheldMaker, town: Town
) -> None:
    site = town.sites[f"WHY-{hand_of.__name__}".upper()]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("over")
    device.queue_empty()
    screen = desk(path="/stock").enter(site.login("chen"), PASSWORD)
    hand = hand_of(screen.page)
    hand.write(screen.page.locator("[name=text]"), "APPLE")
    hand.press(screen.button("ui.search"))
    hand.press(row(screen, "A-01-1").get_by_role("button", name=screen.word("stock.explain")))
    pick = row(screen, screen.word("move.PICK"))
    expect(pick).to_have_count(1)
    for said in ("-2", "48", "A-01-1 → PICKED", "Wang", screen.word("doc.pick_task")):
        expect(pick).to_contain_text(said)
    expect(row(screen, screen.word("move.RECEIPT"))).to_contain_text("+50")


@pytest.mark.parametrize("hand_of", [Mouse, Keys], ids=["by mouse", "by keys"])
def test_a_revoked_login_is_gone_from_the_handheld_and_its_scans_are_kept(
    hand_of: type[Mouse] | type[Keys],
    desk: HandheldMaker,
    handheld: HandheldMaker,
    town: Town,
    server: ServerProcess,
) -> None:
    site = town.sites[f"REVOKE-{hand_of.__name__}".upper()]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.queue_empty()
    device.works_offline()
    device.offline()
    device.pick_line()
    waiting = device.waiting()
    screen = desk(path="/people").enter(site.login("chen"), PASSWORD)
    screen.page.on("dialog", lambda question: question.accept())
    session = row(screen, "Wang").filter(has_text=screen.word("session_kind.badge"))
    hand_of(screen.page).press(session.get_by_role("button", name=screen.word("people.revoke")))
    expect(session).to_have_count(0)
    device.online()
    expect(device.page.locator("main.login")).to_be_visible(timeout=30_000)
    assert device.waiting() == waiting
    device.log_in(site.badges["wang"])
    device.queue_empty()
    assert len(moved(server, site.warehouse_id, "PICK")) == 1
