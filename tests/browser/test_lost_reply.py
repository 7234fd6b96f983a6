"""The server has done it, but the answer never arrives: the device asks again, and it is done once."""

from playwright.sync_api import Route, expect

from backend.outbound.picking.models import PickTask
from tests.browser.conftest import HandheldMaker
from tests.browser.ledger import looking_at, moved
from tests.browser.town import Town
from tests.processes import ServerProcess


def lose_answers(device, pattern: str, times: int) -> list[str]:
    """Let the server answer and drop what it says, so many times; the command ids that were sent, all of them."""
    sent: list[str] = []

    def handle(route: Route) -> None:
        sent.append(route.request.headers["idempotency-key"])
        if len(sent) > times:
            route.continue_()
            return
        assert route.fetch().ok, "the server has done it"
        route.abort("connectionreset")

    device.context.route(pattern, handle)
    return sent


def test_a_pick_whose_answer_was_lost_is_booked_once(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["LOST"]
    device = handheld().log_in(site.badges["wang"]).take_next()
    device.obey_until("location")
    device.queue_empty()
    sent = lose_answers(device, "**/picks", times=2)
    picked = [device.pick_line() for _ in range(3)]
    device.queue_empty()
    assert len(sent) == 5
    assert sent[0] == sent[1] == sent[2], "the same deed under the same id"
    assert len(set(sent)) == 3
    device.obey_until("over")
    device.queue_empty()
    booked = moved(server, site.warehouse_id, "PICK")
    assert [(place, goods) for goods, _, place, _ in booked] == picked
    assert {goods: qty for goods, qty, _, _ in booked} == {"APPLE": 2, "PEAR": 3, "FIG": 1}


def test_a_claim_whose_answer_was_lost_takes_one_task_and_not_two(
    handheld: HandheldMaker, town: Town, server: ServerProcess
) -> None:
    site = town.sites["CLAIM"]
    device = handheld().log_in(site.badges["wang"])
    sent = lose_answers(device, "**/api/picking/claim", times=1)
    device.page.get_by_role("link", name=device.word("nav.pick"), exact=True).first.tap()
    device.button("pick.take_next").tap()
    expect(device.page.locator(".note.stop")).to_be_visible()
    device.button("pick.take_next").tap()
    device.asks("bind")
    assert sent[0] == sent[1]
    with looking_at(server) as session:
        tasks = session.query(PickTask).filter_by(warehouse_id=site.warehouse_id).all()
        assert sorted(task.state for task in tasks) == ["claimed", "open"]
