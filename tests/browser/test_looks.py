"""Two languages, a page that can turn round, targets for gloves, and nothing that a screen reader trips over."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, HandheldMaker
from tests.browser.handheld import SMALL, Handheld
from tests.browser.town import Town
from tests.browser.words import word
from tests.build.people import PASSWORD, PIN

LANGUAGES = {"zh": "简体中文", "en": "English"}
TARGET_PX = 48


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picker_logs_in_by_badge_and_pin_in_the_browser_s_language(
    handheld: HandheldMaker, town: Town, language: str
) -> None:
    device = handheld(language=language)
    expect(device.page.locator("html")).to_have_attribute("lang", re.compile(f"^{language}"))
    pressed = device.page.locator(".languages [aria-pressed=true]")
    expect(pressed).to_have_text(LANGUAGES[language])
    pressed.tap()  # this device keeps it, whatever a person's own language is
    device.log_in(town.sites["LOGIN"].badges["wang"])
    device.take_next_or_none()
    expect(device.page.locator(".note.info")).to_contain_text(device.word("pick.none"))


def test_the_language_changes_at_a_touch_and_stays(handheld: HandheldMaker) -> None:
    device = handheld()
    device.page.get_by_role("button", name="简体中文").tap()
    expect(device.page.get_by_role("heading", name=word("login.scan_badge", "zh"))).to_be_visible()
    device.page.reload()
    expect(device.page.get_by_role("heading", name=word("login.scan_badge", "zh"))).to_be_visible()


def test_a_wrong_pin_is_told_in_plain_words(handheld: HandheldMaker, town: Town) -> None:
    device = handheld()
    device.scan(town.sites["LOGIN"].badges["li"])
    device.type_pin("9999")
    expect(device.page.locator(".note.stop")).to_contain_text("4 tries left")
    device.type_pin(PIN)
    expect(device.page.locator("main.login")).to_have_count(0)


def test_a_late_answer_to_who_i_am_does_not_undo_a_log_in(handheld: HandheldMaker, town: Town) -> None:
    device = handheld(path="/device")
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    device.context.route("**/api/session", keep)
    device.page.goto(device.url)
    device.log_in(town.sites["LATE401"].badges["wang"])
    assert held, "the question was asked"
    held[0].fulfill(
        status=401, content_type="application/problem+json", body='{"code": "not_logged_in", "status": 401}'
    )
    device.context.unroute("**/api/session")
    device.take_next()


def overflow(page: Page) -> list[str]:
    """What sticks out of the page sideways, where the page itself then scrolls."""
    found: list[str] = page.evaluate(
        """() => {
            const wide = document.documentElement.scrollWidth > innerWidth + 1;
            const out = (one) => {
                const box = one.getBoundingClientRect();
                return box.width > 0 && (box.left < -1 || box.right > innerWidth + 1);
            };
            return wide ? [...document.querySelectorAll("main *")].filter(out).map((one) => one.outerHTML.slice(0, 90)) : [];
        }"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "zh", "x-rtl"])
def test_nothing_sticks_out_sideways_on_a_small_screen(
    new_context: Any, server: Any, town: Town, language: str
) -> None:
    site = town.sites["LOOK"]
    context = new_context(viewport=SMALL, has_touch=True, is_mobile=True)
    device = Handheld(context, server.url).open(f"/?lang={language}")
    expect(device.page.locator("html")).to_have_attribute("dir", "rtl" if language == "x-rtl" else "ltr")
    assert overflow(device.page) == []
    device.language = "zh" if language == "zh" else "en"
    device.log_in(site.badges["chen"])
    for path in (
        "/",
        "/pick",
        "/board",
        "/waves",
        "/orders",
        "/stock?text=APPLE",
        "/map",
        "/people",
        "/device",
    ):
        device.page.goto(f"{server.url}{path}")
        expect(device.page.locator("main")).to_be_visible()
        expect(device.page.locator(".wait")).to_have_count(0)
        assert overflow(device.page) == [], path


def small_targets(page: Page) -> list[str]:
    """Buttons, links and fields that a glove misses."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("button, a, input:not(.sink), select")]
            .map((one) => [one, one.getBoundingClientRect()])
            .filter(([, box]) => box.width > 0 && (box.width < least || box.height < least))
            .map(([one, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${one.outerHTML.slice(0, 80)}`)""",
        TARGET_PX,
    )
    return found


def test_every_target_of_picking_is_large_enough_for_gloves(handheld: HandheldMaker, town: Town) -> None:
    device = handheld()
    assert small_targets(device.page) == []
    device.scan(town.sites["GLOVES"].badges["wang"])
    expect(device.page.locator(".pad")).to_be_visible()
    assert small_targets(device.page) == []
    device.type_pin(PIN)
    expect(device.page.locator("main.login")).to_have_count(0)
    assert small_targets(device.page) == []
    device.take_next()
    seen: set[str] = set()
    while (step := device.step()) != "over":
        if step not in seen:
            assert small_targets(device.page) == [], step
        seen.add(step)
        if step == "sku":
            for sheet in ("pick.short", "pick.more", "pick.map"):
                device.page.get_by_role("button", name=device.word(sheet), exact=True).tap()
                expect(device.page.locator("dialog[open]")).to_be_visible()
                assert small_targets(device.page) == [], sheet
                device.page.keyboard.press("Escape")
                expect(device.page.locator("dialog[open]")).to_have_count(0)
        device.obey()
    assert {"bind", "location", "sku", "tote", "finish"} <= seen


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    answer = Axe().run(page).response
    assert answer["passes"], "axe has looked"
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in answer["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def test_axe_finds_nothing_serious_on_a_handheld(handheld: HandheldMaker, town: Town) -> None:
    device = handheld(bypass_csp=True)
    assert serious(device.page) == []
    device.log_in(town.sites["AXE"].badges["wang"])
    assert serious(device.page) == []
    device.take_next()
    device.obey_until("location")
    device.scanned("Z-99-9")
    assert serious(device.page) == []
    device.obey_until("tote")
    assert serious(device.page) == []
    device.button("pick.short").tap()
    assert serious(device.page) == []


@pytest.mark.parametrize(
    "path", ["/board", "/board?wall=1", "/waves", "/orders", "/stock?text=APPLE", "/map", "/people"]
)
def test_axe_finds_nothing_serious_on_a_desk(new_context: Any, server: Any, town: Town, path: str) -> None:
    site = town.sites["LOOK"]
    context = new_context(viewport=DESK, bypass_csp=True)
    context.request.post(
        f"{server.url}/api/session/password", data={"login": site.login("chen"), "password": PASSWORD}
    )
    page = context.new_page()
    page.goto(server.url + path)
    expect(page.locator("main")).to_be_visible()
    expect(page.locator(".wait")).to_have_count(0)
    assert serious(page) == []
