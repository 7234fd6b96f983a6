"""Take a layout file in, whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, locked
from backend.core.errors import Unprocessable
from backend.core.events import plain
from backend.core.execute import Command
from backend.core.outbox import emit
from backend.master.catalog.rules.tables import TableRow
from backend.master.layout.events import LayoutImported
from backend.master.layout.models import Aisle, CrossAisle, Lift, Location, RoutePoint, Warehouse, Zone
from backend.master.layout.queries import the_warehouse
from backend.master.layout.rules.places import FILE_KINDS, SELLABLE_ZONES, check_code
from backend.master.layout.rules.plan import Known, Plan, PlanError, Record, read_plan

MOST_ERRORS = 200


@dataclass(frozen=True, kw_only=True)
class ImportLayout(Command):
    """Rows of `docs/guide/layout.md`. `retire_missing`: bins that the rows do not name are taken out of use."""

    warehouse_id: int
    rows: tuple[TableRow, ...]
    retire_missing: bool = False


@dataclass(frozen=True)
class LayoutReport:
    """What the import did. Retired bins are blocked, never deleted: stock in them stays where it is."""

    warehouse_id: int
    created: int
    updated: int
    unchanged: int
    retired: tuple[str, ...]


@dataclass
class _Tally:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: list[str] = field(default_factory=list)


def import_layout(session: Session, command: ImportLayout, *, now: datetime) -> LayoutReport:
    """Create and update zones, aisles, cross aisles, lifts, route points and bins; the same file again changes nothing.

    Raises: `warehouse_not_found`, `outside_scope`, `layout_invalid` with an entry for every wrong row.
    """
    command.by.check_warehouse(command.warehouse_id)
    the_warehouse(session, command.warehouse_id)
    # One layout file at a time: a second one must see what the first has written, or both would insert the same codes.
    session.execute(locked(select(Warehouse.id).where(Warehouse.id == command.warehouse_id)))
    plan, errors = read_plan(command.rows, _known(session, command.warehouse_id))
    errors = errors or _taken_names(session, command.warehouse_id, plan)
    if errors:
        raise Unprocessable("layout_invalid", count=len(errors), errors=plain(errors[:MOST_ERRORS]))
    tally = _Tally()
    _write(session, command.warehouse_id, plan, tally)
    if command.retire_missing:
        _retire(
            session, command.warehouse_id, {record.values["code"] for record in plan.of("bin")}, tally, now
        )
    session.flush()
    if tally.created or tally.updated or tally.retired:
        told = LayoutImported(
            warehouse_id=command.warehouse_id,
            created=tally.created,
            updated=tally.updated,
            retired=len(tally.retired),
        )
        emit(session, told, now=now)
    return LayoutReport(
        command.warehouse_id, tally.created, tally.updated, tally.unchanged, tuple(sorted(tally.retired))
    )


def _known(session: Session, warehouse_id: int) -> Known:
    kinds = session.execute(select(Zone.code, Zone.kind).where(Zone.warehouse_id == warehouse_id))
    aisles = session.scalars(select(Aisle).where(Aisle.warehouse_id == warehouse_id))
    return Known(
        zones=dict(kinds.all()),
        aisles={row.code: (row.floor, row.x_mm, row.y_from_mm, row.y_to_mm) for row in aisles},
    )


def _taken_names(session: Session, warehouse_id: int, plan: Plan) -> tuple[PlanError, ...]:
    """Bins of the file whose code belongs to a system location."""
    born = set(
        session.scalars(
            select(Location.code).where(
                Location.warehouse_id == warehouse_id, Location.kind.not_in(FILE_KINDS)
            )
        )
    ) | {"STAGING", "PACKING"}
    return tuple(
        PlanError(record.row, "code", "layout_reserved", {"found": record.values["code"]})
        for record in plan.of("bin")
        if record.values["code"] in born
    )


def _write(session: Session, warehouse_id: int, plan: Plan, tally: _Tally) -> None:
    _merge(session, Zone, warehouse_id, plan.of("zone"), tally=tally, columns=_named)
    _merge(session, Aisle, warehouse_id, plan.of("aisle"), tally=tally, columns=_as_it_is)
    _merge(
        session,
        CrossAisle,
        warehouse_id,
        plan.of("cross_aisle"),
        tally=tally,
        columns=_as_it_is,
        keys=("floor", "y_mm"),
    )
    _merge(session, Lift, warehouse_id, plan.of("lift"), tally=tally, columns=_as_it_is)
    session.flush()
    aisles = _ids(session, Aisle, warehouse_id)

    def point(values: Mapping[str, Any]) -> dict[str, Any]:
        return {"kind": values["kind"], "aisle_id": aisles[values["aisle"]], "y_mm": values["y_mm"]}

    _merge(session, RoutePoint, warehouse_id, plan.of("point"), tally=tally, columns=point, keys=("kind",))
    _write_bins(session, warehouse_id, plan.of("bin"), aisles, tally)


def _write_bins(
    session: Session, warehouse_id: int, bins: Sequence[Record], aisles: Mapping[str, int], tally: _Tally
) -> None:
    zones = {row.code: row for row in session.scalars(select(Zone).where(Zone.warehouse_id == warehouse_id))}

    def location(values: Mapping[str, Any]) -> dict[str, Any]:
        zone = zones.get(values["zone"])
        shown = {name: value for name, value in values.items() if name not in ("zone", "aisle")}
        return shown | {
            "zone_id": zone.id if zone else None,
            "aisle_id": aisles.get(values["aisle"]),
            "check_code": values["check_code"] or check_code(values["code"]),
            "sellable": values["kind"] == "bin" and zone is not None and zone.kind in SELLABLE_ZONES,
        }

    back = _merge(session, Location, warehouse_id, bins, tally=tally, columns=location)
    for row in back:
        if row.retired_at is not None:  # named again: it is in use again
            row.retired_at, row.blocked = None, False
            tally.updated += 1


def _as_it_is(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values)


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "name": values["name"] or values["code"]}


def _ids(session: Session, model: Any, warehouse_id: int) -> dict[str, int]:
    return dict(session.execute(select(model.code, model.id).where(model.warehouse_id == warehouse_id)).all())


def _merge(
    session: Session,
    model: Any,
    warehouse_id: int,
    records: Iterable[Record],
    *,
    tally: _Tally,
    columns: Callable[[Mapping[str, Any]], dict[str, Any]],
    keys: tuple[str, ...] = ("code",),
) -> list[Any]:
    """Insert what is new, change what differs; the rows that were there already."""
    held = {
        tuple(getattr(row, key) for key in keys): row
        for row in session.scalars(select(model).where(model.warehouse_id == warehouse_id))
    }
    new, met = [], []
    for record in records:
        values = columns(record.values)
        row = held.get(tuple(values[key] for key in keys))
        if row is None:
            new.append({"warehouse_id": warehouse_id, **values})
            continue
        met.append(row)
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in changed.items():
            setattr(row, name, value)
        tally.updated += bool(changed)
        tally.unchanged += not changed
    bulk_insert(session, model, new)
    tally.created += len(new)
    return met


def _retire(session: Session, warehouse_id: int, named: set[str], tally: _Tally, now: datetime) -> None:
    rows = session.scalars(
        select(Location).where(
            Location.warehouse_id == warehouse_id, Location.kind == "bin", Location.retired_at.is_(None)
        )
    )
    for row in rows:
        if row.code not in named:
            row.retired_at, row.blocked = now, True
            tally.retired.append(row.code)
