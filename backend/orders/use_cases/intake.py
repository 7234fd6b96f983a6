"""What becomes of each order of a delivery: new ones are written in bulk, known ones are compared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, insert_once, locked
from backend.core.execute import Actor
from backend.orders.models import OrderRevision, SalesOrder, SalesOrderLine
from backend.orders.rules import (
    NOT_BEGUN,
    ApprovalRule,
    CutOff,
    OrderContent,
    OrderIn,
    Problem,
    WantedLine,
    changes_between,
    content_hash,
    content_of,
    next_cut_off,
    order_number,
    why_not_approved,
)
from backend.orders.use_cases.decisions import cancel, place_hold
from backend.orders.use_cases.goods import Goods
from backend.orders.use_cases.progress import release_promises
from backend.stock.queries.figures import chunks


@dataclass
class Tally:
    """Counts of what became of orders, and the rows to report."""

    created: int = 0
    unchanged: int = 0
    updated: int = 0
    held: int = 0
    cancelled: int = 0
    refused: int = 0
    lines: int = 0
    new_skus: int = 0
    approved: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    """Where a delivery is taken in: where its orders go, the rules that hold there, and what became of them so far."""

    session: Session
    warehouse_id: int
    timezone: str
    shop: str
    rule: ApprovalRule
    cut_offs: Sequence[CutOff]
    create_skus: bool
    by: Actor
    now: datetime
    tally: Tally = field(default_factory=Tally)

    def hold(self, order: SalesOrder, reason: str, **detail: Any) -> None:
        """Stop an order at the next scan."""
        place_hold(self.session, order, reason, by=self.by, now=self.now, detail=detail)
        self.tally.held += 1

    def report(self, order: OrderIn, code: str, **facts: Any) -> None:
        """The whole order stays outside."""
        self.tally.refused += 1
        raw = {"status": order.status}
        self.tally.problems.append(Problem(order.row_no, order.external_no, code, facts, raw))

    def refuse_lines(self, order: OrderIn, lacking: Sequence[tuple[WantedLine, str]]) -> None:
        """The whole order stays outside, because of these lines."""
        self.tally.refused += 1
        for line, code in lacking:
            raw = {"code": line.code, "qty": str(line.qty)}
            row_no = line.row_no or order.row_no
            self.tally.problems.append(Problem(row_no, order.external_no, code, {"code": line.code}, raw))


def each_once(orders: Sequence[OrderIn]) -> Iterator[list[OrderIn]]:
    """Parts in which no order number comes twice; a number's second mention is in a later part."""
    left = list(orders)
    while left:
        seen: set[str] = set()
        part: list[OrderIn] = []
        later: list[OrderIn] = []
        for order in left:
            (later if order.external_no in seen else part).append(order)
            seen.add(order.external_no)
        yield part
        left = later


def take_part(desk: Desk, orders: Sequence[OrderIn]) -> None:
    """Take orders of which each number comes once."""
    goods = Goods(desk.session, [order for order in orders if not order.is_cancelled])
    if desk.create_skus:
        desk.tally.new_skus += goods.create_missing(desk.by, desk.now)
    known = _known(desk, [order.external_no for order in orders])
    new: list[OrderIn] = []
    for order in orders:
        old = known.get(order.external_no)
        if old is None and order.is_cancelled:
            desk.report(order, "cancels_unknown_order")
        elif old is None:
            new.append(order)
        elif order.is_cancelled:
            _cancel_known(desk, old, order)
        else:
            _compare(desk, goods, old, order)
    _create(desk, goods, new)


def _known(desk: Desk, numbers: Iterable[str]) -> dict[str, SalesOrder]:
    found: dict[str, SalesOrder] = {}
    for part in chunks(numbers):
        mine = select(SalesOrder).where(SalesOrder.shop == desk.shop, SalesOrder.external_no.in_(part))
        rows = desk.session.scalars(
            locked(mine.order_by(SalesOrder.id)).execution_options(populate_existing=True)
        )
        found |= {row.external_no: row for row in rows}
    return found


def _create(desk: Desk, goods: Goods, orders: Sequence[OrderIn]) -> None:
    heads: list[dict[str, Any]] = []
    lines: list[list[dict[str, Any]]] = []
    taken: list[OrderIn] = []
    for order in orders:
        lacking = goods.lacking(order)
        if lacking:
            desk.refuse_lines(order, lacking)
        elif not order.lines:
            desk.report(order, "order_has_no_goods")
        else:
            rows = goods.lines(order)
            heads.append(_new_head(desk, order, goods.measures(rows)))
            lines.append(rows)
            taken.append(order)
    ids = bulk_insert(desk.session, SalesOrder, heads)
    bulk_insert(
        desk.session,
        SalesOrderLine,
        [row | {"order_id": order_id} for order_id, rows in zip(ids, lines, strict=True) for row in rows],
    )
    desk.tally.created += len(ids)
    desk.tally.lines += sum(len(rows) for rows in lines)
    desk.tally.approved += sum(1 for head in heads if head["state"] == "approved")
    for order_id, order in zip(ids, taken, strict=True):
        if order.hold_reason:
            desk.hold(desk.session.get_one(SalesOrder, order_id), order.hold_reason)


