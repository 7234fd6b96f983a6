"""Floor work over HTTP: the pool is read and ordered here; the rooms whose work it is hand it out."""

from backend.core.http import command_route, query_route, room
from backend.floor.queries import pool, whereabouts
from backend.floor.schemas import PoolQuery, PoolTaskOut, PrioritiseIn, SeenOut, WhereaboutsQuery
from backend.floor.use_cases import prioritise

bp = room("floor", "/api/floor")

# fmt: off
query_route(bp, "/tasks", pool, takes=PoolQuery, gives=PoolTaskOut, may="supervise", many=True)
query_route(bp, "/whereabouts", whereabouts, takes=WhereaboutsQuery, gives=SeenOut, may="supervise", many=True)
command_route(bp, "/tasks/<int:task_id>/priority", prioritise, takes=PrioritiseIn, may="supervise")
# fmt: on
