"""The migrations are one line, and what they build is what the models say, on both engines."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from backend.core.db import Base
from backend.core.migration import configuration
from backend.rooms import import_models


def test_the_migrations_are_one_line():
    scripts = ScriptDirectory.from_config(configuration())
    assert len(scripts.get_heads()) == 1, f"several heads: {scripts.get_heads()}"
    steps = list(scripts.walk_revisions())
    assert all(not step.is_merge_point and not step.is_branch_point for step in steps)
    assert all(step.doc for step in steps)


def test_the_migrations_build_what_the_models_say(house: Any):
    import_models()
    with house.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert not differences, f"make a migration: {differences}"
