"""Allocation over HTTP."""

from backend.core.http import command_route, room
from backend.outbound.allocation import schemas
from backend.outbound.allocation.use_cases import reserve_open_orders, set_allocation_policy

bp = room("allocation", "/api/allocation")

command_route(
    bp, "/reserve", reserve_open_orders, takes=schemas.ReserveIn, gives=schemas.SweptOut, may="release_waves"
)
command_route(
    bp, "/policy", set_allocation_policy, takes=schemas.SetPolicyIn, may="manage_master", method="PUT"
)
