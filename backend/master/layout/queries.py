"""Reads of the layout."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.algorithms.routing.layout import Layout, Stop
from backend.core.errors import NotFound, Unprocessable
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.catalog.queries import chunked
from backend.master.layout.models import (
    Aisle,
    AisleStretch,
    CrossAisle,
    Lift,
    Location,
    RoutePoint,
    Warehouse,
    Zone,
)
from backend.master.layout.rules.places import BORN_KINDS, Place, label_text, readings
from backend.master.layout.rules.travel import (
    AisleRow,
    LiftRow,
    PointRow,
    in_walking_order,
    is_closed_off,
    stop_at,
    travel_layout,
)

_PLACE_COLUMNS = [getattr(Location, field.name) for field in dataclasses.fields(Place)]
# Built once: putting a statement together costs more than running it, and every scan asks these.
_PLACES_BY_CODE = select(*_PLACE_COLUMNS).where(
    Location.warehouse_id == bindparam("warehouse"), Location.code.in_(bindparam("codes", expanding=True))
)
_PLACES_BY_ID = select(*_PLACE_COLUMNS).where(Location.id.in_(bindparam("ids", expanding=True)))
_ID_BY_CODE = select(Location.id).where(
    Location.warehouse_id == bindparam("warehouse"), Location.code == bindparam("code")
)


@dataclass(frozen=True, slots=True)
class WarehouseRow:
    """A warehouse."""

    id: int
    code: str
    name: str
    timezone: str


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone."""

    id: int
    warehouse_id: int
    code: str
    name: str
    kind: str


def location_by_code(session: Session, warehouse_id: int, code: str) -> Place | None:
    """The location of this label or typed code, in any case; None when there is no such place.

    Raises:
        Unprocessable: `location_misread` when the label's check code does not fit: the scan was cut or garbled.
    """
    meant = readings(code)
    codes = [reading for reading, _ in meant]
    rows = session.execute(_PLACES_BY_CODE, {"warehouse": warehouse_id, "codes": codes})
    found = {row.code: Place(*row) for row in rows}
    named = [(found[reading], check) for reading, check in meant if reading in found]
    for place, check in named:
        if check is None or check == place.check_code:
            return place
    if named:
        raise Unprocessable("location_misread", scanned=code)
    return None


def places(session: Session, location_ids: Iterable[int]) -> dict[int, Place]:
    """Locations by id; ids that do not exist are absent."""
    found: dict[int, Place] = {}
    for part in chunked(sorted(set(location_ids))):
        for row in session.execute(_PLACES_BY_ID, {"ids": part}):
            found[row.id] = Place(*row)
    return found


def location_ids_by_code(session: Session, warehouse_id: int, codes: Iterable[str]) -> dict[str, int]:
    """Location ids by code, as kept; codes of no location are absent."""
    found: dict[str, int] = {}
    for part in chunked(sorted(set(codes))):
        rows = session.execute(
            select(Location.code, Location.id).where(
                Location.warehouse_id == warehouse_id, Location.code.in_(part)
            )
        )
        found.update(dict(rows.all()))
    return found


def the_place(session: Session, location_id: int) -> Place:
    """One location.

    Raises:
        NotFound: `location_not_found`.
    """
    found = places(session, [location_id]).get(location_id)
    if found is None:
        raise NotFound("location_not_found", location_id=location_id)
    return found


def places_of_kind(session: Session, warehouse_id: int, kind: str) -> tuple[Place, ...]:
    """All locations of a kind, by pick sequence."""
    rows = session.execute(
        select(*_PLACE_COLUMNS)
        .where(Location.warehouse_id == warehouse_id, Location.kind == kind)
        .order_by(Location.pick_seq, Location.id)
    )
    return tuple(Place(*row) for row in rows)


def system_location(session: Session, warehouse_id: int, kind: str) -> int:
    """Id of the location of this kind that the warehouse was born with.

    Raises:
        NotFound: `warehouse_not_found`.
    """
    if kind not in BORN_KINDS:
        raise ValueError(f"no warehouse is born with a location of kind {kind}")
    found = session.scalar(_ID_BY_CODE, {"warehouse": warehouse_id, "code": kind.upper()})
    if found is None:
        raise NotFound("warehouse_not_found", warehouse_id=warehouse_id)
    return found


