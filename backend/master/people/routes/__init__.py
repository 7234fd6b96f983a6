"""People over HTTP: one's own session under `/api/session`, the office under `/api/people`."""

from backend.core.http import room
from backend.master.people.routes import office, session

bp = room("people", "/api")
session.furnish(bp)
office.furnish(bp)

__all__ = ["bp"]
