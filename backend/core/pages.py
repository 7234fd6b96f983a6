"""Lists come in pages by cursor: stable while rows are added, and as fast on the last page as on the first."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backend.core.errors import Unprocessable

MAX_PAGE = 200


@dataclass(frozen=True)
class Page:
    """Rows and where the next page begins."""

    rows: list[Any]
    next_cursor: str | None


def paginate(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    *,
    cursor: str | None,
    limit: int,
    key: Any,
    descending: bool = False,
    row: Callable[[Any], Any] = lambda found: found,
) -> Page:
    """A page by keyset on one unique integer column; `row` turns a found row into a frozen one.

    Raises:
        Unprocessable: `bad_cursor` when the cursor is not ours.
    """
    after = _read_cursor(cursor)
    if after is not None:
        statement = statement.where(key < after if descending else key > after)
    ordered = statement.order_by(key.desc() if descending else key).add_columns(key.label("page_key"))
    found = session.execute(ordered.limit(limit + 1)).all()
    more = len(found) > limit
    found = found[:limit]
    next_cursor = _write_cursor(found[-1].page_key) if more else None
    single = len(statement.selected_columns) == 1 or len(statement.column_descriptions) == 1
    return Page([row(each[0] if single else each) for each in found], next_cursor)


def _write_cursor(key: int) -> str:
    return base64.urlsafe_b64encode(f"k{key}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> int | None:
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        if not text.startswith("k"):
            raise ValueError
        return int(text[1:])
    except (ValueError, binascii.Error):
        raise Unprocessable("bad_cursor") from None
