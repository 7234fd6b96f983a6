"""From rows to the travel graph that routing walks on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from backend.algorithms.routing.layout import Aisle, Layout, Lift, Stop
from backend.core.errors import Refusal
from backend.master.layout.rules.places import Place

DIRECTIONS = ("both", "up", "down")
POINT_KINDS = ("start", "end", "depot")


@dataclass(frozen=True, slots=True)
class AisleRow:
    """An aisle with the stretches (from, to) in mm that nobody may enter now."""

    id: int
    code: str
    floor: int
    number: int
    x_mm: int
    y_from_mm: int
    y_to_mm: int
    direction: str
    blocked: bool
    stretches: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PointRow:
    """Where walks begin or end: on an aisle at `y_mm`."""

    kind: str
    aisle_id: int
    y_mm: int


@dataclass(frozen=True, slots=True)
class LiftRow:
    """A lift; `cost_mm` is the price of one floor in mm of walking."""

    x_mm: int
    y_mm: int
    floor_from: int
    floor_to: int
    cost_mm: int


def in_walking_order(aisles: Iterable[AisleRow]) -> tuple[AisleRow, ...]:
    """The order in which `Layout.aisles` holds them: by floor, then number."""
    return tuple(sorted(aisles, key=lambda aisle: (aisle.floor, aisle.number, aisle.id)))


def travel_layout(
    aisles: Sequence[AisleRow],
    cross_y: Iterable[int],
    lifts: Iterable[LiftRow] = (),
    points: Iterable[PointRow] = (),
) -> Layout:
    """The travel graph. `aisles` in walking order; without cross aisles the aisle ends on the low side serve.

    Raises:
        Refusal: `layout_empty` when there is no aisle to walk in.
    """
    if not aisles:
        raise Refusal("layout_empty")
    crossings = tuple(sorted(set(cross_y))) or (min(aisle.y_from_mm for aisle in aisles),)
    start, end = _ends(aisles, crossings, {point.kind: point for point in points})
    return Layout(
        aisles=tuple(_aisle(aisle) for aisle in aisles),
        cross_y=crossings,
        lifts=tuple(
            Lift(lift.x_mm, lift.y_mm, lift.floor_from, lift.floor_to, lift.cost_mm) for lift in lifts
        ),
        start=start,
        end=end,
    )


def _aisle(row: AisleRow) -> Aisle:
    closed = ((row.y_from_mm, row.y_to_mm),) if row.blocked else row.stretches
    direction = cast(Literal["both", "up", "down"], row.direction)
    return Aisle(row.x_mm, row.y_from_mm, row.y_to_mm, row.floor, direction, tuple(sorted(closed)))


def _ends(
    aisles: Sequence[AisleRow], cross_y: Sequence[int], points: Mapping[str, PointRow]
) -> tuple[Stop, Stop]:
    index = {aisle.id: at for at, aisle in enumerate(aisles)}
    front = Stop(0, cross_y[0])

    def stop(*kinds: str) -> Stop:
        found = next(
            (points[kind] for kind in kinds if kind in points and points[kind].aisle_id in index), None
        )
        return Stop(index[found.aisle_id], found.y_mm) if found else front

    return stop("start", "depot", "end"), stop("end", "depot", "start")


def stop_at(place: Place, aisles: Sequence[AisleRow]) -> Stop:
    """Where one stands to reach a place; for one beside no aisle, the nearest point of the nearest aisle.

    Raises:
        Refusal: `layout_empty` when there is no aisle.
    """
    for at, aisle in enumerate(aisles):
        if aisle.id == place.aisle_id:
            return Stop(at, _within(aisle, place.y_mm))
    if not aisles:
        raise Refusal("layout_empty")
    nearest = min(
        range(len(aisles)),
        key=lambda at: (
            aisles[at].floor != place.floor,
            abs(aisles[at].x_mm - place.x_mm) + abs(_within(aisles[at], place.y_mm) - place.y_mm),
            at,
        ),
    )
    return Stop(nearest, _within(aisles[nearest], place.y_mm))


def _within(aisle: AisleRow, y_mm: int) -> int:
    return min(max(y_mm, aisle.y_from_mm), aisle.y_to_mm)


def is_closed_off(place_y_mm: int, aisle: AisleRow) -> bool:
    """Whether a place at this y cannot be reached for a blocked aisle or stretch."""
    return aisle.blocked or any(low <= place_y_mm <= high for low, high in aisle.stretches)
