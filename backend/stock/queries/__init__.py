"""Reads of the ledger: figures, the way to every number, the past, the proof."""

from backend.stock.queries.explain import (
    ExplainedAvailability,
    ExplainedBalance,
    ExplainedMove,
    PromiseRow,
    explain_availability,
    explain_balance,
    explain_moves,
    list_moves,
)
from backend.stock.queries.figures import (
    BalanceRow,
    ReservationRow,
    StockFigure,
    availability,
    balances_at,
    balances_for_skus,
    list_balances,
    list_figures,
    lots_by_code,
    places_of,
    reservations_of,
    sku_policies,
)
from backend.stock.queries.past import StockThen, stock_as_of
from backend.stock.queries.truth import Fault, Truth, VerifyReport, truth, unsealed_moves, verify

__all__ = [
    "BalanceRow",
    "ExplainedAvailability",
    "ExplainedBalance",
    "ExplainedMove",
    "Fault",
    "PromiseRow",
    "ReservationRow",
    "StockFigure",
    "StockThen",
    "Truth",
    "VerifyReport",
    "availability",
    "balances_at",
    "balances_for_skus",
    "explain_availability",
    "explain_balance",
    "explain_moves",
    "list_balances",
    "list_figures",
    "list_moves",
    "lots_by_code",
    "places_of",
    "reservations_of",
    "sku_policies",
    "stock_as_of",
    "truth",
    "unsealed_moves",
    "verify",
]
