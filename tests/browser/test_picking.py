"""A day on the floor: held orders, empty bins, second thoughts, tired batteries, colleagues."""

from contextlib import closing

from playwright.sync_api import expect

from tests.browser.conftest import HandheldMaker
from tests.browser.handheld import Handheld
from tests.browser.ledger import moved
from tests.browser.town import Site, Town
from tests.build.people import PASSWORD
from tests.processes import Api, ServerProcess


def hold(server: ServerProcess, site: Site, order: int = 0) -> None:
    """The customer wants the money back."""
    with closing(Api(server.port)) as api:
        api.post("/api/session/password", {"login": site.login("chen"), "password": PASSWORD})
        api.post(f"/api/orders/{site.orders[order]}/hold", {"reason": "refund_requested"})


def finish(device: Handheld) -> None:
    """Do all that is left."""
    device.obey_until("over")
    device.queue_empty()


def test_an_order_held_in_mid_pick_says_where_to_put_the_goods_back(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["HELD"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    assert device.pick_line() == ("A-01-1", "APPLE")
    device.queue_empty()
    hold(server, site)
    device.told("stop", "pick.say.order_held")
    assert device.obey_until("put_location") == "put_location"
    assert device.bin == "A-01-1"
    device.scanned("B-01-1")
    expect(device.page.locator(".says.stop, .says.warn")).to_be_visible()
    assert device.obey() == "put_location"
    device.obey_until("finish")
    device.told("ok", "pick.say.put_back_done", qty=2, location="A-01-1")
    finish(device)
    assert moved(server, site.warehouse_id, "UNPICK") == [("APPLE", 2, "PICKED", "A-01-1")]
    assert [goods for goods, *_ in moved(server, site.warehouse_id, "PICK")] == ["APPLE", "PEAR"]


def test_goods_picked_without_a_network_for_an_order_held_meanwhile_come_back_as_work_not_as_a_loss(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["HELDOFF"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.queue_empty()
    device.works_offline()
    device.offline()
    hold(server, site)
    assert device.pick_line() == ("A-01-1", "APPLE")
    device.online()
    light = device.page.locator(".queue-light.stop")
    expect(light).to_contain_text(device.word("queue.refused", n=1), timeout=30_000)
    light.tap()
    expect(device.page.locator("article .note.stop")).to_contain_text("A-01-1")
    device.button("queue.understood").tap()
    expect(device.page.locator(".note.ok")).to_contain_text(device.word("queue.empty"))
    device.page.go_back()
    device.obey_until("over")
    device.queue_empty()
    assert [goods for goods, *_ in moved(server, site.warehouse_id, "PICK")] == ["PEAR"]


def test_an_empty_bin_with_its_reason_sends_the_picker_to_another(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["SHORT"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    while device.sku != "DATE":
        device.pick_line()
    first = device.bin
    device.obey()
    device.button("pick.short").tap()
    device.react(device.button("short.empty").tap)
    device.told("warn", "pick.say.short_noted")
    device.queue_empty()
    expect(device.ask).not_to_have_text(device.word("pick.ask.finish"))
    while device.sku != "DATE":
        device.pick_line()
    second = device.bin
    assert {first, second} == {"A-03-1", "B-04-1"}
    finish(device)
    assert ("DATE", 3, first, "SHORTAGE") in moved(server, site.warehouse_id, "SHORT")
    assert ("DATE", 3, second, "PICKED") in moved(server, site.warehouse_id, "PICK")


def test_a_skipped_line_comes_again_and_an_undone_pick_is_negated(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["UNDO"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    first = device.bin
    device.react(device.button("pick.skip").tap)
    device.told("warn", "pick.say.skipped", location=first)
    place, goods = device.pick_line()
    assert place != first
    device.queue_empty()
    device.react(device.button("pick.undo").tap)
    device.told("warn", "pick.say.undone")
    expect(device.page.locator(".says")).to_contain_text(place)
    device.queue_empty()
    assert device.pick_line() == (place, goods)
    finish(device)
    picked = moved(server, site.warehouse_id, "PICK")
    assert picked[-1][2] == first, "the skipped bin came last"
    assert [row[0] for row in moved(server, site.warehouse_id, "UNPICK")] == [goods]
    total = sum(qty for _, qty, *_ in picked) - sum(
        qty for _, qty, *_ in moved(server, site.warehouse_id, "UNPICK")
    )
    assert total == 4


def suspend(device: Handheld) -> None:
    """Put the cart aside."""
    device.button("pick.more").tap()
    device.react(device.button("pick.suspend").tap)
    device.asks("suspended")
    device.queue_empty()


def open_list(device: Handheld) -> None:
    """From the start page to the tasks."""
    device.page.get_by_role("link", name=device.word("nav.pick"), exact=True).first.tap()


def test_a_suspended_task_is_resumed_on_another_device(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["ASIDE"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    picked = device.pick_line()
    suspend(device)
    other = handheld().log_in(site.badges["wang"])
    open_list(other)
    other.page.locator(".task-row").get_by_role("button", name=other.word("pick.resume")).tap()
    other.asks("location")
    assert other.progress() == other.word("pick.progress", done=1, all=2)
    finish(other)
    moves = moved(server, site.warehouse_id, "PICK")
    assert len(moves) == 2
    assert (moves[0][2], moves[0][0]) == picked


def test_a_colleague_goes_on_with_a_suspended_cart(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["COLLEAGUE"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.pick_line()
    suspend(device)
    other = handheld().log_in(site.badges["li"])
    open_list(other)
    other.page.locator(".task-row").get_by_role("button", name=other.word("pick.take_over")).tap()
    other.asks("location")
    finish(other)
    assert len(moved(server, site.warehouse_id, "PICK")) == 2


def test_a_cart_that_was_taken_over_is_gone_from_the_first_device(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["OVER"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.pick_line()
    device.queue_empty()
    other = handheld().log_in(site.badges["chen"])
    open_list(other)
    other.page.locator(".task-row").get_by_role("button", name=other.word("pick.take_over")).tap()
    other.asks("location")
    device.told("stop", "pick.say.taken_over")
    device.asks("not_mine")
    finish(other)
    assert len(moved(server, site.warehouse_id, "PICK")) == 3


def test_the_same_person_goes_on_with_another_device_after_a_dead_battery(
    handheld: HandheldMaker, town: Town
) -> None:
    site = town.sites["BATTERY"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.pick_line()
    device.queue_empty()
    device.context.close()
    other = handheld(path="/pick").log_in(site.badges["wang"])
    other.asks("location")
    assert other.progress() == other.word("pick.progress", done=1, all=2)
    finish(other)
