"""The throw-away servers come quickly, copy a model, survive a crash test, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from tests import services

ROOT = Path(services.__file__).parents[1]


def tables(url: str) -> set[str]:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    return {name for (name,) in rows}


def prepare(url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE bin (id int)")


@pytest.mark.postgres
def test_a_database_copies_the_model_and_no_two_share_rows():
    first, second = services.postgres_url(prepare), services.postgres_url(prepare)
    assert first != second
    assert tables(first) == tables(second) == {"bin"}
    with psycopg.connect(first.replace("+psycopg", "")) as connection:
        connection.execute("DROP TABLE bin")
    assert tables(second) == {"bin"}
    assert tables(services.postgres_url()) == set()
    services.drop_postgres(first)
    services.drop_postgres(second)


@pytest.mark.postgres
def test_postgres_comes_back_after_a_power_cut():
    server = services.Postgres().start()
    try:
        assert server.process is not None
        server.kill()
        assert not server.answers()
        server.restart()
        assert server.answers()
    finally:
        server.stop()
    assert not server.folder.exists()


@pytest.mark.redis
def test_redis_is_empty_and_asks_for_its_password():
    url = services.redis_url()
    with redis.Redis.from_url(url) as client:
        assert client.dbsize() == 0
        client.set("a", "b")
    with redis.Redis(port=services.redis_server().port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()


@pytest.mark.postgres
@pytest.mark.redis
def test_servers_end_with_a_test_process_that_was_killed():
    script = (
        "from tests import services\n"
        "print(services.postgres().folder, services.redis_server().folder, flush=True)\n"
        "input()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        folders = [Path(part) for part in process.stdout.readline().split()]
        pids = [int((folder / "pid").read_text()) for folder in folders]
        assert len(folders) == 2
        process.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and any(folder.exists() for folder in folders):
        time.sleep(0.1)
    assert not any(folder.exists() for folder in folders)
    assert not any(is_running(pid) for pid in pids)


def is_running(pid: int) -> bool:
    """Whether the process runs; one that has ended but was not collected does not count."""
    try:
        os.kill(pid, signal.SIG_DFL)
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
