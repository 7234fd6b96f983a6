"""A scanner that types is heard whatever has the focus; a person who types is not taken for one."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import HandheldMaker
from tests.browser.handheld import SMALL, Handheld
from tests.browser.town import Town
from tests.processes import ServerProcess

EAN = "6901234567892"
GS = "\u001d"


@pytest.fixture(scope="module")
def device(browser: Browser, sqlite_town: tuple[Town, ServerProcess]) -> Iterator[Handheld]:
    """A handheld on the page where scans can be tried."""
    town, server = sqlite_town
    context = browser.new_context(viewport=SMALL, has_touch=True, is_mobile=True, locale="en-GB")
    yield Handheld(context, server.url).open().log_in(town.sites["SCAN"].badges["li"])
    context.close()


@pytest.fixture(autouse=True)
def _fresh(device: Handheld) -> None:
    device.open("/device")
    expect(read(device)).to_have_text("–")


def read(device: Handheld):
    """Where the page shows what was read."""
    return device.page.locator("output.code")


def nothing_read(device: Handheld) -> None:
    """Wait until a scan would have been delivered, and see that none was."""
    device.page.wait_for_timeout(450)  # longer than the scanner's own patience
    expect(read(device)).to_have_text("–")


def field(device: Handheld):
    """A field that a person types into."""
    return device.page.get_by_label(re.compile("^" + re.escape(device.word("device.name"))))


def hold(device: Handheld, text: str) -> None:
    """Somebody has typed that a while ago and is still in the field."""
    field(device).focus()
    field(device).evaluate("(field, text) => { field.value = text; }", text)


def test_keys_with_an_enter_and_nothing_in_focus(device: Handheld) -> None:
    device.type_scan(EAN)
    expect(read(device)).to_have_text(EAN)


def test_keys_with_a_tab(device: Handheld) -> None:
    device.type_scan(EAN, suffix="Tab")
    expect(read(device)).to_have_text(EAN)


def test_keys_without_a_suffix(device: Handheld) -> None:
    device.type_scan(EAN, suffix=None)
    expect(read(device)).to_have_text(EAN)


def test_a_whole_text_committed_by_an_input_method(device: Handheld) -> None:
    device.page.keyboard.insert_text(EAN)
    expect(read(device)).to_have_text(EAN)


def test_characters_committed_one_by_one_under_key_229(device: Handheld) -> None:
    key = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Unidentified"}
    steps = [("dispatchKeyEvent", key), ("insertText", {})]
    device.send([{"via": via, "with": params or {"text": one}} for one in EAN for via, params in steps])
    expect(read(device)).to_have_text(EAN)


def test_two_commits_are_two_scans(device: Handheld) -> None:
    device.page.keyboard.insert_text(EAN)
    expect(read(device)).to_have_text(EAN)
    device.page.keyboard.insert_text("A-01-021")
    expect(read(device)).to_have_text("A-01-021")


def test_after_a_button_was_touched(device: Handheld) -> None:
    device.button("tone.ok").tap()
    device.type_scan(EAN)
    expect(read(device)).to_have_text(EAN)
    device.button("tone.ok").tap()
    device.page.keyboard.insert_text("A-01-021")
    expect(read(device)).to_have_text("A-01-021")


def test_a_scan_while_a_text_field_has_the_focus_does_not_stay_in_it(device: Handheld) -> None:
    hold(device, "PDA")
    device.type_scan(EAN)
    expect(read(device)).to_have_text(EAN)
    expect(field(device)).to_have_value("PDA")


def test_a_scan_without_suffix_while_a_number_field_has_the_focus(device: Handheld) -> None:
    number = device.page.locator("input[type=number]")
    before = number.input_value()
    number.focus()
    device.type_scan(EAN, suffix=None)
    expect(read(device)).to_have_text(EAN)
    expect(number).to_have_value(before)


def test_a_commit_while_a_field_has_the_focus(device: Handheld) -> None:
    hold(device, "PDA")
    device.page.keyboard.insert_text(EAN)
    expect(read(device)).to_have_text(EAN)
    expect(field(device)).to_have_value("PDA")


def test_a_double_trigger_counts_once_and_another_label_at_once(device: Handheld) -> None:
    device.page.evaluate("window.heard.length = 0; window.buzzed.length = 0")
    device.type_scan(EAN)
    device.type_scan(EAN)
    expect(read(device)).to_have_text(EAN)
    device.type_scan("A-01-021")
    expect(read(device)).to_have_text("A-01-021")
    assert len(device.page.evaluate("window.buzzed")) == 2


def test_a_group_separator_comes_through_as_control_and_bracket(device: Handheld) -> None:
    device.page.keyboard.type("0106901234567892")
    device.page.keyboard.type("10AB7")
    device.page.keyboard.press("Control+]")
    device.page.keyboard.type("3705")
    device.page.keyboard.press("Enter")
    expect(read(device)).to_have_text("010690123456789210AB7⟨GS⟩3705")


def test_a_finger_and_the_tab_key_get_into_a_field_and_out_of_it(device: Handheld) -> None:
    field(device).tap()
    expect(field(device)).to_be_focused()
    device.page.keyboard.type("PDA", delay=110)
    expect(field(device)).to_have_value("PDA")
    device.page.keyboard.press("Tab")
    expect(device.button("device.enrol")).to_be_focused()
    device.open("/device")
    expect(device.page.locator("input.sink")).to_be_focused()
    device.page.keyboard.press("Tab")
    expect(device.page.get_by_role("link").first).to_be_focused()


def test_a_person_who_types_is_not_a_scanner(device: Handheld) -> None:
    device.page.keyboard.type("6901234", delay=110)
    nothing_read(device)
    field(device).focus()
    device.page.keyboard.type("PDA-07", delay=110)
    nothing_read(device)
    expect(field(device)).to_have_value("PDA-07")


def test_late_keys_of_a_wireless_scanner_stay_with_the_others(device: Handheld) -> None:
    code, at = "A-01-021-7K", time.time()
    keys = []
    for number, character in enumerate(code):
        at += 0.12 if number % 5 == 4 else 0.02
        keys.append({"type": "keyDown", "key": character, "text": character, "timestamp": at})
    device.send([{"via": "dispatchKeyEvent", "with": key} for key in keys])
    expect(read(device)).to_have_text(code)


def test_a_scan_on_the_log_in_screen_leaves_nothing_in_the_field_for_typed_badges(
    handheld: HandheldMaker, town: Town
) -> None:
    device = handheld()
    device.page.get_by_label(device.word("login.badge_by_hand")).focus()  # and still the scan is no typing
    device.log_in(town.sites["SCAN"].badges["wang"])
    device.take_next()
    device.obey_until("location")
    device.pick_line()
