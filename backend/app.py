"""The only place where everything meets: rooms, database, clock, sockets, background work."""

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import cli
from backend.core import openapi, operator, problems, pwa, rates
from backend.core.background import Background
from backend.core.clock import Clock, SystemClock
from backend.core.db import Database
from backend.core.house import House, caller
from backend.core.jobs import JobBook, Worker, merged
from backend.core.journal import Metrics, write_json_logs
from backend.core.migration import is_current
from backend.core.outbox import Reaction, Relay
from backend.core.realtime import Realtime, make_realtime
from backend.core.settings import Settings
from backend.core.upkeep import UPKEEP
from backend.master.people.queries import authenticate
from backend.rooms import ROOMS, part


def create_app(settings: Settings, *, db: Database | None = None, clock: Clock | None = None) -> Flask:
    """The assembled application; `app.extensions["tideline"]` is its `House`.

    Args:
        settings: what the operator decided.
        db: an open database, for tests; by default the one of the settings is opened.
        clock: for tests; by default the machine's.
    """
    write_json_logs(settings.log_level)
    app = Flask("tideline", static_folder=None)
    app.config.update(SECRET_KEY=settings.secret, MAX_CONTENT_LENGTH=settings.max_body_bytes)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies, x_host=1
        )
    db = db or Database(
        settings.database_url, pool_size=settings.pool_size, sqlite_synchronous=settings.sqlite_synchronous
    )
    at = House(
        db, clock or SystemClock(), settings, authenticate, readiness={"schema": lambda: is_current(db)}
    )
    app.extensions["tideline"] = at
    sockets = make_realtime(app, redis_url=settings.redis_url, max_sockets=settings.max_sockets)
    _furnish(app, at, sockets)
    _face(app, at, sockets)
    cli.install(app)
    return app


def _furnish(app: Flask, at: House, sockets: Realtime) -> None:
    """Bring in what each room has."""
    reactions: list[Reaction] = []
    books: list[JobBook] = [UPKEEP]
    for room in ROOMS:
        if routes := part(room, "routes"):
            app.register_blueprint(routes.bp)
        if table := part(room, "sockets"):
            sockets.deeds.update(table.COMMANDS)
        if found := part(room, "reactions"):
            reactions += found.REACTIONS
        if jobs := part(room, "jobs"):
            books.append(jobs.BOOK)
    books.append(JobBook({each.kind: each.handler() for each in reactions}))
    sockets.install(at)
    relay = Relay(at.db, at.clock, sockets.tell, reactions)
    worker = Worker(at.db, at.clock, at.settings, merged(*books))
    app.extensions["tideline_background"] = Background(at, relay, worker, sockets)


def _face(app: Flask, at: House, sockets: Realtime) -> None:
    """Errors, headers, limits, health, metrics, the API document and the PWA."""
    metrics = Metrics()
    metrics.watch(app)
    problems.install(app)
    pwa.guard(app)
    app.register_blueprint(operator.bp)
    app.register_blueprint(
        operator.operator_pages(at, sockets, metrics, document=lambda: openapi.document(app))
    )
    _limit(app, at.settings)
    pwa.serve_pwa(app, at.settings.pwa_dir)


def _limit(app: Flask, settings: Settings) -> None:
    """Rate limits by session or address; logging in has one of its own, and whoever watches the house has none."""
    getting_in = ("log_in_by_badge", "log_in_by_password", "enrol_device")
    rates.guard(
        app,
        rates.Gate(settings.redis_url),
        _counted,
        settings.rate_limit,
        special=dict.fromkeys(getting_in, settings.login_rate_limit),
        exempt=frozenset(openapi.ALWAYS_ANSWERED),
    )


def _counted() -> str:
    """Who is counted: a session that is really open, otherwise the address; made-up cookies count as nobody."""
    principal = caller()
    if principal is not None and principal.session_id is not None:
        return f"session {principal.session_id}"
    return request.remote_addr or "127.0.0.1"