def zones(session: Session, warehouse_id: int) -> dict[int, ZoneRow]:
    """Zones by id."""
    rows = session.scalars(select(Zone).where(Zone.warehouse_id == warehouse_id).order_by(Zone.code))
    return {zone.id: ZoneRow(zone.id, zone.warehouse_id, zone.code, zone.name, zone.kind) for zone in rows}


def warehouses(session: Session) -> tuple[WarehouseRow, ...]:
    """All warehouses, by code."""
    rows = session.scalars(select(Warehouse).order_by(Warehouse.code))
    return tuple(WarehouseRow(row.id, row.code, row.name, row.timezone) for row in rows)


def warehouse_by_code(session: Session, code: str) -> WarehouseRow | None:
    """A warehouse by its code, in any case."""
    row = session.scalar(select(Warehouse).where(Warehouse.code == code.strip().upper()))
    return WarehouseRow(row.id, row.code, row.name, row.timezone) if row else None


def the_warehouse(session: Session, warehouse_id: int) -> WarehouseRow:
    """One warehouse.

    Raises:
        NotFound: `warehouse_not_found`.
    """
    row = session.get(Warehouse, warehouse_id)
    if row is None:
        raise NotFound("warehouse_not_found", warehouse_id=warehouse_id)
    return WarehouseRow(row.id, row.code, row.name, row.timezone)


def aisle_rows(session: Session, warehouse_id: int) -> tuple[AisleRow, ...]:
    """The aisles in the order of `travel_graph(...).aisles`, with their blocked stretches."""
    stretches: dict[int, list[tuple[int, int]]] = defaultdict(list)
    closed = select(AisleStretch.aisle_id, AisleStretch.y_from_mm, AisleStretch.y_to_mm).where(
        AisleStretch.warehouse_id == warehouse_id, AisleStretch.released_at.is_(None)
    )
    for aisle_id, low, high in session.execute(closed):
        stretches[aisle_id].append((low, high))
    rows = session.scalars(select(Aisle).where(Aisle.warehouse_id == warehouse_id))
    return in_walking_order(
        AisleRow(
            row.id, row.code, row.floor, row.number, row.x_mm, row.y_from_mm, row.y_to_mm, row.direction,
            row.blocked, tuple(sorted(stretches[row.id])),
        )
        for row in rows
    )  # fmt: skip


def travel_graph(session: Session, warehouse_id: int) -> Layout:
    """The warehouse as routing walks it, blocked stretches included.

    Raises:
        Refusal: `layout_empty` when no aisle has been imported yet.
    """
    return _graph(session, warehouse_id, aisle_rows(session, warehouse_id))


def _graph(session: Session, warehouse_id: int, aisles: tuple[AisleRow, ...]) -> Layout:
    cross_y = session.scalars(select(CrossAisle.y_mm).where(CrossAisle.warehouse_id == warehouse_id))
    points = session.execute(
        select(RoutePoint.kind, RoutePoint.aisle_id, RoutePoint.y_mm).where(
            RoutePoint.warehouse_id == warehouse_id
        )
    )
    return travel_layout(aisles, cross_y, _lifts(session, warehouse_id), [PointRow(*row) for row in points])


def _lifts(session: Session, warehouse_id: int) -> list[LiftRow]:
    rows = session.execute(
        select(Lift.x_mm, Lift.y_mm, Lift.floor_from, Lift.floor_to, Lift.cost_mm)
        .where(Lift.warehouse_id == warehouse_id)
        .order_by(Lift.code)
    )
    return [LiftRow(*row) for row in rows]


def stops_of(session: Session, warehouse_id: int, location_ids: Iterable[int]) -> dict[int, Stop]:
    """Where one stands to reach each of these locations, on the graph of `travel_graph`."""
    aisles = aisle_rows(session, warehouse_id)
    return {place.id: stop_at(place, aisles) for place in places(session, location_ids).values()}


def stop_of(session: Session, place: Place) -> Stop:
    """Where one stands to reach one place; for many use `stops_of`."""
    return stop_at(place, aisle_rows(session, place.warehouse_id))


