"""A handheld in somebody's hand: it scans, reads the screen and does what the screen asks."""

import asyncio
import itertools
import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.words import key_of, like, word
from tests.build.people import PIN

SMALL = {"width": 360, "height": 640}
_carts = itertools.count(1)

# Sounds and vibrations are noted, since nobody hears them here.
LISTEN = """
window.heard = [];
window.buzzed = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.heard.push([this.type, this.frequency.value]);
  return start.apply(this, when);
};
Navigator.prototype.vibrate = function (pattern) { window.buzzed.push(pattern); return true; };
"""


def _press(key: str) -> list[dict[str, Any]]:
    code, text = {"Enter": (13, "\r"), "Tab": (9, "")}.get(key, (0, key))
    plain = {"key": key, "windowsVirtualKeyCode": code}
    return [
        {
            "via": "dispatchKeyEvent",
            "with": plain | {"type": "keyDown", "text": text, "unmodifiedText": text},
        },
        {"via": "dispatchKeyEvent", "with": plain | {"type": "keyUp"}},
    ]


@dataclass
class Handheld:
    """One device with its browser."""

    context: BrowserContext
    url: str
    language: str = "en"
    totes: str = ""
    page: Page = field(init=False)

    def __post_init__(self) -> None:
        self.totes = self.totes or f"TOTE-{next(_carts):03}"
        self._tote_numbers = itertools.count(1)
        self.context.add_init_script(LISTEN)
        self.page = self.context.new_page()
        self._cdp: Any = self.context.new_cdp_session(self.page)

    def word(self, key: str, **facts: Any) -> str:
        """A text in the language of this device."""
        return word(key, self.language, **facts)

    def open(self, path: str = "/") -> "Handheld":
        """Show a page and wait until scans are welcome."""
        self.page.goto(self.url + path)
        self.ready()
        return self

    def ready(self) -> None:
        """The scanner's listeners are in place and a screen is drawn."""
        expect(self.page.locator("input.sink")).to_be_attached()
        expect(self.page.locator("main")).to_be_visible()

    def works_offline(self) -> None:
        """Wait until the service worker can start the app without a network."""
        self.page.evaluate(
            """() => new Promise((done) => {
                if (navigator.serviceWorker.controller) done();
                else navigator.serviceWorker.addEventListener("controllerchange", () => done());
            })"""
        )

    def scan(self, text: str) -> None:
        """What a scanner does that writes through the input method (DataWedge), with nothing in focus."""
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def type_scan(self, text: str, suffix: str | None = "Enter") -> None:
        """What a scanner does that is a keyboard, with nothing in focus."""
        presses = [press for character in text for press in _press(character)]
        self.send(presses + (_press(suffix) if suffix else []))

    def send(self, events: list[dict[str, Any]]) -> None:
        """Input events of the browser's own protocol, one right after the other.

        One by one, each would wait for an answer: on a busy machine that is slower than any scanner.
        """

        async def all_of_them() -> None:
            calls = (
                self._cdp._impl_obj.send(f"Input.{event['via']}", event["with"], None) for event in events
            )
            await asyncio.gather(*calls)

        self._cdp._sync(all_of_them())

    def button(self, key: str, **facts: Any) -> Locator:
        """The button with that text."""
        pattern = like(key, self.language, **facts).pattern
        return self.page.get_by_role("button", name=re.compile(f"^{pattern}$"))

    # ------------------------------------------------------------------------------------------ log in

    def log_in(self, badge: str, pin: str = PIN) -> "Handheld":
        """Scan the badge, type the PIN on the screen's keys."""
        expect(self.page.get_by_role("heading", name=self.word("login.scan_badge"))).to_be_visible()
        self.scan(badge)
        self.type_pin(pin)
        expect(self.page.locator("main.login")).to_have_count(0)
        return self

    def type_pin(self, pin: str) -> None:
        """The PIN, on the screen's keys."""
        expect(self.page.get_by_role("heading", name=self.word("login.pin"))).to_be_visible()
        for digit in pin:
            self.page.locator(".pad button", has_text=re.compile(f"^{digit}$")).tap()
        self.button("login.enter").tap()

    def enter(self, login: str, password: str) -> "Handheld":
        """Log in by password, as one does at a desk."""
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.button("login.enter").click()
        expect(self.page.locator("main.login")).to_have_count(0)
        return self

    # -------------------------------------------------------------------------------------------- pick

    def take_next_or_none(self) -> None:
        """Open picking and ask for the next task."""
        if not self.page.url.endswith("/pick"):
            self.page.get_by_role("link", name=self.word("nav.pick"), exact=True).first.tap()
        self.button("pick.take_next").tap()

    def take_next(self) -> "Handheld":
        """Open picking and take the next task."""
        self.take_next_or_none()
        expect(self.page.locator("main.pick")).to_be_visible()
        return self

    @property
    def ask(self) -> Locator:
        """What the screen asks for."""
        return self.page.locator(".ask, .step.whole h1")

    @property
    def says(self) -> Locator:
        """The last word."""
        return self.page.locator(".says")

    def step(self) -> str:
        """The step the screen is at: `bind`, `location`, `sku`, `tote`, `qty`, `finish`, …"""
        return key_of(self.ask.inner_text(), "pick.ask.", self.language)

    def asks(self, step: str, **facts: Any) -> None:
        """Wait until the screen asks that."""
        expect(self.ask).to_have_text(like(f"pick.ask.{step}", self.language, **facts))

    def told(self, tone: str, key: str | None = None, **facts: Any) -> None:
        """Wait until the last word has that tone and that text."""
        box = self.page.locator(f".says.{tone}")
        expect(box).to_be_visible()
        expect(box).to_contain_text(self.word(f"tone.{tone}"))
        if key:
            expect(box).to_contain_text(like(key, self.language, **facts))

    def react(self, deed: Any) -> None:
        """Do something and wait until the screen has had its say about it."""
        self.page.evaluate("document.querySelector('.says')?.setAttribute('data-seen', '')")
        deed()
        expect(self.page.locator(".says:not([data-seen])")).not_to_have_count(0)

    def scanned(self, text: str) -> None:
        """Scan while picking, and wait for the word."""
        self.react(lambda: self.scan(text))

    @property
    def bin(self) -> str:
        """The bin on the screen."""
        return self.page.locator(".bin strong").inner_text()

    @property
    def sku(self) -> str:
        """The code of the goods on the screen."""
        return self.page.locator(".goods .code").inner_text()

    @property
    def tote(self) -> str:
        """The tote on the screen."""
        return self.page.locator(".tote strong").inner_text()

    def obey(self) -> str:
        """Do the one thing that is asked; the step it was."""
        step = self.step()
        match step:
            case "bind":
                self.scanned(f"{self.totes}-{next(self._tote_numbers)}")
            case "location" | "put_location":
                self.scanned(self.bin)
            case "sku" | "each" | "put_sku":
                self.scanned(self.sku)
            case "tote":
                self.scanned(self.tote)
            case "qty" | "lot" | "put_qty" | "finish":
                self.react(self.button(f"pick.confirm.{step}").tap)
            case _:
                raise AssertionError(f"nothing to do at {step}")
        return step

    def obey_until(self, *steps: str, at_most: int = 200) -> str:
        """Go on until the screen asks one of these."""
        for _ in range(at_most):
            if (step := self.step()) in steps:
                return step
            self.obey()
        raise AssertionError(f"{steps} did not come, but {self.step()}")

    def work(self) -> None:
        """This task and all others, until there is none left."""
        while True:
            self.obey_until("over")
            self.queue_empty()
            self.button("pick.next_task").tap()
            expect(self.page.locator("main.page, .step:not(.whole)")).to_be_visible()
            if self.page.locator("main.page").count():
                return

    def pick_line(self) -> tuple[str, str]:
        """Everything of the line at hand, until the list goes on; its bin and goods."""
        self.obey_until("location", "sku")
        bin_code, goods = self.bin, self.sku
        before = self.progress()
        while self.progress() == before:
            self.obey()
        return bin_code, goods

    def progress(self) -> str:
        """The count of lines at the top."""
        return self.page.locator(".pick-progress strong").inner_text()

    # ------------------------------------------------------------------------------------------- queue

    def offline(self) -> None:
        """Walk into the shadow of the racks."""
        self.context.set_offline(True)

    def online(self) -> None:
        """Walk out of it."""
        self.context.set_offline(False)

    def queue_empty(self) -> None:
        """Wait until the light says that everything has arrived."""
        expect(self.page.locator(".queue-light.ok")).to_contain_text(
            self.word("queue.online"), timeout=20_000
        )

    def waiting(self) -> int:
        """How many commands wait on this device, from its disk."""
        return int(self.page.evaluate(_COUNT_WAITING))


_COUNT_WAITING = """
async () => {
  const db = await new Promise((ok, no) => {
    const open = indexedDB.open("tideline");
    open.onsuccess = () => ok(open.result);
    open.onerror = no;
  });
  const all = await new Promise((ok) => {
    const ask = db.transaction("commands").objectStore("commands").getAll();
    ask.onsuccess = () => ok(ask.result);
  });
  db.close();
  return all.filter((one) => one.state === "waiting").length;
}
"""
