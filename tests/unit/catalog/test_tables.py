"""Files as people send them."""

import io

import pytest
from openpyxl import Workbook

from backend.core.errors import Refusal
from backend.master.catalog.rules.tables import read_rows, read_table, write_csv

CSV = "code,name\nA-1,雨伞\nA-2,杯子\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_in_the_encodings_that_are_sent(encoding: str):
    assert read_table(CSV.encode(encoding), "x.csv")[0] == {"code": "A-1", "name": "雨伞"}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_the_delimiters_that_are_sent(delimiter: str):
    assert read_table(CSV.replace(",", delimiter).encode(), "x.csv")[1]["name"] == "杯子"


def test_rows_carry_the_number_that_a_spreadsheet_shows():
    rows = read_rows(b"code,name\nA-1,x\n\nA-2,y\n", "x.csv")
    assert [row.number for row in rows] == [2, 4]


def test_headings_are_folded_and_empty_cells_left_out():
    assert read_table(b" Code ,Image URL,name\nA-1,,x\n", "x.csv") == [{"code": "A-1", "name": "x"}]


def test_xlsx():
    book = Workbook()
    book.active.append(["code", "weight_g", "fragile"])
    book.active.append(["A-1", 250.0, True])
    out = io.BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "x.xlsx") == [{"code": "A-1", "weight_g": "250", "fragile": "true"}]


@pytest.mark.parametrize(
    "data",
    [b'[{"code": "A-1", "barcodes": ["1", "2"]}]', b'{"rows": [{"code": "A-1", "barcodes": ["1", "2"]}]}'],
)
def test_json(data: bytes):
    assert read_table(data, "x.json") == [{"code": "A-1", "barcodes": "1|2"}]


@pytest.mark.parametrize(
    ("data", "name", "refused"),
    [
        (b"", "x.csv", "file_empty"),
        (b"code,name\n", "x.csv", "file_empty"),
        (b"[]", "x.json", "file_empty"),
        (b"[1]", "x.json", "file_unreadable"),
        (b"{broken", "x.json", "file_unreadable"),
        (b'{"other": 1}', "x.json", "file_unreadable"),
        (b"PK\x03\x04 not a zip", "x.xlsx", "file_unreadable"),
        (b"\x00\x01\x02\x03", "x.csv", "file_unreadable"),
        (b"[" * 100_000, "x.json", "file_unreadable"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, name: str, refused: str):
    with pytest.raises(Refusal) as no:
        read_rows(data, name)
    assert no.value.code == refused


def test_too_many_rows_are_refused():
    with pytest.raises(Refusal) as no:
        read_rows(b"code\n" + b"A\n" * 11, "x.csv", most_rows=10)
    assert (no.value.code, no.value.facts) == ("file_too_long", {"most_rows": 10})


def test_a_written_cell_never_runs_as_a_formula():
    data = write_csv(["code", "name"], [["A-1", "=1+1"], ["-5", "ok"]])
    assert data.decode("utf-8-sig").splitlines() == ["code,name", "A-1,'=1+1", "-5,ok"]


def test_characters_that_no_database_keeps_are_left_out():
    assert read_table(rb'[{"code": "A\u0000B", "name": "\ud800x\u00e9"}]', "x.json") == [
        {"code": "AB", "name": "xé"}
    ]
