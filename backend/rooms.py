"""The list of rooms, lowest first. What a room has is found by file name; nothing else registers anything."""

import importlib
import importlib.util
from types import ModuleType

ROOMS = (
    "master.catalog",
    "master.layout",
    "master.devices",
    "master.people",
    "master.integrations",
    "stock",
    "floor",
    "orders",
    "outbound.allocation",
    "outbound.waves",
    "outbound.picking",
    "watch.board",
    "operations.simulation",
    "operations.demo",
)


def part(room: str, role: str) -> ModuleType | None:
    """A room's module of that role (routes, sockets, reactions, jobs, models), where it has one."""
    name = f"backend.{room}.{role}"
    if importlib.util.find_spec(f"backend.{room}") is None or importlib.util.find_spec(name) is None:
        return None
    return importlib.import_module(name)


def import_models() -> None:
    """Make every table known to the metadata."""
    for name in ("execute", "jobs", "outbox"):
        importlib.import_module(f"backend.core.{name}")
    for room in ROOMS:
        part(room, "models")
