"""Warehouses for tests."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.master.layout.models import Location
from backend.master.layout.queries import system_location
from backend.master.layout.rules.plan import rows_from_lists
from backend.master.layout.use_cases import CreateWarehouse, ImportLayout, create_warehouse, import_layout

AISLE_MM = 3_000
BAY_MM = 1_000


@dataclass(frozen=True)
class Hall:
    """A warehouse with bins; `bins` are ids by code."""

    warehouse_id: int
    bins: dict[str, int]

    def __getitem__(self, code: str) -> int:
        return self.bins[code]


def a_warehouse(house: Any, code: str = "W1", *, timezone: str = "Asia/Shanghai") -> int:
    """A warehouse with nothing but its system locations; its id."""
    return int(
        house.run(
            create_warehouse, CreateWarehouse, code=code, name=f"Warehouse {code}", timezone=timezone
        ).id
    )


def a_layout(aisles: int = 2, bays: int = 5, **options: Any) -> dict[str, Any]:
    """Lists of a rectangular hall: aisles A, B, … with bins `A-01-1` (left) and `A-01-2` (right), two cross aisles."""
    letters = [chr(ord("A") + at) for at in range(aisles)]
    length = (bays + 1) * BAY_MM
    zone_of = options.get("zone_of", lambda letter: "PICK")
    return {
        "zones": [
            {"code": "PICK", "kind": "pick"},
            {"code": "RESERVE", "kind": "reserve"},
            {"code": "DEFECT", "kind": "defect"},
        ],
        "cross_aisles": [{"y_mm": 0}, {"y_mm": length}],
        "aisles": [
            {"code": letter, "number": at + 1, "x_mm": at * AISLE_MM, "y_from_mm": 0, "y_to_mm": length}
            for at, letter in enumerate(letters)
        ],
        "points": [{"kind": "depot", "aisle": letters[0], "y_mm": 0}],
        "bins": [
            {
                "code": f"{letter}-{bay:02}-{side}",
                "zone": zone_of(letter),
                "aisle": letter,
                "side": "LR"[side - 1],
                "y_mm": bay * BAY_MM,
                "level": 1,
                **options.get("bin", {}),
            }
            for letter in letters
            for bay in range(1, bays + 1)
            for side in (1, 2)
        ],
    }


def a_hall(house: Any, code: str = "W1", *, aisles: int = 2, bays: int = 5, **options: Any) -> Hall:
    """A warehouse with a rectangular hall."""
    warehouse_id = a_warehouse(house, code)
    house.run(
        import_layout,
        ImportLayout,
        warehouse_id=warehouse_id,
        rows=rows_from_lists(a_layout(aisles, bays, **options)),
    )
    with house.read() as session:
        rows = session.execute(
            select(Location.code, Location.id).where(
                Location.warehouse_id == warehouse_id, Location.kind == "bin"
            )
        )
        return Hall(warehouse_id, dict(rows.all()))


def place_of(house: Any, warehouse_id: int, kind: str) -> int:
    """Id of a system location."""
    with house.read() as session:
        return system_location(session, warehouse_id, kind)
