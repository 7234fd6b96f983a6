"""A table of order lines read into orders."""

from datetime import UTC, datetime

import pytest

from backend.master.catalog.rules.tables import read_rows
from backend.orders.rules import ReadOrders, read_orders

UCI = "InvoiceNo,StockCode,Quantity,InvoiceDate,CustomerID,Country,UnitPrice\n"


def read(text: str, name: str = "orders.csv", encoding: str = "utf-8", **more: object) -> ReadOrders:
    return read_orders(read_rows(text.encode(encoding), name), timezone="Europe/London", **more)


def test_lines_of_one_number_are_one_order_wherever_they_stand() -> None:
    found = read(
        UCI
        + "536365,85123A,6,2010-12-01 08:26,17850,United Kingdom,2.5499999999999998\n"
        + "536366,22633,6,2010-12-01 08:28,17850,United Kingdom,1.85\n"
        + "536365,71053,6,2010-12-01 08:26,17850,United Kingdom,3.39\n"
    )
    first, second = found.orders
    assert [(line.code, line.qty, line.price_minor, line.row_no) for line in first.lines] == [
        ("85123A", 6, 255, 2),
        ("71053", 6, 339, 4),
    ]
    assert (first.customer_ref, first.country, len(second.lines)) == ("17850", "United Kingdom", 1)
    assert first.placed_at == datetime(2010, 12, 1, 8, 26, tzinfo=UTC)
    assert found.problems == ()


def test_local_times_are_the_warehouses() -> None:
    found = read(UCI + "1,A,1,2010-07-01 08:26,,UK,1\n")
    assert found.orders[0].placed_at == datetime(2010, 7, 1, 7, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("1,POST,1,2010-12-01 08:26,1,UK,18", "not_goods"),
        ("1,m,1,2010-12-01 08:26,1,UK,18", "not_goods"),
        ("1,gift_0001_20,1,2010-12-01 08:26,1,UK,18", "not_goods"),
        ("1,A,-3,2010-12-01 08:26,1,UK,1", "qty_not_positive"),
        ("1,A,0,2010-12-01 08:26,1,UK,1", "qty_not_positive"),
        ("1,A,many,2010-12-01 08:26,1,UK,1", "number_unreadable"),
        ("1,A,1.5,2010-12-01 08:26,1,UK,1", "number_unreadable"),
        ("1,A,9999999,2010-12-01 08:26,1,UK,1", "qty_too_large"),
        ("1,,1,2010-12-01 08:26,1,UK,1", "sku_code_missing"),
        (",A,1,2010-12-01 08:26,1,UK,1", "order_number_missing"),
        ("9,A,1,yesterday,1,UK,1", "date_unreadable"),
        ("1,A,1,2010-12-01 08:26,1,UK,cheap", "number_unreadable"),
    ],
)
def test_a_bad_row_is_named_and_the_rest_of_its_order_taken(row: str, code: str) -> None:
    found = read(UCI + "1,TEA,2,2010-12-01 08:26,1,UK,1\n" + row + "\n")
    (problem,) = found.problems
    assert (problem.row_no, problem.code) == (3, code)
    assert problem.raw
    assert [(order.external_no, len(order.lines)) for order in found.orders] == [("1", 1)]


def test_an_order_of_charges_alone_is_no_order() -> None:
    found = read(UCI + "1,POST,1,2010-12-01 08:26,1,UK,18\n")
    assert found.orders == ()
    assert [problem.code for problem in found.problems] == ["not_goods", "order_has_no_goods"]


def test_a_number_behind_c_asks_to_cancel_and_its_rows_are_no_lines() -> None:
    found = read(
        UCI + "C536365,85123A,-6,2010-12-01 09:00,1,UK,2.55\nC536365,D,-1,2010-12-01 09:00,1,UK,2.55\n"
    )
    (order,) = found.orders
    assert (order.external_no, order.is_cancelled, order.lines) == ("536365", True, ())


def test_chinese_headings_in_gb18030_are_understood() -> None:
    text = "订单号,商家编码,数量,下单时间,收件人,地址,快递,标签,状态\nA1,茶-01,2,2026-11-23 10:00,王芳,杭州市,顺丰,急|礼品,退款中\n"
    (order,) = read(text, encoding="gb18030").orders
    assert (order.lines[0].code, order.lines[0].qty, order.carrier, order.tags) == (
        "茶-01",
        2,
        "顺丰",
        ("急", "礼品"),
    )
    assert order.ship_to == {"name": "王芳", "address": "杭州市"}
    assert order.hold_reason == "refund_requested"


def test_headings_nobody_could_guess_are_told() -> None:
    found = read(
        "Ref;Thing;How many\n1;A;2\n", mapping={"Ref": "external_no", "Thing": "code", "How many": "qty"}
    )
    assert (found.orders[0].external_no, found.orders[0].lines[0].qty) == ("1", 2)


def test_missing_columns_are_named() -> None:
    with pytest.raises(ValueError, match="code,qty"):
        read("order_no,price\n1,2\n")
