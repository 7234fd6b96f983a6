"""A whole simulation: a house, a crew, orders, a day, a report."""

import contextlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.core.ids import uuid7
from backend.operations.simulation.adapters.furnishing import furnish, orders_of, restock
from backend.operations.simulation.adapters.http_api import HttpApi
from backend.operations.simulation.adapters.own_house import own_house
from backend.operations.simulation.rules.goods import WantedOrder, codes_made_up, made_up_orders
from backend.operations.simulation.rules.hall import Hall, hall_of
from backend.operations.simulation.rules.people import Habits, a_person
from backend.operations.simulation.rules.report import SimulationPlan, SimulationReport, Tally, report_of
from backend.operations.simulation.use_cases import ApiFailed, Clockwork, Floor, Picker, Supervisor, all_items

_POLL_S = 0.25
_MADE_UP_SKUS = 400
_PER_PICKER = 10  # orders that a demo wave holds for each picker
Say = Callable[[str], None]


@dataclass
class Crew:
    """Everybody's connection, and the warehouse they work in."""

    desk: HttpApi
    handhelds: list[HttpApi]
    warehouse_id: int


def simulate(plan: SimulationPlan, say: Say = lambda _line: None) -> SimulationReport:
    """Run the plan; with `forever` it ends only by an exception such as KeyboardInterrupt.

    Raises:
        ApiFailed: the house cannot be reached, or nobody may log in.
    """
    with contextlib.ExitStack() as stack:
        if plan.url:
            crew = _crew_of_demo(plan)
            orders = orders_of(plan.orders, plan.limit) if plan.orders else []
        else:
            house = stack.enter_context(own_house())
            say(f"a house of its own at {house.url}")
            admin = house.admin()
            orders = orders_of(plan.orders, plan.limit) if plan.orders else _made_up(plan, plan.limit)
            warehouse_id = furnish(admin, orders, random.Random(plan.seed))
            crew = Crew(admin, _hire(admin, house.url, plan.pickers, warehouse_id), warehouse_id)
        for api in (crew.desk, *crew.handhelds):
            stack.callback(api.close)
        if not orders:
            codes = [row["code"] for row in all_items(crew.desk, "/api/catalog/skus")]
            orders = _made_up(plan, plan.limit, codes)
        return _day(plan, crew, orders, say)


def _day(plan: SimulationPlan, crew: Crew, orders: Sequence[WantedOrder], say: Say) -> SimulationReport:
    hall = _hall(crew)
    tally = Tally()
    habits = Habits()
    floor = Floor(crew.warehouse_id, hall, habits, plan.policy, tally, f"SIM-{uuid7()[:13].upper()}-")
    supervisor = Supervisor(
        crew.desk, crew.warehouse_id, plan.mode, plan.plan_seconds, plan.scan_each, plan.seed
    )
    chance = random.Random(plan.seed)
    pickers = [
        Picker(api, floor, a_person(chance, habits), random.Random(chance.randrange(2**32)))
        for api in crew.handhelds
    ]
    clockwork = Clockwork(plan.speed, pause=time.sleep, stop_watch=time.monotonic)
    shifts = [picker.shift() for picker in pickers]
    if plan.forever:
        clockwork.run([*shifts, _feed(plan, crew, supervisor, chance)], until=lambda: False)
    for _waiting_for in supervisor.release_all(orders):
        time.sleep(_POLL_S)
    say(f"{len(orders)} orders released")
    clockwork.run(shifts, until=lambda: supervisor.open_tasks() == 0)
    tally.requests = sum(api.requests for api in (crew.desk, *crew.handhelds))
    return report_of(plan, tally, hall, habits)


def _feed(plan: SimulationPlan, crew: Crew, supervisor: Supervisor, chance: random.Random) -> Iterator[float]:
    """The supervisor of a day without end: new orders and goods whenever the floor runs dry."""
    speed = plan.speed or 1.0
    codes = [row["code"] for row in all_items(crew.desk, "/api/catalog/skus")]
    known = crew.desk.get("/api/orders", warehouse_id=crew.warehouse_id, limit=200).expect("orders")["items"]
    carriers = sorted({row["carrier"] for row in known if row.get("carrier")} - {"SIM"})
    supervisor.carriers = carriers or supervisor.carriers  # the demo's own, so that its cut-offs come alive
    while True:
        if supervisor.open_tasks() < len(crew.handhelds):
            count = min(plan.limit, _PER_PICKER * len(crew.handhelds))
            orders = made_up_orders(chance, codes, count, f"DEMO-{uuid7()[:13]}-")
            restock(crew.desk, crew.warehouse_id, orders)
            try:
                for _waiting_for in supervisor.release_all(orders):
                    yield _POLL_S * speed
            except ApiFailed:
                yield 30.0 * speed  # no plan, or somebody changed the wave meanwhile; the next one will do
        yield 2.0 * speed


def _hall(crew: Crew) -> Hall:
    chart = crew.desk.get(f"/api/layout/warehouses/{crew.warehouse_id}/map").expect("map")
    return hall_of(chart)


def _made_up(plan: SimulationPlan, count: int, codes: Sequence[str] | None = None) -> list[WantedOrder]:
    prefix = "SIM-" if not plan.url else f"SIM-{uuid7()[:13]}-"
    return made_up_orders(random.Random(plan.seed), codes or codes_made_up(_MADE_UP_SKUS), count, prefix)


def _hire(admin: HttpApi, url: str, count: int, warehouse_id: int) -> list[HttpApi]:
    """New pickers with accounts of their own, logged in."""
    handhelds = []
    for number in range(1, count + 1):
        login, password = f"sim-{number}-{uuid7()[-6:]}", f"walk {uuid7()}"
        account: dict[str, Any] = {
            "login": login,
            "name": f"Picker {number}",
            "language": "en",
            "roles": ["picker"],
            "jobs": [],
            "warehouses": [warehouse_id],
            "password": password,
        }
        admin.post("/api/people/users", account).expect("picker")
        api = HttpApi(url)
        api.log_in("/api/session/password", {"login": login, "password": password})
        handhelds.append(api)
    return handhelds


def _crew_of_demo(plan: SimulationPlan) -> Crew:
    """The people whom `flask demo seed` made for this."""
    path = plan.logins or Path(os.environ.get("TIDELINE_VAR_DIR", "var")) / "demo.json"
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ApiFailed(f"no logins in {path}: run `flask demo seed` first") from error
    logins = known.get("simulation") or {}
    desks = [logins["supervisor"]] if "supervisor" in logins else []
    desks += [each for each in known["logins"] if each["role"] == "supervisor" and each.get("password")]
    people = logins.get("pickers") or [each for each in known["logins"] if each["role"] == "picker"]
    if not desks or not people:
        raise ApiFailed(f"{path} names no supervisor with a password, or no picker")
    desk = HttpApi(plan.url)
    card = desk.log_in(
        "/api/session/password", {"login": desks[0]["login"], "password": desks[0]["password"]}
    )
    handhelds = []
    for person in people[: plan.pickers]:
        api = HttpApi(plan.url)
        if person.get("badge"):
            api.log_in("/api/session/badge", {"badge": person["badge"], "pin": person["pin"]})
        else:
            api.log_in("/api/session/password", {"login": person["login"], "password": person["password"]})
        handhelds.append(api)
    return Crew(desk, handhelds, int(card["warehouses"][0]["id"]))