def closed_locations(session: Session, warehouse_id: int) -> frozenset[int]:
    """Ids of locations from which nothing can be fetched now: blocked themselves, or in a blocked aisle or stretch."""
    closed = set(
        session.scalars(select(Location.id).where(Location.warehouse_id == warehouse_id, Location.blocked))
    )
    shut = {row.id: row for row in aisle_rows(session, warehouse_id) if row.blocked or row.stretches}
    if shut:
        rows = session.execute(
            select(Location.id, Location.y_mm, Location.aisle_id).where(Location.aisle_id.in_(shut))
        )
        closed |= {row.id for row in rows if is_closed_off(row.y_mm, shut[row.aisle_id])}
    return frozenset(closed)


# ------------------------------------------------------------------------------------- for the routes


def warehouse_map(session: Session, warehouse_id: int) -> dict[str, Any]:
    """Everything to draw a warehouse, compact: one array per thing, its columns named once.

    Raises:
        NotFound: `warehouse_not_found`.
    """
    warehouse = the_warehouse(session, warehouse_id)
    bins = session.execute(
        select(
            Location.id, Location.code, Location.kind, Location.zone_id, Location.aisle_id, Location.x_mm,
            Location.y_mm, Location.floor, Location.level, Location.side, Location.blocked,
        )
        .where(Location.warehouse_id == warehouse_id, Location.aisle_id.is_not(None))
        .order_by(Location.pick_seq, Location.id)
    ).all()  # fmt: skip
    crossings = session.execute(
        select(CrossAisle.floor, CrossAisle.y_mm)
        .where(CrossAisle.warehouse_id == warehouse_id)
        .order_by(CrossAisle.floor, CrossAisle.y_mm)
    )
    points = session.execute(
        select(RoutePoint.kind, RoutePoint.aisle_id, RoutePoint.y_mm).where(
            RoutePoint.warehouse_id == warehouse_id
        )
    )
    aisles = aisle_rows(session, warehouse_id)
    return {
        "warehouse": dataclasses.asdict(warehouse),
        "floors": sorted({aisle.floor for aisle in aisles}),
        "zones": [dataclasses.asdict(zone) for zone in zones(session, warehouse_id).values()],
        "aisles": [dataclasses.asdict(aisle) for aisle in aisles],
        "cross_aisles": [{"floor": floor, "y_mm": y_mm} for floor, y_mm in crossings],
        "lifts": [dataclasses.asdict(lift) for lift in _lifts(session, warehouse_id)],
        "points": [{"kind": kind, "aisle_id": aisle_id, "y_mm": y_mm} for kind, aisle_id, y_mm in points],
        "bin_columns": [
            "id",
            "code",
            "kind",
            "zone_id",
            "aisle_id",
            "x_mm",
            "y_mm",
            "floor",
            "level",
            "side",
            "blocked",
        ],
        "bins": [list(row) for row in bins],
    }


def map_for(session: Session, *, by: Actor, now: datetime, warehouse_id: int) -> dict[str, Any]:
    """The map of a warehouse, to draw it."""
    by.check_warehouse(warehouse_id)
    return warehouse_map(session, warehouse_id)


def warehouse_list(session: Session, *, by: Actor, now: datetime) -> list[WarehouseRow]:
    """The warehouses that the caller may see."""
    return [row for row in warehouses(session) if by.warehouses is None or row.id in by.warehouses]


def location_page(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    warehouse_id: int,
    cursor: str | None,
    limit: int,
    search: str | None = None,
    kind: str | None = None,
) -> Page:
    """Locations of a warehouse, by code prefix and kind, with the text for their labels."""
    by.check_warehouse(warehouse_id)
    statement = select(Location).where(Location.warehouse_id == warehouse_id)
    if search:
        statement = statement.where(Location.code.startswith(search.strip().upper(), autoescape=True))
    if kind:
        statement = statement.where(Location.kind == kind)
    return paginate(session, statement, cursor=cursor, limit=limit, key=Location.id, row=_labelled)


def _labelled(row: Location) -> dict[str, Any]:
    shown = {field.name: getattr(row, field.name) for field in dataclasses.fields(Place)}
    return shown | {"label": label_text(row.code, row.check_code)}


def location_sheet(session: Session, *, by: Actor, now: datetime, warehouse_id: int, text: str) -> Place:
    """The location that a scanned label or a typed code names.

    Raises:
        NotFound: `location_unknown`.
        Unprocessable: `location_misread`.
    """
    by.check_warehouse(warehouse_id)
    found = location_by_code(session, warehouse_id, text)
    if found is None:
        raise NotFound("location_unknown", scanned=text)
    return found
