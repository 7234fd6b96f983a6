"""A table of order lines, as any shop or office exports it, read into orders. Each row that is not taken is named."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from backend.master.catalog.rules.tables import TableRow
from backend.orders.rules.content import OrderIn, WantedLine

# Heading (lower case, spaces as underscores) → what we call it. The UCI Online Retail headings are among them.
HEADINGS: dict[str, tuple[str, ...]] = {
    "external_no": (
        "external_no", "order_no", "orderno", "order_number", "order_id", "order", "invoiceno", "invoice_no", "invoice",
        "订单号", "订单编号", "原始单号", "平台单号", "单号",
    ),
    "code": (
        "code", "sku", "sku_code", "stockcode", "stock_code", "item", "item_code", "barcode",
        "商家编码", "货品编码", "规格编码", "商品编码", "条码",
    ),
    "qty": ("qty", "quantity", "pieces", "units", "数量", "件数"),
    "placed_at": (
        "placed_at", "order_date", "date", "created_at", "invoicedate", "invoice_date", "下单时间", "付款时间", "日期",
    ),
    "promise_at": ("promise_at", "promised_at", "due", "due_at", "ship_by", "deliver_by", "承诺发货时间", "最晚发货时间"),
    "customer_ref": ("customer_ref", "customer", "customerid", "customer_id", "buyer", "客户", "买家", "买家昵称", "客户编号"),
    "country": ("country", "国家"),
    "price": ("price", "unitprice", "unit_price", "单价"),
    "currency": ("currency", "币种"),
    "carrier": ("carrier", "courier", "shipping_method", "快递", "快递公司", "物流公司", "承运商"),
    "priority": ("priority", "优先级"),
    "tags": ("tags", "tag", "标签", "标记"),
    "note": ("note", "notes", "remark", "comment", "备注", "买家留言"),
    "status": ("status", "state", "订单状态", "状态"),
    "name": ("name", "description", "item_name", "product", "品名", "商品名称", "货品名称"),
    "zone_tag": ("zone_tag", "zone", "货区"),
    "to_name": ("recipient", "receiver", "ship_to_name", "收件人", "收货人"),
    "to_phone": ("phone", "mobile", "ship_to_phone", "手机", "电话"),
    "to_address": ("address", "ship_to_address", "street", "地址", "收货地址"),
    "to_city": ("city", "市", "城市"),
    "to_province": ("province", "region", "省", "省份"),
    "to_zip": ("zip", "postcode", "zip_code", "邮编"),
}  # fmt: skip
NEEDED = ("external_no", "code", "qty")
# Postage, discounts, fees, samples and vouchers in shop exports: charges, no goods that lie in a bin.
NOT_GOODS = frozenset(
    {"POST", "DOT", "D", "M", "S", "C2", "B", "CRUK", "PADS", "AMAZONFEE", "BANK CHARGES", "ADJUST", "ADJUST2",
     "运费", "邮费", "优惠", "补差价"}
)  # fmt: skip
_VOUCHER = re.compile(r"gift_\d+_\d+", re.IGNORECASE)
_CANCELS = re.compile(r"C(\d.*)")
_WHOLE = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_STATUS_WORDS = {
    "": "open",
    "open": "open",
    "paid": "open",
    "待发货": "open",
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "closed": "cancelled",
    "已取消": "cancelled",
    "已关闭": "cancelled",
    "refund_requested": "refund_requested",
    "refund": "refund_requested",
    "退款中": "refund_requested",
    "申请退款": "refund_requested",
    "refunded": "refunded",
    "已退款": "refunded",
}
_MOST_QTY = 1_000_000
_MOST_LINES = 2_000
_DATES = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d/%m/%Y %H:%M", "%d/%m/%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was not taken in as it stands: its number in the file, the order it names, why, and the row."""

    row_no: int
    external_no: str
    code: str
    facts: dict[str, Any]
    raw: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReadOrders:
    """The orders of a table in the order in which they begin, and the rows that stayed outside."""

    orders: tuple[OrderIn, ...]
    problems: tuple[Problem, ...]
    rows: int


