"""The supervisor's part of a day, through the public API: take orders in, compose, plan and release waves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from backend.operations.simulation.rules.goods import WantedOrder
from backend.operations.simulation.use_cases.api import Api, ApiFailed

SHOP = "simulation"
_CHUNK = 200
_MOST_IN_WAVE = 1000
_LOOKS, _LOOKS_IN_VAIN = 20, 240  # at the runner's quarter of a second: 5 s and a minute
Json = dict[str, Any]


@dataclass
class Supervisor:
    """Somebody at a desk."""

    api: Api
    warehouse_id: int
    mode: str
    plan_seconds: int
    scan_each: bool
    seed: int
    carriers: Sequence[str] = ("SIM",)

    def strategy_id(self, cart_totes: int = 12) -> int:
        """The simulation's own strategy: every order of its shop, planned when told to."""
        known = self.api.get("/api/waves/strategies", warehouse_id=self.warehouse_id).expect("strategies")
        name = f"Simulation {self.mode}"
        for each in known if isinstance(known, list) else known["items"]:
            if each["name"] == name:
                return int(each["id"])
        wanted = {
            "warehouse_id": self.warehouse_id,
            "name": name,
            "shops": [SHOP],
            "pick_mode": self.mode,
            "scan_mode": "each" if self.scan_each else "quantity",
            "cart_totes": cart_totes if self.mode == "cluster" else 1,
            "plan_seconds": self.plan_seconds,
            "max_orders": _MOST_IN_WAVE,
        }
        return int(self.api.post("/api/waves/strategies", wanted).expect("strategy")["id"])

    def place(self, orders: Sequence[WantedOrder]) -> None:
        """Bring orders in through the import door."""
        for start in range(0, len(orders), _CHUNK):
            body = {
                "warehouse_id": self.warehouse_id,
                "shop": SHOP,
                "orders": [
                    order.wire(self.carriers[at % len(self.carriers)])
                    for at, order in enumerate(orders[start : start + _CHUNK])
                ],
            }
            self.api.post("/api/orders/import", body).expect("orders")

    def ready(self, strategy_id: int) -> int:
        """How many orders the next wave would take."""
        seen = self.api.get("/api/waves/preview", strategy_id=strategy_id).expect("preview")
        return int(seen["orders_in"])

    def wave(self, strategy_id: int) -> Iterator[str]:
        """Compose, plan and release one wave; yields while it waits, and what for. Nothing to compose ends it at once."""
        composed = self.api.post("/api/waves", {"strategy_id": strategy_id})
        if composed.code == "wave_empty":
            return
        wave_id = composed.expect("wave")["wave_id"]
        self.api.post(f"/api/waves/{wave_id}/plan", {"seed": self.seed}).expect("plan")
        while (state := self._state(wave_id)) == "planning":
            yield "plan"
        if state != "planned":
            self.api.post(f"/api/waves/{wave_id}/cancel", {})  # its orders go back to the pool
            raise ApiFailed(f"wave {wave_id} has no plan: it is {state}")
        self.api.post(f"/api/waves/{wave_id}/release", {}).expect("release")
        while not self._tasks(wave_id):
            yield "tasks"

    def _state(self, wave_id: int) -> str:
        sheet = self.api.get(f"/api/waves/{wave_id}").expect("wave")
        return str(sheet["wave"]["state"])

    def _tasks(self, wave_id: int) -> bool:
        """Whether the wave's tasks are written: the picking room does it when it hears of the release."""
        rows = self.api.get(
            "/api/picking/tasks", warehouse_id=self.warehouse_id, state="open", limit=200
        ).expect("tasks")
        return any((row.get("wave") or {}).get("id", row.get("wave_id")) == wave_id for row in rows["items"])

    def open_tasks(self) -> int:
        """Tours that nobody has begun; at most a page of them."""
        seen = self.api.get("/api/picking/tasks", warehouse_id=self.warehouse_id, state="open", limit=200)
        return len(seen.expect("tasks")["items"])

    def release_all(self, orders: Sequence[WantedOrder]) -> Iterator[str]:
        """Place the orders, wait until their goods are reserved, and release waves until none is left.

        Yields what it waits for each time that it has looked; whoever runs it decides how long to pause.
        """
        self.place(orders)
        strategy = self.strategy_id()
        yield from self._reserved(strategy, min(len(orders), _MOST_IN_WAVE))
        while self.ready(strategy):
            yield from self.wave(strategy)

    def _reserved(self, strategy_id: int, wanted: int) -> Iterator[str]:
        """Until as many are ready as were placed, or their number has stopped to grow: some goods may be lacking."""
        last, looks = -1, 0
        while (number := self.ready(strategy_id)) < wanted:
            looks = looks + 1 if number == last else 0
            last = number
            if looks >= (_LOOKS if number else _LOOKS_IN_VAIN):
                return
            yield "reservations"
