"""Bring a database to the present schema; Alembic does the work, `migrations/` holds the steps."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.core.db import Database

_FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def configuration() -> Config:
    """Alembic's view of the migrations folder."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(db: Database) -> None:
    """Run the steps this database has not seen, all in one transaction per step."""
    config = configuration()
    with db.exclusive_connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(db: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(configuration()).get_heads())
