"""Routes of the house itself: replay of facts over HTTP, jobs, health, metrics and the API document."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from marshmallow import Schema, fields, validate
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.core.errors import Forbidden
from backend.core.execute import Actor
from backend.core.house import ANYONE, PUBLIC, House, Principal
from backend.core.http import Page, paginate, query_route, raw_route, reply, room
from backend.core.jobs import Job, job_counts
from backend.core.journal import Metrics
from backend.core.openapi import VERSION
from backend.core.outbox import replay
from backend.core.realtime import Realtime, check_channel

bp = room("core", "/api")


class ReplayQuery(Schema):
    """Which channel, and the last number known of it."""

    channel = fields.String(required=True, validate=validate.Length(1, 100))
    after = fields.Integer(load_default=None, validate=validate.Range(min=0, max=2**53 - 1))


class FactOut(Schema):
    """A numbered fact."""

    seq = fields.Integer(required=True)
    prev = fields.Integer(required=True)
    channel = fields.String(required=True)
    name = fields.String(required=True)
    body = fields.Dict(required=True)
    at = fields.String(required=True)


class ReplayOut(Schema):
    """What was missed, and how far it reaches; `resync` says: fetch the snapshot."""

    channel = fields.String(required=True)
    events = fields.List(fields.Nested(FactOut), required=True)
    cursor = fields.Integer(required=True)
    resync = fields.Boolean(required=True)


_JOB_STATES = ("waiting", "done", "refused", "dead")


class JobOut(Schema):
    """A background job."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_JOB_STATES))
    tries = fields.Integer(required=True)
    last_error = fields.String(allow_none=True)
    created_at = fields.DateTime(required=True)
    run_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(allow_none=True)


class JobQuery(Schema):
    """Which jobs: by default those that need a person."""

    state = fields.String(load_default="dead", validate=validate.OneOf(_JOB_STATES))


def replay_channel(
    session: Session, *, by: Actor, now: object, channel: str, after: int | None
) -> dict[str, Any]:
    """The facts of a channel after a number, for readers without a socket."""
    check_channel(by, channel)
    found = replay(session, channel, after)
    return {
        "channel": channel,
        "events": [fact.wire() for fact in found.events],
        "cursor": found.cursor,
        "resync": found.resync,
    }


def list_jobs(
    session: Session, *, by: Actor, now: object, state: str, cursor: str | None, limit: int
) -> Page:
    """Background jobs in one state, newest first."""
    wanted = select(Job).where(Job.state == state)
    return paginate(session, wanted, cursor=cursor, limit=limit, key=Job.id, descending=True)


query_route(bp, "/realtime/replay", replay_channel, takes=ReplayQuery, gives=ReplayOut, may=ANYONE)
query_route(bp, "/jobs", list_jobs, takes=JobQuery, gives=JobOut, may="supervise", paged=True)


def operator_pages(
    at: House, sockets: Realtime, metrics: Metrics, *, document: Callable[[], dict[str, Any]]
) -> Blueprint:
    """Health, readiness, metrics and the API document."""
    pages = Blueprint("operator", __name__, template_folder="templates")
    made: dict[str, Any] = {}

    def health(_house: House, _principal: Principal | None) -> Response:
        """The process is alive."""
        return reply({"alive": True, "version": VERSION})

    def ready(_house: House, _principal: Principal | None) -> Response:
        """The process can serve: the database answers and no part reports otherwise."""
        checks = {"database": _answers(at)} | {name: check() for name, check in at.readiness.items()}
        return reply({"ready": all(checks.values()), "checks": checks}, 200 if all(checks.values()) else 503)

    def scrape(_house: House, principal: Principal | None) -> Response:
        """Prometheus metrics; with TIDELINE_METRICS_TOKEN set, for its bearer only."""
        token = at.settings.metrics_token
        if token and request.headers.get("Authorization") != f"Bearer {token}":
            raise Forbidden("not_allowed", permission="metrics")
        metrics.sockets.set(sockets.connected)
        with at.db.read() as session:
            for state, number in job_counts(session).items():
                metrics.jobs.labels(state).set(number)
        return metrics.exposition()

    def openapi_document(_house: House, _principal: Principal | None) -> Response:
        """This API as an OpenAPI 3.1 document."""
        if not made:
            made.update(document())
        return reply(made)

    def api_page(_house: House, _principal: Principal | None) -> Response:
        """This API as a page to read."""
        if not made:
            made.update(document())
        return Response(render_template("api.html", spec=made), content_type="text/html; charset=utf-8")

    raw_route(pages, "/healthz", health, may=PUBLIC, media_type="application/json")
    raw_route(pages, "/readyz", ready, may=PUBLIC, media_type="application/json")
    raw_route(pages, "/metrics", scrape, may=PUBLIC, media_type="text/plain")
    raw_route(pages, "/api/openapi.json", openapi_document, may=PUBLIC, media_type="application/json")
    raw_route(pages, "/api/docs", api_page, may=PUBLIC, media_type="text/html")
    return pages


def _answers(at: House) -> bool:
    try:
        with at.db.read() as session:
            return bool(session.scalar(text("SELECT 1")))
    except SQLAlchemyError:
        return False
