"""What the books say after the browser has gone home."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session, aliased

from backend.core.db import Database
from backend.master.catalog.models import Sku
from backend.master.layout.models import Location
from backend.orders.models import SalesOrder, SalesOrderLine
from backend.outbound.picking.models import MisScan, Pick, PickLine, PickTask
from backend.stock.models import Balance, HandlingUnit, StockMove
from backend.stock.queries import verify
from tests.processes import ServerProcess


@contextmanager
def looking_at(server: ServerProcess) -> Iterator[Session]:
    """A look into the database while the server runs; only a look."""
    engine = create_engine(server.database_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()


def moved(server: ServerProcess, warehouse_id: int, reason: str) -> list[tuple[str, int, str, str]]:
    """Moves of one kind in a warehouse as (goods, pieces, from, to), in the order of the ledger."""
    source, target = aliased(Location), aliased(Location)
    with looking_at(server) as session:
        rows = session.execute(
            select(Sku.code, StockMove.qty, source.code, target.code)
            .join(Sku, Sku.id == StockMove.sku_id)
            .join(source, source.id == StockMove.from_location_id)
            .join(target, target.id == StockMove.to_location_id)
            .where(StockMove.warehouse_id == warehouse_id, StockMove.reason == reason)
            .order_by(StockMove.id)
        )
        return [tuple(row) for row in rows]


def picks_of(db: Database) -> list[dict[str, Any]]:
    """The moves that pickers made, in the order of the ledger, as people read them."""
    with db.read() as session:
        totes = dict(session.execute(select(HandlingUnit.id, HandlingUnit.lpn)).all())
        rows = session.scalars(
            select(StockMove).where(StockMove.reason.not_in(("RECEIPT", "ADJUST"))).order_by(StockMove.id)
        )
        return [
            {
                "reason": row.reason,
                "sku": row.sku_id,
                "qty": row.qty,
                "from": row.from_location_id,
                "to": row.to_location_id,
                "from_tote": totes.get(row.from_hu_id),
                "to_tote": totes.get(row.to_hu_id),
                "document": (row.doc_kind, row.doc_id),
                "allocation": row.allocation_id,
                "user": row.user_id,
                "note": row.note,
            }
            for row in rows
        ]


def commands_of(db: Database) -> list[str]:
    """The command ids of those moves, one for each move."""
    with db.read() as session:
        return list(
            session.scalars(
                select(StockMove.command_id).where(StockMove.reason == "PICK").order_by(StockMove.id)
            )
        )


def state_of(db: Database) -> dict[str, Any]:
    """Everything else that picking leaves behind: orders, lines, tasks, stock, wrong scans."""
    with db.read() as session:
        tables = {
            "orders": select(SalesOrder.id, SalesOrder.state).order_by(SalesOrder.id),
            "order lines": select(
                SalesOrderLine.id, SalesOrderLine.picked_qty, SalesOrderLine.short_qty
            ).order_by(SalesOrderLine.id),
            "tasks": select(PickTask.id, PickTask.state).order_by(PickTask.id),
            "lines": select(PickLine.id, PickLine.state, PickLine.picked_qty).order_by(PickLine.id),
            "picks": select(Pick.line_id, Pick.qty).order_by(Pick.id),
            "stock": select(
                Balance.location_id, Balance.sku_id, func.sum(Balance.on_hand), func.sum(Balance.reserved)
            )
            .group_by(Balance.location_id, Balance.sku_id)
            .order_by(Balance.location_id, Balance.sku_id),
            "wrong scans": select(MisScan.step, MisScan.scanned, MisScan.expected).order_by(MisScan.id),
        }
        return {
            name: [tuple(row) for row in session.execute(statement)] for name, statement in tables.items()
        }


def proven(db: Database) -> None:
    """The books are true."""
    with db.read() as session:
        report = verify(session)
    assert report.sound, report
