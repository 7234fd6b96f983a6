"""The board's URL."""

from flask import Response, current_app, request

from backend.core.events import plain
from backend.core.house import House, Principal, actor_of
from backend.core.http import load_text, raw_route, reply, room
from backend.core.realtime import Realtime
from backend.watch.board import queries
from backend.watch.board.schemas import BoardOut, BoardQuery

bp = room("board", "/api/board")


def board(at: House, principal: Principal | None) -> Response:
    """A snapshot of the warehouse at work; go on from its cursor with the news on `warehouse:<id>`."""
    wanted = load_text(BoardQuery, request.args.to_dict())
    with at.db.read() as session:
        found = queries.board(session, by=actor_of(principal), now=at.clock.now(), **wanted)
    body = plain(found)
    sockets: Realtime = current_app.extensions["tideline_background"].sockets
    body["lights"]["connection"] = {"state": found.lights.news.state, "sockets": sockets.connected}
    return reply(body)


raw_route(bp, "", board, may="supervise", media_type="application/json", takes=BoardQuery, gives=BoardOut)
