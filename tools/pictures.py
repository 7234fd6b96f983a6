"""Take the pictures of docs/pictures anew: a throw-away demo house, a crew at work, a real browser.

Usage: .venv/bin/python -m tools.pictures [zh|en …]     (`make pictures` takes both and the one of the README)
"""

import io
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.handheld import SMALL, Handheld
from tools.browser import need_chromium
from tools.ground import ROOT, say
from tools.pictures_town import AT_WORK, Town, open_town

FOLDER = ROOT / "docs" / "pictures"
MOST_BYTES = 150_000
WALL = {"width": 1920, "height": 1080}
DESK = {"width": 1280, "height": 800}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_SETTLE_MS = 700


def _small(picture: Image.Image, path: Path) -> None:
    """Save with as many colours as the size allows."""
    data = b""
    for colours in (256, 128, 64, 32):
        data = _png(picture, colours)
        if len(data) <= MOST_BYTES:
            break
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    say(f"  {path.relative_to(ROOT)}  {len(data) // 1000} kB")


def _png(picture: Image.Image, colours: int) -> bytes:
    out = io.BytesIO()
    few = picture.convert("RGB").quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def _look(page: Page) -> Image.Image:
    page.wait_for_timeout(_SETTLE_MS)
    return Image.open(io.BytesIO(page.screenshot()))