class _No(Exception):
    def __init__(self, code: str, /, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def columns_of(headings: Sequence[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our name → heading of the file. `mapping` (heading → our name) overrules what we would guess.

    Raises:
        ValueError: with the names that are missing.
    """
    found = {}
    for ours, aliases in HEADINGS.items():
        hit = next((alias for alias in aliases if alias in headings), None)
        if hit is not None:
            found[ours] = hit
    for heading, ours in (mapping or {}).items():
        found[ours] = heading.strip().lower().replace(" ", "_")
    missing = [ours for ours in NEEDED if ours not in found]
    if missing:
        raise ValueError(",".join(missing))
    return found


def read_orders(
    rows: Sequence[TableRow], *, timezone: str, mapping: Mapping[str, str] | None = None
) -> ReadOrders:
    """Read a table: rows with the same order number are one order, wherever they stand.

    Times without a zone are local to `timezone`. Numbers that begin with C and a digit ask to cancel the order behind
    the C. Rows that are no goods, or no positive number of pieces, are reported and the rest of their order is taken.

    Raises:
        ValueError: with the names of the columns that are missing.
    """
    headings = {name for row in rows for name, _ in row.cells}
    columns = columns_of(sorted(headings), mapping)
    zone = ZoneInfo(timezone)
    orders: dict[str, OrderIn] = {}
    lines: dict[str, list[WantedLine]] = {}
    problems: list[Problem] = []
    for row in rows:
        raw = dict(row.cells)
        cells = {ours: raw.get(heading, "").strip() for ours, heading in columns.items()}
        try:
            _take(row.number, cells, zone, orders, lines)
        except _No as no:
            problems.append(Problem(row.number, cells.get("external_no", ""), no.code, no.facts, raw))
    whole = []
    for key, order in orders.items():
        if order.is_cancelled or lines[key]:
            whole.append(replace(order, lines=tuple(lines[key])))
        else:
            problems.append(Problem(order.row_no, order.external_no, "order_has_no_goods", {}, {}))
    return ReadOrders(tuple(whole), tuple(problems), len(rows))


def _take(
    number: int,
    cells: Mapping[str, str],
    zone: ZoneInfo,
    orders: dict[str, OrderIn],
    lines: dict[str, list[WantedLine]],
) -> None:
    external_no = cells.get("external_no", "")
    if not external_no:
        raise _No("order_number_missing")
    cancels = _CANCELS.fullmatch(external_no)
    key = f"cancel {cancels[1]}" if cancels else external_no
    if key not in orders:
        orders[key] = _head(number, cells, zone, cancels[1] if cancels else external_no, bool(cancels))
        lines[key] = []
    if cancels:
        return
    if len(lines[key]) >= _MOST_LINES:
        raise _No("order_too_long", most=_MOST_LINES)
    lines[key].append(_line(number, cells))


def _head(number: int, cells: Mapping[str, str], zone: ZoneInfo, external_no: str, cancels: bool) -> OrderIn:
    status = _STATUS_WORDS.get(cells.get("status", "").lower())
    if status is None:
        raise _No("status_unknown", status=cells["status"])
    ship_to = {
        name.removeprefix("to_"): text for name, text in cells.items() if name.startswith("to_") and text
    }
    return OrderIn(
        external_no=external_no,
        lines=(),
        status="cancelled" if cancels else status,
        placed_at=_instant(cells.get("placed_at", ""), zone),
        promise_at=_instant(cells.get("promise_at", ""), zone),
        carrier=cells.get("carrier", ""),
        priority=_whole(cells.get("priority", "") or "0", "priority"),
        tags=tuple(tag.strip() for tag in re.split(r"[|,;，；]", cells.get("tags", "")) if tag.strip()),
        customer_ref=cells.get("customer_ref", ""),
        country=cells.get("country", ""),
        ship_to=ship_to,
        note=cells.get("note", ""),
        currency=cells.get("currency", ""),
        zone_tag=cells.get("zone_tag") or None,
        row_no=number,
    )


def _line(number: int, cells: Mapping[str, str]) -> WantedLine:
    code = cells.get("code", "")
    if not code:
        raise _No("sku_code_missing")
    if code.upper() in NOT_GOODS or _VOUCHER.fullmatch(code):
        raise _No("not_goods", code=code)
    qty = _whole(cells.get("qty", ""), "qty")
    if qty <= 0:
        raise _No("qty_not_positive", qty=qty)
    if qty > _MOST_QTY:
        raise _No("qty_too_large", qty=qty, most=_MOST_QTY)
    price = _minor(cells.get("price", ""))
    return WantedLine(code, qty, price, cells.get("name", ""), number)


def _whole(text: str, column: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise _No("number_unreadable", column=column, text=text[:40])
    return int(re.split(r"[.,]", text)[0])


def _minor(text: str) -> int:
    """Hundredths of the currency unit; binary fractions in exports (2.5499999999999998) round to what was meant."""
    if not text:
        return 0
    try:
        value = Decimal(text.replace(",", ".") if "." not in text else text.replace(",", ""))
    except InvalidOperation:
        raise _No("number_unreadable", column="price", text=text[:40]) from None
    if not value.is_finite() or abs(value) > 10**12:
        raise _No("number_unreadable", column="price", text=text[:40])
    return int((value * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


def _instant(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        parsed = next((each for form in _DATES if (each := _parsed(text, form))), None)
        if parsed is None:
            raise _No("date_unreadable", text=text[:40]) from None
        found = parsed
    if not 1990 < found.year < 2200:
        raise _No("date_unreadable", text=text[:40])
    return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is added by the caller
    except ValueError:
        return None
