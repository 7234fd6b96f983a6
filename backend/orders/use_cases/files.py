"""Order files: small ones are taken at once, large ones in parts by a job that goes on where a crash stopped it."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from backend.core.errors import Unprocessable
from backend.core.execute import Command
from backend.core.jobs import enqueue
from backend.master.catalog.rules.tables import read_rows
from backend.master.layout.queries import the_warehouse
from backend.orders.models import OrderImport, OrderImportFile
from backend.orders.rules import OrderIn, ReadOrders, read_orders
from backend.orders.use_cases.imports import (
    ImportReport,
    count_import,
    open_import,
    report_of,
    take_orders,
)
from backend.orders.use_cases.intake import Tally

MOST_ROWS = 200_000
PART = 300  # orders per transaction: other writers wait no longer than one part takes
_MOST_UNPACKED_BYTES = 256 * 1024 * 1024
JOB = "orders.import_file"


@dataclass(frozen=True, kw_only=True)
class ImportOrderFile(Command):
    """A CSV or spreadsheet of order lines (also gzipped); `columns` maps its headings to our names where we guess wrong."""

    warehouse_id: int
    shop: str
    file_name: str
    content: str  # base64: commands are JSON
    create_skus: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ImportPart(Command):
    """One part of a file, as the job has read it."""

    import_id: int
    part: int
    orders: tuple[OrderIn, ...]


@dataclass(frozen=True, kw_only=True)
class FinishImport(Command):
    """The last part has been taken."""

    import_id: int


def import_order_file(session: Session, command: ImportOrderFile, *, now: datetime) -> ImportReport:
    """Take a file in; a large one is answered with state `running`, and its report grows as parts are taken.

    Raises:
        Refusal: file_unreadable, file_empty, file_too_long, columns_missing, and those of `import_orders`.
    """
    import_id = open_import(
        session,
        by=command.by,
        now=now,
        warehouse_id=command.warehouse_id,
        shop=command.shop,
        source="file",
        create_skus=command.create_skus,
        file_name=command.file_name,
    )
    data = unpacked(command.content)
    timezone = the_warehouse(session, command.warehouse_id).timezone
    read = read_file(data, command.file_name, timezone, command.columns)
    outside = Tally(problems=list(read.problems))
    if len(read.orders) <= PART:
        tally = take_orders(session, import_id, read.orders, by=command.by, now=now)
        tally.problems = sorted(outside.problems + tally.problems, key=lambda problem: problem.row_no)
        count_import(session, import_id, tally, rows=read.rows, ended_at=now)
        return report_of(session, import_id, tally.problems)
    count_import(session, import_id, outside, rows=read.rows)
    session.add(OrderImportFile(import_id=import_id, content=data, columns=dict(command.columns)))
    enqueue(session, JOB, {"import_id": import_id}, now=now, key=f"{JOB}:{import_id}")
    return report_of(session, import_id, outside.problems)


def unpacked(content: str) -> bytes:
    """The file's bytes, unzipped where they are gzip.

    Raises:
        Unprocessable: file_unreadable, file_too_long.
    """
    try:
        data = base64.b64decode(content, validate=True)
        if data[:2] != b"\x1f\x8b":
            return data
        unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        data = unzip.decompress(data, _MOST_UNPACKED_BYTES)
    except (binascii.Error, ValueError, zlib.error) as broken:
        raise Unprocessable("file_unreadable") from broken
    if unzip.unconsumed_tail:
        raise Unprocessable("file_too_long", most_bytes=_MOST_UNPACKED_BYTES)
    return data


def read_file(data: bytes, file_name: str, timezone: str, columns: Mapping[str, str]) -> ReadOrders:
    """The orders of a file.

    Raises:
        Unprocessable: file_unreadable, file_empty, file_too_long, columns_missing.
    """
    rows = read_rows(data, file_name.removesuffix(".gz"), most_rows=MOST_ROWS)
    try:
        return read_orders(rows, timezone=timezone, mapping=columns)
    except ValueError as missing:
        raise Unprocessable("columns_missing", columns=str(missing).split(",")) from missing


def import_part(session: Session, command: ImportPart, *, now: datetime) -> int:
    """Take one part of a file; the number of orders written."""
    tally = take_orders(session, command.import_id, command.orders, by=command.by, now=now)
    count_import(session, command.import_id, tally)
    return tally.created


def finish_import(session: Session, command: FinishImport, *, now: datetime) -> None:
    """Close the report and forget the file."""
    row = session.get_one(OrderImport, command.import_id)
    row.state, row.ended_at = "done", now
    file = session.get(OrderImportFile, command.import_id)
    if file is not None:
        session.delete(file)
    session.flush()
