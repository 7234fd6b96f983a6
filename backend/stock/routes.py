"""Stock over HTTP."""

from backend.core.http import command_route, query_route, room
from backend.stock import schemas
from backend.stock.queries import (
    explain_availability,
    explain_balance,
    explain_moves,
    list_balances,
    list_figures,
    list_moves,
    stock_as_of,
    truth,
)
from backend.stock.use_cases import (
    adjust_stock,
    change_quality,
    correct_move,
    move_handling_unit,
    move_stock,
    nest_handling_unit,
    receive_stock,
)

LOOK = "view_stock"
ADJUST = "adjust_stock"
CARRY = "shelve"

bp = room("stock", "/api/stock")

query_route(
    bp, "/balances", list_balances,
    takes=schemas.BalancesQuery, gives=schemas.BalanceOut, may=LOOK, paged=True,
)  # fmt: skip
query_route(
    bp, "/figures", list_figures,
    takes=schemas.FiguresQuery, gives=schemas.FigureOut, may=LOOK, paged=True,
)  # fmt: skip
query_route(
    bp, "/explain", explain_availability,
    takes=schemas.ExplainQuery, gives=schemas.ExplainedAvailabilityOut, may=LOOK,
)  # fmt: skip
query_route(bp, "/balances/<int:balance_id>", explain_balance, gives=schemas.ExplainedBalanceOut, may=LOOK)
query_route(
    bp, "/balances/<int:balance_id>/moves", explain_moves, gives=schemas.MoveOut, may=LOOK, paged=True
)
query_route(bp, "/moves", list_moves, takes=schemas.MovesQuery, gives=schemas.MoveOut, may=LOOK, paged=True)
query_route(
    bp, "/as-of", stock_as_of, takes=schemas.AsOfQuery, gives=schemas.StockThenOut, may=LOOK, paged=True
)
query_route(bp, "/truth", truth, gives=schemas.TruthOut, may=LOOK)
command_route(
    bp,
    "/receipts",
    receive_stock,
    takes=schemas.ReceiveStockIn,
    gives=schemas.PostedOut,
    may=CARRY,
    status=201,
)
command_route(
    bp, "/transfers", move_stock, takes=schemas.MoveStockIn, gives=schemas.PostedOut, may=CARRY, status=201
)
command_route(
    bp,
    "/adjustments",
    adjust_stock,
    takes=schemas.AdjustStockIn,
    gives=schemas.PostedOut,
    may=ADJUST,
    status=201,
)
command_route(
    bp, "/quality-changes", change_quality,
    takes=schemas.ChangeQualityIn, gives=schemas.PostedOut, may=ADJUST, status=201,
)  # fmt: skip
command_route(
    bp, "/moves/<int:move_id>/correct", correct_move,
    takes=schemas.CorrectMoveIn, gives=schemas.PostedOut, may=ADJUST, status=201,
)  # fmt: skip
command_route(
    bp, "/handling-units/nest", nest_handling_unit,
    takes=schemas.NestHandlingUnitIn, gives=schemas.UnitPlaceOut, may=CARRY,
)  # fmt: skip
command_route(
    bp, "/handling-units/move", move_handling_unit,
    takes=schemas.MoveHandlingUnitIn, gives=schemas.UnitPlaceOut, may=CARRY,
)  # fmt: skip