def _narrow(picture: Image.Image, width: int) -> Image.Image:
    return picture.resize(
        (width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS, reducing_gap=3
    )


@dataclass
class Album:
    """The pictures in one language."""

    town: Town
    browser: Browser
    language: str

    def keep(self, picture: Image.Image, name: str, width: int) -> None:
        """Save a picture, not wider than that."""
        small = picture if picture.width <= width else _narrow(picture, width)
        _small(small, FOLDER / self.language / f"{name}.png")

    def hand(self, *, small: bool) -> Handheld:
        """A device at the login screen: a handheld, or a desk's screen."""
        size: dict[str, Any] = {"viewport": SMALL, "has_touch": True, "is_mobile": True}
        size["device_scale_factor"] = 2
        context = self.browser.new_context(
            **(size if small else {"viewport": DESK}),
            locale=LOCALES[self.language],
            timezone_id="Asia/Shanghai",
        )
        hand = Handheld(context, self.town.server.url, self.language, totes=f"{self.language.upper()}").open()
        hand.page.locator(f".languages button[lang={self.language}]").click()
        return hand

    def sit_down(self) -> Handheld:
        """A desk with the supervisor before it."""
        hand, person = self.hand(small=False), self.town.person("supervisor")
        hand.page.fill("[name=login]", person["login"])
        hand.page.fill("[name=password]", person["password"])
        hand.button("login.enter").click()
        expect(hand.page.locator("main.login")).to_have_count(0)
        return hand


@dataclass
class Walk:
    """One picker's way through everything that a handheld shows."""

    album: Album
    hand: Handheld
    person: dict[str, Any]
    task_id: int = 0

    def shot(self, name: str) -> None:
        """The screen, as it is now."""
        self.album.keep(_look(self.hand.page), name, 720)

    def sheet(self, button: str, name: str) -> None:
        """A sheet that slides in, and out again."""
        self.hand.button(button).click()
        self.shot(name)
        self._close()

    def _close(self) -> None:
        dialog = self.hand.page.get_by_role("dialog")
        dialog.get_by_role("button", name=self.hand.word("ui.close")).click()
        expect(dialog).to_have_count(0)

    def enter(self, wave_number: str) -> None:
        """Log in, and take a cart of that wave."""
        hand = self.hand
        self.shot("login")
        hand.page.get_by_role("link", name=hand.word("nav.device")).click()
        self.shot("device")
        hand.page.go_back()
        hand.log_in(self.person["badge"], self.person["pin"])
        hand.page.get_by_role("link", name=hand.word("nav.pick"), exact=True).first.click()
        row = hand.page.locator("li.task-row", has_text=wave_number).first
        expect(row).to_be_visible()
        self.shot("tasks")
        with hand.page.expect_response(re.compile("/claim$")) as answer:
            row.get_by_role("button", name=hand.word("pick.claim")).click()
        self.task_id = answer.value.json()["task"]["id"]
        expect(hand.page.locator("main.pick")).to_be_visible()
        self.shot("bind")

    def pick(self) -> None:
        """The first lines, with everything that may go wrong."""
        hand = self.hand
        hand.obey_until("location")
        self.shot("bin")
        hand.scanned("JK.A-99-9")
        self.shot("wrong-bin")
        hand.scanned(hand.bin)
        hand.obey_until("sku", "each")
        self.shot("goods")
        hand.scanned("6901234567892")
        self.shot("wrong-goods")
        self.sheet("pick.short", "short")
        self.sheet("pick.more", "more")
        hand.page.get_by_role("button", name=hand.word("pick.map")).click()
        self.shot("map")
        self._close()
        hand.obey_until("tote")
        self.shot("tote")
        hand.obey()
        hand.obey_until("location")
        hand.react(hand.button("pick.undo").click)
        self.shot("undone")

    def task(self) -> dict[str, Any]:
        """The cart in this hand, as the server knows it."""
        found: dict[str, Any] = self.album.town.desk.get(f"/api/picking/tasks/{self.task_id}")
        return found

    def lose_network(self) -> None:
        """Pick without a network while the office holds an order; the attention list, then goods to put back."""
        hand, office = self.hand, self.album.town.desk
        hand.works_offline()
        hand.queue_empty()
        hand.obey_until("location")
        shown = (hand.bin, hand.sku)
        lines = self.task()["lines"]
        line = next(one for one in lines if (one["location"]["code"], one["sku"]["code"]) == shown)
        hand.offline()
        hand.pick_line()
        hand.pick_line()
        self.shot("offline")
        hand.page.locator(".queue-light").click()
        self.shot("queue")
        split = next(one for one in line["splits"] if one["picked_qty"] < one["qty"])
        office.post(f"/api/orders/{split['order_id']}/hold", {"reason": "refund_requested"})
        hand.online()
        expect(hand.page.locator("article.card").first).to_be_visible()
        self.shot("attention")
        while (understood := hand.button("queue.understood")).count() > 0:
            understood.first.click()
            hand.page.wait_for_timeout(300)
        hand.page.go_back()
        expect(hand.page.locator("main.pick")).to_be_visible()

    def put_back(self) -> None:
        """An order is held while its goods are on the cart."""
        hand, office = self.hand, self.album.town.desk
        hand.obey_until("location", "sku")
        hand.pick_line()
        hand.queue_empty()
        splits = [one for line in self.task()["lines"] for one in line["splits"]]
        picked = next((one for one in splits if one["picked_qty"] > 0), None)
        if picked is None:
            raise AssertionError("nothing is picked: no goods to put back")
        office.post(f"/api/orders/{picked['order_id']}/hold", {"reason": "refund_requested"})
        expect(hand.page.locator(".says.stop")).to_be_visible()
        self.shot("held")
        hand.button("pick.more").click()
        text = re.compile(re.escape(hand.word("pick.put_back_now", qty="@", location="").split("@")[0]))
        hand.page.get_by_role("dialog").get_by_role("button", name=text).first.click()
        hand.obey()
        self.shot("put-back")
        wanted = next(one for one in self.task()["put_backs"] if one["location_code"] == hand.bin)
        hand.scanned(wanted["sku"]["code"])
        hand.obey()


def _waves(albums: list[Album], town: Town) -> str:
    """The supervisor's screens: preview, plan, release; the number of the wave with several lines an order."""
    desks = [(album, album.sit_down()) for album in albums]
    hot, single, multi = (each["id"] for each in town.strategies())
    for album, hand in desks:
        hand.page.goto(f"{hand.url}/waves")
        album.keep(_look(hand.page), "waves", 1000)
        hand.page.goto(f"{hand.url}/waves?preview={multi}")
        album.keep(_look(hand.page), "preview", 1000)
    wave_id, second = town.compose(multi), town.compose(single)
    town.compose(hot)
    for _album, hand in desks:
        hand.page.goto(f"{hand.url}/waves?wave={wave_id}")
        expect(hand.button("wave.plan_now")).to_be_visible()
    desks[0][1].button("wave.plan_now").click()
    for album, hand in desks:
        expect(hand.button("wave.stop")).to_be_visible()
        album.keep(_look(hand.page), "planning", 1000)
    town.planned(wave_id)
    for album, hand in desks:
        expect(hand.button("wave.release")).to_be_visible()
        album.keep(_look(hand.page), "planned", 1000)
        hand.context.close()
    town.desk.post(f"/api/waves/{second}/plan")
    town.planned(second)
    for each in (wave_id, second):
        town.desk.post(f"/api/waves/{each}/release")
    return str(town.wave(wave_id)["number"])


def _watch(album: Album) -> Image.Image:
    """The board, on the wall and at the desk, and who is logged in."""
    hand = album.sit_down()
    for name, path in (("people", "/people"), ("map", "/map")):
        hand.page.goto(hand.url + path)
        album.keep(_look(hand.page), f"desk-{name}", 1000)
    hand.page.set_viewport_size({"width": 1920, "height": 1080})
    hand.page.goto(f"{hand.url}/board?wall=1")
    expect(hand.page.locator(".picker-row").first).to_be_visible()
    board = _look(hand.page)
    album.keep(board, "board", 1200)
    hand.context.close()
    return board


def _together(board: Image.Image, phone: Image.Image) -> Image.Image:
    """The handheld beside the board."""
    hand, wall = _narrow(phone, 274), _narrow(board, 866)
    sheet = Image.new("RGB", (1200, 527), "#123a42")
    sheet.paste("#10181a", (12, 12, 306, 12 + hand.height + 16))
    sheet.paste(hand, (22, 20))
    sheet.paste(wall, (322, 20))
    return sheet


def take(languages: list[str]) -> None:
    """All pictures in these languages."""
    expect.set_options(timeout=20_000)
    with open_town() as town, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=need_chromium(), args=_FLAGS)
        town.name_crew()
        albums = [Album(town, browser, language) for language in languages]
        number = _waves(albums, town)
        town.work(4)
        people = [town.person("picker"), town.demo["simulation"]["pickers"][AT_WORK]]
        for album, person in zip(albums, people, strict=False):
            walk = Walk(album, album.hand(small=True), person)
            walk.enter(number)
            walk.pick()
            walk.lose_network()
            walk.put_back()
        town.work(5)
        boards = {album.language: _watch(album) for album in albums}
        if "en" in boards:
            phone = Image.open(FOLDER / "en" / "tote.png")
            _small(_together(boards["en"], phone), FOLDER / "tideline.png")
        browser.close()


if __name__ == "__main__":
    take(sys.argv[1:] or list(LOCALES))
