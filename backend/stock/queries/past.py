"""Stock as of any past instant: the ledger folded up to then."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from backend.core.errors import Unprocessable
from backend.core.execute import Actor
from backend.core.pages import Page, paginate
from backend.stock.models import Balance, StockMove
from backend.stock.queries.figures import BalanceRow, balance_select


@dataclass(frozen=True, slots=True)
class StockThen:
    """What lay at a balance then, and what lies there now."""

    balance: BalanceRow
    on_hand_then: int


def stock_as_of(
    session: Session,
    *,
    warehouse_id: int,
    at: datetime,
    by_event: bool = False,
    sku_id: int | None = None,
    location_id: int | None = None,
    by: Actor | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 200,
) -> Page:
    """The balances that held something at that instant, by balance id.

    By default what the books said then (`recorded_at`); with `by_event` what was so on the floor then as far as we know
    today (`event_at`: scans made off-line count from when they were made).

    Raises:
        Unprocessable: instant_in_future.
    """
    if now is not None and at > now:
        raise Unprocessable("instant_in_future")
    if by is not None:
        by.check_warehouse(warehouse_id)
    when = StockMove.event_at if by_event else StockMove.recorded_at
    upto = [StockMove.warehouse_id == warehouse_id, when <= at]
    if sku_id is not None:
        upto.append(StockMove.sku_id == sku_id)
    came = select(StockMove.to_balance_id.label("balance_id"), StockMove.qty.label("qty")).where(
        StockMove.to_balance_id.is_not(None), *upto
    )
    went = select(StockMove.from_balance_id, -StockMove.qty).where(
        StockMove.from_balance_id.is_not(None), *upto
    )
    both = union_all(came, went).subquery()
    fold = select(both.c.balance_id, func.sum(both.c.qty).label("qty")).group_by(both.c.balance_id).subquery()
    wanted = balance_select().add_columns(fold.c.qty).join(fold, fold.c.balance_id == Balance.id)
    wanted = wanted.where(fold.c.qty != 0)
    if location_id is not None:
        wanted = wanted.where(Balance.location_id == location_id)
    return paginate(
        session,
        wanted,
        cursor=cursor,
        limit=limit,
        key=Balance.id,
        row=lambda row: StockThen(BalanceRow(*row[:20]), int(row[20])),
    )