def _new_head(desk: Desk, order: OrderIn, measures: dict[str, int]) -> dict[str, Any]:
    waits = why_not_approved(desk.rule, order, measures["units"])
    return (
        _head(desk, order)
        | measures
        | {
            "number": order_number(desk.shop, order.external_no),
            "shop": desk.shop,
            "external_no": order.external_no,
            "warehouse_id": desk.warehouse_id,
            "state": "received" if waits else "approved",
            "wait_reason": waits,
            "imported_at": desk.now,
            "approved_at": None if waits else desk.now,
            "state_at": desk.now,
            "reserve_tried_at": None,
        }
    )


def _head(desk: Desk, order: OrderIn) -> dict[str, Any]:
    content = content_of(order)
    return {
        "priority": order.priority,
        "carrier": order.carrier,
        "zone_tag": order.zone_tag,
        "placed_at": order.placed_at or desk.now,
        # Without a promise of its own the order gets ours, counted from when we heard of it.
        "promise_at": order.promise_at or desk.now + timedelta(hours=desk.rule.promise_hours),
        "cut_off_at": next_cut_off(desk.cut_offs, order.carrier, desk.now, desk.timezone),
        "tags": list(order.tags),
        "customer_ref": order.customer_ref,
        "country": order.country,
        "ship_to": dict(order.ship_to),
        "note": order.note,
        "hash": content_hash(content),
        "content": content.plain(),
    }


def _cancel_known(desk: Desk, old: SalesOrder, order: OrderIn) -> None:
    if old.state == "shipped":
        desk.report(order, "order_shipped_already", number=old.number)
    elif old.state == "cancelled":
        desk.tally.unchanged += 1
    else:
        cancel(desk.session, old, by=desk.by, now=desk.now)
        if old.state == "cancelled":
            desk.tally.cancelled += 1
        else:
            desk.tally.held += 1


def _compare(desk: Desk, goods: Goods, old: SalesOrder, order: OrderIn) -> None:
    new = content_of(order)
    if old.hash == content_hash(new):
        desk.tally.unchanged += 1
        return
    if old.state in ("shipped", "cancelled"):
        desk.report(order, f"order_{old.state}_already", number=old.number)
        return
    changes = changes_between(OrderContent.of(old.content), new)
    lacking = goods.lacking(order) if "goods_changed" in changes else []
    if lacking:
        desk.refuse_lines(order, lacking)
        desk.hold(old, "goods_changed", unknown=[line.code for line, _ in lacking])
    elif old.state in NOT_BEGUN or not changes:
        _rewrite(desk, goods, old, order, changes)
    else:
        _hold_changed(desk, old, new, changes)


def _rewrite(desk: Desk, goods: Goods, old: SalesOrder, order: OrderIn, changes: Sequence[str]) -> None:
    """No work has begun (or nothing that matters to it changed): the order simply is what it is now."""
    head = _head(desk, order)
    if order.promise_at is None:
        head.pop("promise_at")
    if "courier_changed" not in changes:
        head.pop("cut_off_at")
    for name, value in head.items():
        setattr(old, name, value)
    if "goods_changed" in changes:
        _replace_goods(desk, goods, old, order)
    desk.session.flush()
    if order.hold_reason:
        desk.hold(old, order.hold_reason)
    else:
        desk.tally.updated += 1


def _replace_goods(desk: Desk, goods: Goods, old: SalesOrder, order: OrderIn) -> None:
    rows = goods.lines(order)
    for name, value in goods.measures(rows).items():
        setattr(old, name, value)
    release_promises(desk.session, [old.id], now=desk.now)
    desk.session.execute(delete(SalesOrderLine).where(SalesOrderLine.order_id == old.id))
    bulk_insert(desk.session, SalesOrderLine, [row | {"order_id": old.id} for row in rows])
    if old.state in ("reserved", "backordered"):
        old.state, old.state_at, old.wait_reason = "approved", desk.now, ""
    desk.tally.lines += len(rows)
    desk.tally.approved += 1 if old.state == "approved" else 0


def _hold_changed(desk: Desk, old: SalesOrder, new: OrderContent, changes: Sequence[str]) -> None:
    """Work has begun: keep what came, and stop the order at the next scan until a person has decided."""
    first = insert_once(
        desk.session,
        OrderRevision,
        order_id=old.id,
        hash=content_hash(new),
        content=new.plain(),
        changes=list(changes),
        came_at=desk.now,
        applied_at=None,
    )
    if not first:
        desk.tally.unchanged += 1
        return
    for reason in changes:
        place_hold(desk.session, old, reason, by=desk.by, now=desk.now, detail={"hash": content_hash(new)})
    desk.tally.held += 1
