"""Alembic's environment: always on a connection that the house hands over (`backend.core.migration`)."""

from alembic import context

from backend.core.db import Base
from backend.rooms import import_models

import_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
