"""Stock figures as they are now."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, case, func, select
from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location
from backend.stock.models import Allocation, Availability, Balance, HandlingUnit, Lot, Reservation
from backend.stock.rules import Place, SkuPolicy

_CHUNK = 1000  # bound parameters per IN list, far below both engines' limits
Key = TypeVar("Key", int, str)


def chunks(items: Iterable[Key]) -> Iterator[list[Key]]:
    """The different items in lists short enough for an IN clause, sorted."""
    ordered = sorted(set(items))
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


_PLACES = select(
    Location.id, Location.warehouse_id, Location.kind, Location.code, Location.sellable
).where(Location.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def places_of(session: Session, location_ids: Iterable[int]) -> dict[int, Place]:
    """What the ledger needs to know of these locations; unknown ids are absent."""
    return {
        row.id: Place(row.id, row.warehouse_id, row.kind, row.code, row.sellable)
        for part in chunks(location_ids)
        for row in session.execute(_PLACES, {"ids": part})
    }


_POLICIES = select(Sku.id, Sku.code, Sku.lot_policy, Sku.serial_policy).where(
    Sku.id.in_(bindparam("ids", expanding=True))
)


def sku_policies(session: Session, sku_ids: Iterable[int]) -> dict[int, SkuPolicy]:
    """What the ledger needs to know of these SKUs; unknown ids are absent."""
    return {
        row.id: SkuPolicy(row.id, row.code, row.lot_policy, row.serial_policy)
        for part in chunks(sku_ids)
        for row in session.execute(_POLICIES, {"ids": part})
    }


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """Goods at one place. `free` pieces are not held by an allocation."""

    id: int
    warehouse_id: int
    location_id: int
    location_code: str
    location_kind: str
    zone_id: int | None
    blocked: bool
    sku_id: int
    sku_code: str
    sku_name: str
    lot_id: int | None
    lot_code: str | None
    expiry_on: date | None
    mfg_on: date | None
    quality: str
    hu_id: int | None
    lpn: str | None
    on_hand: int
    reserved: int
    fifo_at: datetime | None

    @property
    def free(self) -> int:
        """Pieces not held by an allocation."""
        return self.on_hand - self.reserved


def balance_select() -> Select[*tuple[Any, ...]]:
    """The balance with the names a person knows it by; rows fit `BalanceRow`."""
    return (
        select(
            Balance.id,
            Balance.warehouse_id,
            Balance.location_id,
            Location.code.label("location_code"),
            Location.kind.label("location_kind"),
            Location.zone_id,
            Location.blocked,
            Balance.sku_id,
            Sku.code.label("sku_code"),
            Sku.name.label("sku_name"),
            Balance.lot_id,
            Lot.code.label("lot_code"),
            Lot.expiry_on,
            Lot.mfg_on,
            Balance.quality,
            Balance.hu_id,
            HandlingUnit.lpn,
            Balance.on_hand,
            Balance.reserved,
            Balance.fifo_at,
        )
        .join(Location, Location.id == Balance.location_id)
        .join(Sku, Sku.id == Balance.sku_id)
        .outerjoin(Lot, Lot.id == Balance.lot_id)
        .outerjoin(HandlingUnit, HandlingUnit.id == Balance.hu_id)
    )


def balances_for_skus(
    session: Session, warehouse_id: int, sku_ids: Collection[int], *, kinds: Collection[str] = ("bin",)
) -> list[BalanceRow]:
    """Good stock of these SKUs in locations of these kinds, empty balances left out, by balance id."""
    found: list[BalanceRow] = []
    for part in chunks(sku_ids):
        wanted = balance_select().where(
            Balance.warehouse_id == warehouse_id,
            Balance.sku_id.in_(part),
            Balance.on_hand > 0,
            Balance.quality == "good",
            Location.kind.in_(list(kinds)),
        )
        found += [BalanceRow(*row) for row in session.execute(wanted.order_by(Balance.id))]
    return found


def balances_at(session: Session, location_id: int) -> list[BalanceRow]:
    """Everything that lies at a location."""
    wanted = balance_select().where(Balance.location_id == location_id, Balance.on_hand > 0)
    return [BalanceRow(*row) for row in session.execute(wanted.order_by(Balance.id))]


@dataclass(frozen=True, slots=True)
class StockFigure:
    """What may be promised of a SKU in a warehouse."""

    warehouse_id: int
    sku_id: int
    sku_code: str
    sku_name: str
    sellable: int
    reserved: int

    @property
    def atp(self) -> int:
        """Available to promise."""
        return self.sellable - self.reserved


def availability(session: Session, warehouse_id: int, sku_ids: Collection[int]) -> dict[int, StockFigure]:
    """The figures of these SKUs; one that was never in stock is absent."""
    columns = _figures().where(Availability.warehouse_id == warehouse_id)
    return {
        row.sku_id: StockFigure(*row)
        for part in chunks(sku_ids)
        for row in session.execute(columns.where(Availability.sku_id.in_(part)))
    }


def _figures() -> Select[*tuple[Any, ...]]:
    return select(
        Availability.warehouse_id,
        Availability.sku_id,
        Sku.code.label("sku_code"),
        Sku.name.label("sku_name"),
        Availability.sellable,
        Availability.reserved,
    ).join(Sku, Sku.id == Availability.sku_id)


def lots_by_code(session: Session, sku_id: int) -> dict[str, int]:
    """The lots of a SKU."""
    return dict(session.execute(select(Lot.code, Lot.id).where(Lot.sku_id == sku_id)).all())


def list_figures(
    session: Session,
    *,
    warehouse_id: int,
    text: str | None = None,
    by: Actor | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """What may be promised, per SKU, by SKU id; `text` narrows to codes that begin with it."""
    if by is not None:
        by.check_warehouse(warehouse_id)
    wanted = _figures().where(Availability.warehouse_id == warehouse_id)
    if text:
        wanted = wanted.where(Sku.code.startswith(text, autoescape=True))
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=Availability.sku_id,
        row=lambda row: StockFigure(*row[:6]),
    )


def list_balances(
    session: Session,
    *,
    warehouse_id: int,
    sku_id: int | None = None,
    location_id: int | None = None,
    lpn: str | None = None,
    by: Actor | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """What lies where, empty balances left out, by balance id."""
    if by is not None:
        by.check_warehouse(warehouse_id)
    wanted = balance_select().where(Balance.warehouse_id == warehouse_id, Balance.on_hand > 0)
    if sku_id is not None:
        wanted = wanted.where(Balance.sku_id == sku_id)
    if location_id is not None:
        wanted = wanted.where(Balance.location_id == location_id)
    if lpn is not None:
        wanted = wanted.where(HandlingUnit.lpn == lpn)
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=Balance.id,
        row=lambda row: BalanceRow(*row[:20]),
    )


@dataclass(frozen=True, slots=True)
class ReservationRow:
    """A promise to a document line. `allocated_qty` of the `open_qty` pieces have a bin."""

    id: int
    doc_id: int
    sku_id: int
    open_qty: int
    taken_qty: int
    allocated_qty: int


def reservations_of(
    session: Session, doc_kind: str, doc_ids: Iterable[int]
) -> dict[int, list[ReservationRow]]:
    """The active reservations of these document lines, oldest first."""
    held = (
        select(func.coalesce(func.sum(Allocation.qty - Allocation.picked_qty), 0))
        .where(Allocation.reservation_id == Reservation.id, Allocation.state == "open")
        .scalar_subquery()
    )
    columns = select(
        Reservation.id,
        Reservation.doc_id,
        Reservation.sku_id,
        Reservation.qty - Reservation.taken_qty,
        Reservation.taken_qty,
        held,
    )
    found: dict[int, list[ReservationRow]] = {}
    for part in chunks(doc_ids):
        mine = columns.where(
            Reservation.doc_kind == doc_kind, Reservation.doc_id.in_(part), Reservation.state == "active"
        )
        for row in session.execute(mine.order_by(Reservation.id)):
            found.setdefault(row.doc_id, []).append(
                ReservationRow(row[0], row[1], row[2], row[3], row[4], int(row[5]))
            )
    return found


def promised_of(session: Session, doc_kind: str, doc_ids: Iterable[int]) -> dict[int, int]:
    """Pieces that these document lines were promised and have not lost: still held, or picked."""
    kept = case((Reservation.state == "released", Reservation.taken_qty), else_=Reservation.qty)
    found: dict[int, int] = {}
    for part in chunks(doc_ids):
        rows = session.execute(
            select(Reservation.doc_id, func.sum(kept))
            .where(Reservation.doc_kind == doc_kind, Reservation.doc_id.in_(part))
            .group_by(Reservation.doc_id)
        )
        found |= {row[0]: int(row[1]) for row in rows}
    return found
