"""The warehouses of the tests in this folder, by the code that a test asks for."""

from tests.browser.town import Town


def build(town: Town) -> None:
    """All of them, before the server starts: it wants the embedded file for itself."""
    town.site("SCAN", "wang", "li").wants({"APPLE": 3, "PEAR": 2, "KIWI": 1}, {"APPLE": 1, "FIG": 2}).work()
    town.site("LOGIN", "wang", "li")
