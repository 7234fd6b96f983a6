"""A scanner that types is heard whatever has the focus; a person who types is not taken for one."""

from tests.browser.conftest import HandheldMaker
from tests.browser.town import Town


def test_a_scan_with_nothing_in_focus(handheld: HandheldMaker, town: Town) -> None:
    device = handheld().log_in(town.sites["SCAN"].badges["wang"]).take_next()
    assert device.obey() == "bind"
    assert device.obey() == "bind"
    device.asks("location")
    print(device.pick_line())
