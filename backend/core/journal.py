"""Logs and figures for the operator: JSON lines with the command id, and Prometheus metrics."""

import logging
import sys
import time
from typing import Any

import structlog
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


def write_json_logs(level: str) -> None:
    """One JSON object a line on standard error; the request's and the command's id are on every line of it."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


class Metrics:
    """The process's figures, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "tideline_request_seconds",
            "Time to answer, by route and status",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.refusals = Counter(
            "tideline_refusals_total", "Expected noes, by code", ["code"], registry=self.registry
        )
        self.sockets = Gauge("tideline_sockets", "Connected sockets", registry=self.registry)
        self.jobs = Gauge("tideline_jobs", "Jobs, by state", ["state"], registry=self.registry)

    def exposition(self) -> Response:
        """The page Prometheus scrapes."""
        return Response(generate_latest(self.registry), content_type=CONTENT_TYPE_LATEST)

    def watch(self, app: Flask) -> None:
        """Time every request and bind its command id to the log."""
        app.before_request(self._begin)
        app.after_request(self._end)

    @staticmethod
    def _begin() -> None:
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        key = request.headers.get("Idempotency-Key")
        if key:
            structlog.contextvars.bind_contextvars(command_id=key[:64])

    def _end(self, response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        if not route.startswith("/socket.io"):
            spent = time.perf_counter() - g.get("began", time.perf_counter())
            self.requests.labels(request.method, route, str(response.status_code)).observe(spent)
        return response


def log(name: str) -> Any:
    """A logger by name."""
    return structlog.get_logger(name)
