"""The hall as a simulated person walks it, read from the map that the API gives. Lengths in mm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.algorithms.routing.layout import Aisle, Layout, Lift, Stop
from backend.algorithms.routing.solve import route, walk_mm


@dataclass(frozen=True)
class Hall:
    """Aisles to walk in, and where one stands for each location."""

    layout: Layout
    stops: Mapping[str, Stop]
    _legs: dict[tuple[Stop, Stop], int] = field(default_factory=dict, repr=False, compare=False)

    def walk_mm(self, here: Stop, there: Stop) -> int:
        """The shortest way between two stops."""
        if here == there:
            return 0
        known = self._legs.get((here, there))
        if known is None:
            known = self._legs[here, there] = walk_mm(self.layout, (here, there))
        return known

    def stop_of(self, code: str) -> Stop:
        """Where one stands for a location; the start where the map does not know it."""
        return self.stops.get(code, self.layout.start)

    def order(self, codes: Sequence[str], policy: str) -> tuple[int, ...]:
        """Indices into `codes` in the order in which the policy walks them."""
        return route(self.layout, [self.stop_of(code) for code in codes], policy=policy, draw=False).sequence

    def tour_mm(self, codes: Sequence[str], policy: str) -> int:
        """Length of the policy's tour from the start through all of them to the end."""
        return route(self.layout, [self.stop_of(code) for code in codes], policy=policy, draw=False).length_mm


def hall_of(chart: Mapping[str, Any]) -> Hall:
    """The hall of a map as `GET /api/layout/warehouses/<id>/map` gives it."""
    rows = [row for row in chart["aisles"] if not row.get("blocked")]
    number = {row["id"]: at for at, row in enumerate(rows)}
    aisles = tuple(
        Aisle(row["x_mm"], row["y_from_mm"], row["y_to_mm"], row["floor"], row["direction"]) for row in rows
    )
    lifts = tuple(
        Lift(row["x_mm"], row["y_mm"], row["floor_from"], row["floor_to"], row.get("cost_mm", 20_000))
        for row in chart["lifts"]
    )
    points = {
        row["kind"]: Stop(number[row["aisle_id"]], row["y_mm"])
        for row in chart["points"]
        if row["aisle_id"] in number
    }
    home = points.get("depot", Stop(0, aisles[0].y_from))
    layout = Layout(
        aisles,
        tuple(sorted({row["y_mm"] for row in chart["cross_aisles"]})),
        lifts,
        start=points.get("start", home),
        end=points.get("end", home),
    )
    named = [dict(zip(chart["bin_columns"], row, strict=True)) for row in chart["bins"]]
    stops = {
        place["code"]: Stop(number[place["aisle_id"]], place["y_mm"])
        for place in named
        if place["aisle_id"] in number
    }
    return Hall(layout, stops)
