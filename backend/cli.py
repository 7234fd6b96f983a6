"""The command line: `flask …` in the checkout. Each command is a thin door to a use case or an algorithm."""

import json
import signal
import sys
import tempfile
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from backend.core import openapi
from backend.core.background import background
from backend.core.db import Database, DatabaseInUse
from backend.core.errors import Refusal
from backend.core.event_page import event_page, event_schema, events_of_the_house
from backend.core.events import plain
from backend.core.execute import execute, system_actor
from backend.core.house import House
from backend.core.ids import uuid7
from backend.core.migration import upgrade, write_step
from backend.core.typescript import typescript
from backend.master.people.rules import sealed_password
from backend.master.people.use_cases import CreateUser, create_user


def install(app: Flask) -> None:
    """Hang the commands on the app."""
    for command in (migrate, migration, admin, route, wave, stock, demo, simulate, worker, describe):
        app.cli.add_command(command)


def _house() -> House:
    """The house, with its database taken for this process."""
    found: House = current_app.extensions["tideline"]
    try:
        found.db.open()
    except DatabaseInUse as taken:
        raise click.ClickException(str(taken)) from None
    return found


def _print_json(value: Any) -> None:
    click.echo(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":")))


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the database to the present schema."""
    upgrade(_house().db)


@click.command()
@click.argument("message")
@with_appcontext
def migration(message: str) -> None:
    """Write the next migration: the difference between a fresh database and the models."""
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{folder}/model.db")
        upgrade(db)
        write_step(db, message)
        db.close()


route = AppGroup("route", help="Walking routes.")
wave = AppGroup("wave", help="Waves: which orders are picked together.")
stock = AppGroup("stock", help="The ledger.")
demo = AppGroup("demo", help="The demo warehouse.")
describe = AppGroup("describe", help="Documents made from the code.")


@route.command("solve")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def route_solve(files: tuple[Path, ...]) -> None:
    """Solve wave-bench/1 routing instances: one JSON object a line."""
    from backend.algorithms import wave_bench

    for path in files:
        _print_json(wave_bench.solve_file(path))


@wave.command("plan")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--seconds", default=10.0, show_default=True, help="The budget for each file.")
@click.option("--seed", default=1, show_default=True, help="The same seed and budget, the same search.")
def wave_plan(files: tuple[Path, ...], seconds: float, seed: int) -> None:
    """Batch and route wave-bench/1 instances: one JSON object a line."""
    from backend.algorithms import wave_bench

    for path in files:
        _print_json(wave_bench.plan_file(path, seconds=seconds, seed=seed))


@stock.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a sentence.")
def stock_verify(as_json: bool) -> None:
    """Prove that balances are the fold of the ledger and that its chain is unbroken; exit 1 when not."""
    from backend.stock.queries import verify

    with _house().db.read() as session:
        report = verify(session)
    if as_json:
        _print_json(report)
    else:
        verdict = "proved" if report.sound else "NOT PROVED"
        click.echo(
            f"{verdict}: {report.moves} moves, {report.balances} balances, chain holds to {report.proved_seq}, "
            f"{report.unsealed} not sealed yet"
        )
        for fault in report.faults:
            click.echo(f"  {fault.check}: {fault.subject} should be {fault.expected}, is {fault.found}")
    if not report.sound:
        sys.exit(1)


@demo.command("seed")
@click.option("--seed", default=1, show_default=True, help="Another seed, another warehouse.")
def demo_seed(seed: int) -> None:
    """Make the demo warehouse with its logins; again is a no-op."""
    from backend.operations.demo.use_cases import seed_demo

    at = _house()
    seed_demo(at.db, at.clock, Path(at.settings.var_dir), seed=seed)
    background().run_until_idle()  # reserve the orders now: the first one to look finds a warehouse at work


@click.command()
@click.argument("login")
@click.option("--name", default="", help="The person's name; by default the login.")
@click.password_option(help="At least as strong as the house asks of everybody.")
@with_appcontext
def admin(login: str, name: str, password: str) -> None:
    """Open the first administrator's account in an empty house."""
    at = _house()
    by = system_actor(uuid7())
    try:
        command = CreateUser(
            by=by,
            login=login,
            name=name or login,
            roles=("admin",),
            warehouses=None,
            password_hash=sealed_password(password, by.command_id),
        )
        execute(at.db, create_user, command, clock=at.clock)
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from None
    click.echo(f"{login} may log in at a desk now.")


@click.command()
@with_appcontext
def worker() -> None:
    """Run jobs and the relay in this process (PostgreSQL: as many as you like, beside the web processes)."""
    if _house().db.is_sqlite:
        raise click.ClickException("SQLite has one process: its server runs the jobs itself")
    done = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: done.set())
    background().start()
    done.wait()
    background().stop()


@describe.command("events")
def describe_events() -> None:
    """The event catalogue as Markdown: docs/events.md."""
    click.echo(event_page(), nl=False)


@describe.command("types")
def describe_types() -> None:
    """The shapes of requests, answers and facts as TypeScript: pwa/src/api/schema.gen.ts."""
    facts = {name: event_schema(kind) for name, kind in events_of_the_house().items()}
    click.echo(typescript(openapi.document(current_app), facts), nl=False)


@describe.command("openapi")
def describe_openapi() -> None:
    """The OpenAPI 3.1 document as JSON."""
    click.echo(json.dumps(openapi.document(current_app), ensure_ascii=False, indent=1))


@click.command()
@click.option(
    "--orders", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Order lines to pick."
)
@click.option("--pickers", default=4, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--speed", default=0.0, show_default=True, help="Times faster than life; 0: as fast as it goes."
)
@click.option("--mode", type=click.Choice(["discrete", "cluster"]), default="cluster", show_default=True)
@click.option("--policy", default="optimal", show_default=True, help="The routing policy.")
@click.option("--limit", default=200, show_default=True, help="At most so many orders.")
@click.option("--url", default="", help="A running server; without it a throw-away house is made.")
@click.option("--forever", is_flag=True, help="Go on with new demo orders until stopped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def simulate(as_json: bool, **wishes: Any) -> None:
    """Drive simulated pickers through the public API and report metres, pace and errors."""
    from backend.operations.simulation.adapters import SimulationPlan
    from backend.operations.simulation.adapters import simulate as run_simulation

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    report = run_simulation(SimulationPlan(**wishes))
    if as_json:
        _print_json(asdict(report))
    else:
        click.echo(report.table())
