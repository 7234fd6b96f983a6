"""What became of deliveries of orders."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.master.layout.models import Warehouse
from backend.orders.models import OrderImport, OrderImportFile, OrderImportProblem


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A delivery of orders and what became of it."""

    id: int
    warehouse_id: int
    shop: str
    source: str
    file_name: str
    state: str
    rows: int
    created: int
    unchanged: int
    updated: int
    held: int
    cancelled: int
    refused: int
    problems: int
    lines: int
    new_skus: int
    user_id: int | None
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A row that was not taken in as it stands."""

    id: int
    row_no: int
    external_no: str
    code: str
    facts: dict[str, Any]
    raw: dict[str, Any]


def _row(found: OrderImport) -> ImportRow:
    return ImportRow(*(getattr(found, name) for name in ImportRow.__slots__))


def import_report(session: Session, import_id: int, *, by: Actor, now: datetime | None = None) -> ImportRow:
    """One delivery.

    Raises:
        NotFound: import_not_found.
    """
    found = session.get(OrderImport, import_id)
    if found is None:
        raise NotFound("import_not_found", import_id=import_id)
    by.check_warehouse(found.warehouse_id)
    return _row(found)


def import_page(
    session: Session, *, by: Actor, now: datetime | None = None, cursor: str | None = None, limit: int = 50
) -> Page:
    """Deliveries, newest first."""
    wanted = select(OrderImport)
    if by.warehouses is not None:
        wanted = wanted.where(OrderImport.warehouse_id.in_(sorted(by.warehouses)))
    return paginate(
        session, wanted, cursor=cursor, limit=limit, key=OrderImport.id, descending=True, row=_row_of_page
    )


def _row_of_page(found: Any) -> ImportRow:
    return _row(found)


def import_problems(
    session: Session,
    import_id: int,
    *,
    by: Actor,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """The rows of a delivery that were not taken in as they stand."""
    import_report(session, import_id, by=by)
    wanted = select(OrderImportProblem).where(OrderImportProblem.import_id == import_id)
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=OrderImportProblem.id,
        row=lambda row: ProblemRow(row.id, row.row_no, row.external_no, row.code, row.facts, row.raw),
    )


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is being taken in parts."""

    data: bytes
    file_name: str
    timezone: str
    columns: dict[str, str]


def kept_file(session: Session, import_id: int) -> KeptFile | None:
    """The file of an import that still runs; None when it has been finished."""
    row = session.execute(
        select(OrderImportFile.content, OrderImport.file_name, Warehouse.timezone, OrderImportFile.columns)
        .join(OrderImport, OrderImport.id == OrderImportFile.import_id)
        .join(Warehouse, Warehouse.id == OrderImport.warehouse_id)
        .where(OrderImportFile.import_id == import_id)
    ).one_or_none()
    return KeptFile(*row) if row else None
