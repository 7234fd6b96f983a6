"""The warehouses of the tests in this folder, by the code that a test asks for."""

from tests.browser.town import Town


def build(town: Town) -> None:
    """All of them, before the server starts: it wants the embedded file for itself."""
    town.site("SCAN", "wang", "li").wants({"APPLE": 3, "PEAR": 2, "KIWI": 1}, {"APPLE": 1, "FIG": 2}).work()
    town.site("LOGIN", "wang", "li")
    town.site("LOOK").person("chen", role="supervisor").wants({"APPLE": 2, "FIG": 1}, {"APPLE": 1}).work()
    town.site("GLOVES").wants({"APPLE": 2, "FIG": 1}, {"APPLE": 1}).work()
    town.site("AXE").wants({"APPLE": 2, "FIG": 1}, {"APPLE": 1}).work()
    town.site("LOST").wants({"APPLE": 2, "PEAR": 3, "FIG": 1}).work()
    town.site("LATE401").wants({"APPLE": 1}).work()
    town.site("HELD").person("chen", role="supervisor").wants({"APPLE": 2}, {"PEAR": 1}).work()
    town.site("HELDOFF").person("chen", role="supervisor").wants({"APPLE": 2}, {"PEAR": 1}).work()
    short = town.site("SHORT")
    short.shop.stock("DATE", A_03_1=3, B_04_1=3)
    short.wants({"DATE": 3, "KIWI": 1}).work()
    town.site("UNDO").wants({"APPLE": 1, "PEAR": 2, "KIWI": 1}).work()
    town.site("ASIDE").wants({"APPLE": 1, "PEAR": 2}).work()
    town.site("COLLEAGUE", "wang", "li").wants({"APPLE": 1, "PEAR": 2}).work()
    town.site("OVER").person("chen", role="supervisor").wants({"APPLE": 1, "PEAR": 2, "FIG": 1}).work()
    town.site("BOARD").person("chen", role="supervisor").wants({"APPLE": 1, "PEAR": 1, "FIG": 1}).work()
    town.site("NIGHT").person("chen", role="supervisor").wants({"APPLE": 1, "PEAR": 1, "FIG": 1}).work()
    town.site("EXCEPTION").person("chen", role="supervisor").wants({"APPLE": 1, "PEAR": 1}).work()
    town.site("DESK").person("chen", role="supervisor")
    for hand in ("MOUSE", "KEYS"):
        town.site(f"WHY-{hand}").person("chen", role="supervisor").wants({"APPLE": 2}).work()
        town.site(f"REVOKE-{hand}").person("chen", role="supervisor").wants({"APPLE": 1, "PEAR": 1}).work()
    town.site("CLAIM").wants({"APPLE": 1}, {"PEAR": 1}).work(cart_totes=1, totes=1)
    town.site("BATTERY").wants({"APPLE": 1, "PEAR": 2}).work()
    town.site("CAMERA")
    for code in ("MOUSE", "KEYS"):
        site = town.site(code).person("chen", role="supervisor")
        site.wants({"APPLE": 2}, {"FIG": 1}, {"APPLE": 1, "PEAR": 1, "KIWI": 2}, {"LIME": 30}, carrier="SF")
        site.wants({"PLUM": 1}, carrier="ZTO")
