"""Orders come in: the delivery is written down, its orders are taken, and every row that stays outside is kept."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert
from backend.core.errors import Forbidden
from backend.core.events import plain
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.master.layout.queries import the_warehouse
from backend.orders.events import OrdersImported
from backend.orders.models import OrderImport, OrderImportProblem
from backend.orders.queries.policies import cut_offs_of, policy_of
from backend.orders.rules import OrderIn, Problem
from backend.orders.use_cases.intake import Desk, Tally, each_once, take_part

MOST_PROBLEMS_TOLD = 200


@dataclass(frozen=True, kw_only=True)
class ImportOrders(Command):
    """Take orders in. `create_skus`: goods that the catalogue does not know are added to it by their code."""

    warehouse_id: int
    shop: str
    orders: tuple[OrderIn, ...]
    create_skus: bool = False
    source: str = "api"


@dataclass(frozen=True)
class ImportReport:
    """What became of a delivery; `problems` holds the first 200, the rest is kept with the import."""

    import_id: int
    state: str
    rows: int
    created: int
    unchanged: int
    updated: int
    held: int
    cancelled: int
    refused: int
    lines: int
    new_skus: int
    problem_count: int
    problems: tuple[Problem, ...]


def import_orders(session: Session, command: ImportOrders, *, now: datetime) -> ImportReport:
    """Take a delivery of orders in; bad rows are reported and the others kept.

    Raises:
        Refusal: warehouse_not_found, outside_scope, shop_outside_scope.
    """
    import_id = open_import(
        session,
        by=command.by,
        now=now,
        warehouse_id=command.warehouse_id,
        shop=command.shop,
        source=command.source,
        create_skus=command.create_skus,
    )
    rows = sum(max(1, len(order.lines)) for order in command.orders)
    tally = take_orders(session, import_id, command.orders, by=command.by, now=now)
    count_import(session, import_id, tally, rows=rows, ended_at=now)
    return report_of(session, import_id, tally.problems)


def open_import(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    warehouse_id: int,
    shop: str,
    source: str,
    create_skus: bool,
    file_name: str = "",
) -> int:
    """Write down that a delivery begins.

    Raises:
        Refusal: warehouse_not_found, outside_scope, shop_outside_scope.
    """
    by.check_warehouse(warehouse_id)
    if by.shops is not None and shop not in by.shops:
        raise Forbidden("shop_outside_scope", shop=shop)
    the_warehouse(session, warehouse_id)
    row = OrderImport(
        warehouse_id=warehouse_id,
        shop=shop,
        source=source,
        file_name=file_name,
        state="running",
        create_skus=create_skus,
        user_id=by.user_id,
        command_id=by.command_id,
        began_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def count_import(
    session: Session, import_id: int, tally: Tally, *, rows: int = 0, ended_at: datetime | None = None
) -> None:
    """Add what became of a part to the import's figures, and keep its problems."""
    names = ("created", "unchanged", "updated", "held", "cancelled", "refused", "lines", "new_skus")
    more = {name: getattr(OrderImport, name) + getattr(tally, name) for name in names}
    more |= {"problems": OrderImport.problems + len(tally.problems), "rows": OrderImport.rows + rows}
    if ended_at is not None:
        more |= {"state": "done", "ended_at": ended_at}
    session.execute(
        update(OrderImport).where(OrderImport.id == import_id).values(more),
        execution_options={"synchronize_session": False},
    )
    bulk_insert(
        session,
        OrderImportProblem,
        [plain(asdict(each)) | {"import_id": import_id} for each in tally.problems],
    )


def report_of(session: Session, import_id: int, problems: Sequence[Problem]) -> ImportReport:
    """The report as it stands."""
    row = session.get_one(OrderImport, import_id, populate_existing=True)
    return ImportReport(
        import_id=row.id,
        state=row.state,
        rows=row.rows,
        created=row.created,
        unchanged=row.unchanged,
        updated=row.updated,
        held=row.held,
        cancelled=row.cancelled,
        refused=row.refused,
        lines=row.lines,
        new_skus=row.new_skus,
        problem_count=row.problems,
        problems=tuple(problems[:MOST_PROBLEMS_TOLD]),
    )


def take_orders(
    session: Session, import_id: int, orders: Sequence[OrderIn], *, by: Actor, now: datetime
) -> Tally:
    """Take orders in as part of an import, and tell it."""
    row = session.get_one(OrderImport, import_id)
    desk = Desk(
        session,
        warehouse_id=row.warehouse_id,
        timezone=the_warehouse(session, row.warehouse_id).timezone,
        shop=row.shop,
        rule=policy_of(session, row.shop),
        cut_offs=cut_offs_of(session, row.warehouse_id),
        create_skus=row.create_skus,
        by=by,
        now=now,
    )
    for part in each_once(orders):
        take_part(desk, part)
    tally = desk.tally
    if tally.created or tally.updated:
        told = OrdersImported(
            warehouse_id=row.warehouse_id,
            import_id=import_id,
            created=tally.created,
            updated=tally.updated,
            approved=tally.approved,
        )
        emit(session, told, now=now)
    return tally
