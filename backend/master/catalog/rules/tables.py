"""A table file as rows of text: CSV in the encodings that shops send, XLSX, JSON.

The first row names the columns. Cells come back as trimmed text, dates as ISO 8601, whole numbers without a decimal
part; empty rows are left out. The number of a row is the one a spreadsheet shows (the heading is row 1).
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from backend.core.errors import Unprocessable

MOST_ROWS = 50_000
MOST_BYTES = 32 * 1024 * 1024
_MOST_COLUMNS = 200
_MOST_UNPACKED_BYTES = 256 * 1024 * 1024
# gb18030 last: it reads almost anything, so it may only be asked once UTF-8 has said no.
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a file: its number in the file, and column → text for the cells that hold something."""

    number: int
    cells: tuple[tuple[str, str], ...]

    def get(self, column: str, default: str = "") -> str:
        """The text of a cell, or `default` when it is empty or the file has no such column."""
        return dict(self.cells).get(column, default)


def read_rows(data: bytes, filename: str, *, most_rows: int = MOST_ROWS) -> tuple[TableRow, ...]:
    """The rows of an uploaded file; its kind is told by its content, and by its name only where that is unclear.

    Raises:
        Unprocessable: `file_empty`, `file_too_long`, `file_unreadable`.
    """
    if not data.strip():
        raise Unprocessable("file_empty")
    if len(data) > MOST_BYTES:
        raise Unprocessable("file_too_long", most_bytes=MOST_BYTES)
    if data.startswith(b"PK\x03\x04"):
        table = _spreadsheet(data)
    elif data.lstrip()[:1] in (b"[", b"{") and not filename.lower().endswith(".csv"):
        return rows_of(_records(data), most_rows=most_rows)
    else:
        table = _csv(data)
    return _named(table, most_rows)


def read_table(data: bytes, filename: str, *, most_rows: int = MOST_ROWS) -> list[dict[str, str]]:
    """As `read_rows`, each row as a dictionary without its number."""
    return [dict(row.cells) for row in read_rows(data, filename, most_rows=most_rows)]


def rows_of(records: Iterable[object], *, most_rows: int = MOST_ROWS) -> tuple[TableRow, ...]:
    """Rows from JSON objects; lists in a cell become text with `|` between the parts. Numbered from 1.

    Raises:
        Unprocessable: `file_unreadable`, `file_too_long`.
    """
    rows = []
    for number, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            raise Unprocessable("file_unreadable", row=number)
        _check_length(number, most_rows)
        cells = tuple((_text(name), _text(value)) for name, value in record.items())
        rows.append(TableRow(number, tuple((name, text) for name, text in cells if text)))
    return tuple(rows)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that spreadsheets open rightly: UTF-8 with byte order mark, and no cell that runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_harmless(_text(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(text: str) -> str:
    is_formula = text[:1] in ("=", "+", "-", "@", "\t", "\r") and not text[1:].replace(".", "").isdigit()
    return "'" + text if is_formula else text


def _named(table: Iterable[tuple[int, Sequence[str]]], most_rows: int) -> tuple[TableRow, ...]:
    rows = iter(table)
    heading = next(rows, (1, ()))[1]
    names = [name.strip().lower().replace(" ", "_") for name in heading]
    if not any(names):
        raise Unprocessable("file_unreadable", row=1)
    if len(names) > _MOST_COLUMNS:
        raise Unprocessable("file_too_long", most_columns=_MOST_COLUMNS)
    found: list[TableRow] = []
    for number, row in rows:
        cells = tuple((name, cell) for name, cell in zip(names, row, strict=False) if name and cell)
        if cells:
            _check_length(len(found) + 1, most_rows)
            found.append(TableRow(number, cells))
    if not found:
        raise Unprocessable("file_empty")
    return tuple(found)


def _check_length(rows: int, most_rows: int) -> None:
    if rows > most_rows:
        raise Unprocessable("file_too_long", most_rows=most_rows)


def _decoded(data: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unprocessable("file_unreadable")


def _csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(data)
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as broken:
        raise Unprocessable("file_unreadable", row=reader.line_num) from broken


def read_json(data: bytes) -> object:
    """The value of a JSON file.

    Raises:
        Unprocessable: `file_unreadable`.
    """
    try:
        return json.loads(_decoded(data))
    except (ValueError, RecursionError) as broken:
        raise Unprocessable("file_unreadable") from broken


def _records(data: bytes) -> list[object]:
    found = read_json(data)
    records = found.get("rows") if isinstance(found, dict) else found
    if not isinstance(records, list):
        raise Unprocessable("file_unreadable")
    if not records:
        raise Unprocessable("file_empty")
    return records


def _spreadsheet(data: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook

    try:
        _refuse_zip_bomb(data)
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_text(cell) for cell in row[: _MOST_COLUMNS + 1]]
        book.close()
    except (KeyError, ValueError, IndexError, TypeError, OSError, SyntaxError, zipfile.BadZipFile) as broken:
        raise Unprocessable("file_unreadable") from broken


def _refuse_zip_bomb(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(item.file_size for item in archive.infolist()) > _MOST_UNPACKED_BYTES:
            raise Unprocessable("file_too_long", most_bytes=_MOST_UNPACKED_BYTES)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "|".join(_text(item) for item in value)
    return _storable(str(value)).strip()


def _storable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of surrogate pairs that JSON can spell."""
    if text.isascii():
        return text.replace("\x00", "")
    return "".join(char for char in text if char != "\x00" and not "\ud800" <= char <= "\udfff")
