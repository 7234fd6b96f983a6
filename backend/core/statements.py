"""Writes that both engines understand, each built once per shape: building a statement anew costs more than running it."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import JSON, Column, Select, Text, UpdateBase, bindparam, cast, column, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

AnySelect = TypeVar("AnySelect", bound=Select[*tuple[Any, ...]])
_CHUNK = 500


def names_nothing(error: IntegrityError) -> bool:
    """Whether the write failed because it refers to a row that does not exist."""
    return getattr(error.orig, "sqlstate", "") == "23503" or "FOREIGN KEY" in str(error.orig)


def locked(statement: AnySelect, *, skip: bool = False) -> AnySelect:
    """Rows locked for this transaction. SQLite ignores it: its writers are one at a time already."""
    return statement.with_for_update(skip_locked=skip)


def changed(session: Session, statement: UpdateBase) -> int:
    """Execute an UPDATE or DELETE; how many rows it met. For conditional writes: 0 means that the condition failed."""
    return session.connection().execute(statement).rowcount


def insert_once(session: Session, model: Any, **values: Any) -> bool:
    """Insert unless a unique constraint says that it is there already. True when this call inserted it."""
    return insert_once_id(session, model, values) is not None


def insert_once_id(session: Session, model: Any, values: Mapping[str, Any]) -> Any:
    """The same; the primary key of the row that this call inserted, or None."""
    statement = _insert_once(_dialect(session), model, tuple(values))
    return session.connection().execute(statement, dict(values)).scalar()


def upsert(
    session: Session,
    model: Any,
    *,
    keys: Mapping[str, Any],
    add: Mapping[str, int] | None = None,
    put: Mapping[str, Any] | None = None,
) -> None:
    """Insert the row, or on the unique key `keys` add to the columns of `add` and set those of `put`."""
    add, put = add or {}, put or {}
    statement = _upsert(_dialect(session), model, tuple(keys), tuple(add), tuple(put))
    session.connection().execute(statement, {**keys, **add, **put})


def bulk_insert(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert many rows, all with the same columns, in few statements; their ids in the order of `rows`."""
    if not rows:
        return []
    session.flush()  # what was added before may be what these rows refer to
    if _dialect(session) == "postgresql" and len(rows) > 1 and not _made_up(model, rows[0]):
        return _insert_arrays(session, model, rows)
    return list(session.connection().execute(_bulk(model), [dict(row) for row in rows]).scalars())


def bulk_insert_once(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many rows in few statements, passing over those that a unique constraint knows already."""
    session.flush()
    if len(rows) == 1:
        insert_once(session, model, **rows[0])
        return
    make = _maker(_dialect(session))
    for start in range(0, len(rows), _CHUNK):
        chunk = [dict(row) for row in rows[start : start + _CHUNK]]
        session.connection().execute(make(model).values(chunk).on_conflict_do_nothing())


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _maker(dialect: str) -> Any:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


@cache
def _insert_once(dialect: str, model: Any, names: tuple[str, ...]) -> Any:
    table = model.__table__
    made = _maker(dialect)(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    return made.on_conflict_do_nothing().returning(next(iter(table.primary_key)))


@cache
def _upsert(
    dialect: str, model: Any, keys: tuple[str, ...], add: tuple[str, ...], put: tuple[str, ...]
) -> Any:
    table = model.__table__
    names = (*keys, *add, *put)
    made = _maker(dialect)(table).values({name: bindparam(name, type_=table.c[name].type) for name in names})
    sums = {name: table.c[name] + made.excluded[name] for name in add}
    return made.on_conflict_do_update(
        index_elements=list(keys), set_=sums | {name: made.excluded[name] for name in put}
    )


@cache
def _bulk(model: Any) -> Any:
    table = model.__table__
    return insert(table).returning(table.c.id, sort_by_parameter_order=True)


def _made_up(model: Any, row: Mapping[str, Any]) -> bool:
    """Whether a column that the row leaves out has a default that is computed."""
    missing = [each for each in model.__table__.columns if each.key not in row]
    return any(each.default is not None and not each.default.is_scalar for each in missing)


def _insert_arrays(session: Session, model: Any, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """PostgreSQL: one array for each column, unnested; a few parameters instead of thousands (half the time)."""
    columns = model.__table__.columns
    given = [columns[name] for name in rows[0]]
    arrays = [_array(each, [row[each.key] for row in rows]) for each in given]
    spread = func.unnest(*arrays).table_valued(
        *[column(f"c{number}", _kind(each)) for number, each in enumerate(given)], with_ordinality="n"
    )
    source = spread.render_derived(name="u")
    picked: list[Any] = [
        cast(source.c[f"c{number}"], each.type) if isinstance(each.type, JSON) else source.c[f"c{number}"]
        for number, each in enumerate(given)
    ]
    fixed = [each for each in columns if each.key not in rows[0] and each.default is not None]
    picked += [bindparam(None, each.default.arg, type_=each.type, unique=True) for each in fixed]
    statement = insert(model.__table__).from_select(
        [each.name for each in (*given, *fixed)], select(*picked).order_by(source.c.n), include_defaults=False
    )
    # Rows are numbered as they arrive, which is in the order of `n`.
    return sorted(session.connection().execute(statement.returning(columns["id"])).scalars())


def _array(into: Column[Any], values: list[Any]) -> Any:
    if isinstance(into.type, JSON):
        values = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    return bindparam(None, values, type_=postgresql.ARRAY(_kind(into)), unique=True)


def _kind(into: Column[Any]) -> Any:
    return Text() if isinstance(into.type, JSON) else into.type
