"""How gunicorn serves the house: `gunicorn wsgi:app` reads this file by itself.

One worker with many threads, because SQLite wants a single process and each open socket keeps a thread. On PostgreSQL
with Redis, WEB_CONCURRENCY=4 starts four. Measured reasons: docs/DECISIONS.md.
"""

import os
import sys
from pathlib import Path

chdir = str(Path(__file__).resolve().parent)
sys.path.insert(0, chdir)  # the gunicorn command, unlike `python -m gunicorn`, does not look here

from backend.core.settings import Settings  # noqa: E402  # the line above makes it importable

_RESERVE = 64  # threads that sockets never get, so that the API always answers
_MAX_SOCKETS = int(os.environ.get("TIDELINE_MAX_SOCKETS", Settings.max_sockets))

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = _MAX_SOCKETS + _RESERVE
worker_connections = threads + 1000  # the difference is what may idle in keep-alive
keepalive = 30
timeout = 60
graceful_timeout = 5  # open sockets would use up any grace
control_socket_disable = True
loglevel = os.environ.get("TIDELINE_LOG_LEVEL", "info").lower()


def post_worker_init(worker):
    """Start the relay, the jobs and the sweeps with the worker; the command line never does."""
    worker.app.callable.extensions["tideline_background"].start()


def worker_exit(_server, worker):
    """Finish what is in hand and close the database cleanly."""
    worker.app.callable.extensions["tideline_background"].stop()
