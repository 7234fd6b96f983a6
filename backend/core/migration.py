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
    config.set_main_option("file_template", "%%(year)d_%%(month).2d_%%(day).2d_%%(slug)s")
    return config


def upgrade(db: Database) -> None:
    """Run the steps this database has not seen, all in one transaction per step."""
    config = configuration()
    with db.exclusive_connection() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def write_step(db: Database, message: str) -> None:
    """Write the step from what `db` has to what the models say, for a developer to read and mend."""
    with db.exclusive_connection() as connection:
        config = configuration()
        config.attributes["connection"] = connection
        command.revision(config, message, autogenerate=True)


def is_current(db: Database) -> bool:
    """Whether the database has the schema that this code expects."""
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_heads()
    return set(found) == set(ScriptDirectory.from_config(configuration()).get_heads())
