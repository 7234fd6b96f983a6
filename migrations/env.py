"""Alembic's environment: always on a connection that the house hands over (`backend.core.migration`)."""

from alembic import context

from backend.core.db import Base, InstantType
from backend.rooms import import_models


def _render(kind: str, item: object, _context: object) -> str | bool:
    """Steps stand on their own: a type of ours is written as what it is in the database."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, InstantType) else False


import_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
