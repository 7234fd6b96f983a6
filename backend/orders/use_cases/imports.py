"""Orders come in: new ones are written in bulk, known ones are compared, and every row that stays outside is kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core.db import bulk_insert, insert_once, locked
from backend.core.errors import Forbidden, Refusal
from backend.core.events import plain
from backend.core.execute import Actor, Command
from backend.core.outbox import emit
from backend.master.catalog.queries import SkuCard, bundle_parts, sku_cards, sku_ids_by_code
from backend.master.catalog.rules import bundles
from backend.master.catalog.rules.tables import TableRow
from backend.master.catalog.use_cases import ImportSkus, import_skus
from backend.master.layout.queries import the_warehouse
from backend.orders.events import OrdersImported
from backend.orders.models import (
    OrderImport,
    OrderImportProblem,
    OrderRevision,
    SalesOrder,
    SalesOrderLine,
)
from backend.orders.queries.policies import cut_offs_of, policy_of
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
from backend.orders.use_cases.progress import release_promises
from backend.stock.queries.figures import chunks

MOST_PROBLEMS_TOLD = 200


@dataclass(frozen=True, kw_only=True)
class ImportOrders(Command):
    """Take orders in. `create_skus`: goods that the catalogue does not know are added to it by their code."""

    warehouse_id: int
    shop: str
    orders: tuple[OrderIn, ...]
    create_skus: bool = False
    source: str = "api"


@dataclass(frozen=True)
class ImportReport:
    """What became of a delivery; `problems` holds the first 200, the rest is kept with the import."""

    import_id: int
    state: str
    rows: int
    created: int
    unchanged: int
    updated: int
    held: int
    cancelled: int
    refused: int
    lines: int
    new_skus: int
    problem_count: int
    problems: tuple[Problem, ...]


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
class _Intake:
    """Where orders go, and the rules that hold there."""

    warehouse_id: int
    timezone: str
    shop: str
    rule: ApprovalRule
    cut_offs: Sequence[CutOff]
    create_skus: bool


def import_orders(session: Session, command: ImportOrders, *, now: datetime) -> ImportReport:
    """Take a delivery of orders in; bad rows are reported and the others kept.

    Raises:
        Refusal: warehouse_not_found, outside_scope, shop_outside_scope.
    """
    import_id = open_import(
        session,
        by=command.by,
        now=now,
        warehouse_id=command.warehouse_id,
        shop=command.shop,
        source=command.source,
        create_skus=command.create_skus,
    )
    rows = sum(max(1, len(order.lines)) for order in command.orders)
    tally = take_orders(session, import_id, command.orders, by=command.by, now=now)
    count_import(session, import_id, tally, rows=rows, ended_at=now)
    return report_of(session, import_id, tally.problems)


def open_import(
    session: Session,
    *,
    by: Actor,
    now: datetime,
    warehouse_id: int,
    shop: str,
    source: str,
    create_skus: bool,
    file_name: str = "",
) -> int:
    """Write down that a delivery begins.

    Raises:
        Refusal: warehouse_not_found, outside_scope, shop_outside_scope.
    """
    by.check_warehouse(warehouse_id)
    if by.shops is not None and shop not in by.shops:
        raise Forbidden("shop_outside_scope", shop=shop)
    the_warehouse(session, warehouse_id)
    row = OrderImport(
        warehouse_id=warehouse_id,
        shop=shop,
        source=source,
        file_name=file_name,
        state="running",
        create_skus=create_skus,
        user_id=by.user_id,
        command_id=by.command_id,
        began_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def count_import(
    session: Session, import_id: int, tally: Tally, *, rows: int = 0, ended_at: datetime | None = None
) -> None:
    """Add what became of a part to the import's figures, and keep its problems."""
    names = ("created", "unchanged", "updated", "held", "cancelled", "refused", "lines", "new_skus")
    more = {name: getattr(OrderImport, name) + getattr(tally, name) for name in names}
    more |= {"problems": OrderImport.problems + len(tally.problems), "rows": OrderImport.rows + rows}
    if ended_at is not None:
        more |= {"state": "done", "ended_at": ended_at}
    session.execute(
        update(OrderImport).where(OrderImport.id == import_id).values(more),
        execution_options={"synchronize_session": False},
    )
    bulk_insert(
        session,
        OrderImportProblem,
        [plain(asdict(each)) | {"import_id": import_id} for each in tally.problems],
    )


def report_of(session: Session, import_id: int, problems: Sequence[Problem]) -> ImportReport:
    """The report as it stands."""
    row = session.get_one(OrderImport, import_id, populate_existing=True)
    return ImportReport(
        import_id=row.id,
        state=row.state,
        rows=row.rows,
        created=row.created,
        unchanged=row.unchanged,
        updated=row.updated,
        held=row.held,
        cancelled=row.cancelled,
        refused=row.refused,
        lines=row.lines,
        new_skus=row.new_skus,
        problem_count=row.problems,
        problems=tuple(problems[:MOST_PROBLEMS_TOLD]),
    )


def take_orders(
    session: Session, import_id: int, orders: Sequence[OrderIn], *, by: Actor, now: datetime
) -> Tally:
    """Take orders in as part of an import, and tell it."""
    row = session.get_one(OrderImport, import_id)
    warehouse = the_warehouse(session, row.warehouse_id)
    intake = _Intake(
        row.warehouse_id,
        warehouse.timezone,
        row.shop,
        policy_of(session, row.shop),
        cut_offs_of(session, row.warehouse_id),
        row.create_skus,
    )
    tally = Tally()
    for part in _each_once(orders):
        _take(session, intake, part, tally, by=by, now=now)
    if tally.created or tally.updated:
        told = OrdersImported(
            warehouse_id=intake.warehouse_id,
            import_id=import_id,
            created=tally.created,
            updated=tally.updated,
            approved=tally.approved,
        )
        emit(session, told, now=now)
    return tally


def _each_once(orders: Sequence[OrderIn]) -> Iterator[list[OrderIn]]:
    """Parts in which no order number comes twice; a number's second mention is in a later part."""
    left = list(orders)
    while left:
        seen: set[str] = set()
        part, later = [], []
        for order in left:
            (later if order.external_no in seen else part).append(order)
            seen.add(order.external_no)
        yield part
        left = later


def _take(
    session: Session, intake: _Intake, orders: Sequence[OrderIn], tally: Tally, *, by: Actor, now: datetime
) -> None:
    goods = _Goods(session, intake, [order for order in orders if not order.is_cancelled], tally, by, now)
    known = _known(session, intake.shop, [order.external_no for order in orders])
    new: list[OrderIn] = []
    for order in orders:
        old = known.get(order.external_no)
        if old is None and order.is_cancelled:
            _report(tally, order, "cancels_unknown_order")
        elif old is None:
            new.append(order)
        elif order.is_cancelled:
            _cancel_known(session, old, order, tally, by=by, now=now)
        else:
            _compare(session, intake, goods, old, order, tally, by=by, now=now)
    _create(session, intake, goods, new, tally, by=by, now=now)


def _known(session: Session, shop: str, numbers: Iterable[str]) -> dict[str, SalesOrder]:
    found: dict[str, SalesOrder] = {}
    for part in chunks(numbers):
        mine = select(SalesOrder).where(SalesOrder.shop == shop, SalesOrder.external_no.in_(part))
        rows = session.scalars(locked(mine.order_by(SalesOrder.id)).execution_options(populate_existing=True))
        found |= {row.external_no: row for row in rows}
    return found


def _report(tally: Tally, order: OrderIn, code: str, row_no: int = 0, **facts: Any) -> None:
    raw = {"status": order.status} if not order.lines else {}
    tally.problems.append(Problem(row_no or order.row_no, order.external_no, code, facts, raw))
    tally.refused += 1 if code in _REFUSES else 0


_REFUSES = frozenset({"cancels_unknown_order", "order_shipped_already", "order_cancelled_already"})


class _Goods:
    """The SKUs that a delivery names: resolved, created where that is wished, bundles taken apart."""

    def __init__(
        self,
        session: Session,
        intake: _Intake,
        orders: Sequence[OrderIn],
        tally: Tally,
        by: Actor,
        now: datetime,
    ) -> None:
        names = {line.code: line.name for order in orders for line in order.lines}
        self.ids = sku_ids_by_code(session, names)
        missing = {code: name for code, name in names.items() if code not in self.ids}
        if missing and intake.create_skus:
            rows = tuple(
                TableRow(number, (("code", code), ("name", name or code)))
                for number, (code, name) in enumerate(sorted(_distinct(missing).items()), start=1)
            )
            tally.new_skus += import_skus(session, ImportSkus(by=by, rows=rows), now=now).created
            self.ids |= sku_ids_by_code(session, missing)
        self._parts = bundle_parts(session, self.ids.values())
        below = {part for parts in self._parts.values() for part in parts}
        self.cards: dict[int, SkuCard] = sku_cards(session, {*self.ids.values(), *below})

    def lacking(self, order: OrderIn) -> list[tuple[WantedLine, str]]:
        """The lines whose goods we cannot send, and why."""
        found = []
        for line in order.lines:
            sku_id = self.ids.get(line.code)
            if sku_id is None:
                found.append((line, "sku_unknown"))
            elif not self.cards[sku_id].active:
                found.append((line, "sku_inactive"))
        return found

    def lines(self, order: OrderIn) -> list[dict[str, Any]]:
        """The order's lines as rows: what a picker can take, without the order's id."""
        rows: list[dict[str, Any]] = []
        for line in order.lines:
            sku_id = self.ids[line.code]
            is_bundle = sku_id in self._parts
            parts = bundles.explode(self._parts, {sku_id: line.qty}) if is_bundle else {sku_id: line.qty}
            for part, qty in parts.items():
                rows.append(
                    {
                        "line_no": len(rows) + 1,
                        "sku_id": part,
                        "qty": qty,
                        "reserved_qty": 0,
                        "picked_qty": 0,
                        "short_qty": 0,
                        "source_code": line.code,
                        "bundle_sku_id": sku_id if is_bundle else None,
                        "price_minor": 0 if is_bundle else line.price_minor,
                        "currency": order.currency,
                    }
                )
        return rows

    def measures(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Lines, pieces, weight and volume of an order."""
        return {
            "line_count": len(rows),
            "units": sum(row["qty"] for row in rows),
            "weight_g": sum(row["qty"] * self.cards[row["sku_id"]].weight_g for row in rows),
            "volume_mm3": sum(row["qty"] * self.cards[row["sku_id"]].volume_mm3 for row in rows),
        }


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """One entry per code, whatever its case."""
    found: dict[str, str] = {}
    for code, name in names.items():
        found.setdefault(code.strip().upper(), name)
    return found


def _refuse_lines(tally: Tally, order: OrderIn, lacking: Sequence[tuple[WantedLine, str]]) -> None:
    tally.refused += 1
    for line, code in lacking:
        raw = {"code": line.code, "qty": str(line.qty)}
        tally.problems.append(
            Problem(line.row_no or order.row_no, order.external_no, code, {"code": line.code}, raw)
        )


def _create(
    session: Session,
    intake: _Intake,
    goods: _Goods,
    orders: Sequence[OrderIn],
    tally: Tally,
    *,
    by: Actor,
    now: datetime,
) -> None:
    heads: list[dict[str, Any]] = []
    lines: list[list[dict[str, Any]]] = []
    taken: list[OrderIn] = []
    for order in orders:
        lacking = goods.lacking(order)
        if lacking:
            _refuse_lines(tally, order, lacking)
            continue
        if not order.lines:
            _report(tally, order, "order_has_no_goods")
            tally.refused += 1
            continue
        rows = goods.lines(order)
        waits = why_not_approved(intake.rule, order, sum(row["qty"] for row in rows))
        heads.append(
            _head(intake, order, now)
            | goods.measures(rows)
            | {
                "number": order_number(intake.shop, order.external_no),
                "shop": intake.shop,
                "external_no": order.external_no,
                "warehouse_id": intake.warehouse_id,
                "state": "received" if waits else "approved",
                "wait_reason": waits,
                "imported_at": now,
                "approved_at": None if waits else now,
                "state_at": now,
                "reserve_tried_at": None,
            }
        )
        lines.append(rows)
        taken.append(order)
    ids = bulk_insert(session, SalesOrder, heads)
    bulk_insert(
        session,
        SalesOrderLine,
        [row | {"order_id": order_id} for order_id, rows in zip(ids, lines, strict=True) for row in rows],
    )
    tally.created += len(ids)
    tally.lines += sum(len(rows) for rows in lines)
    tally.approved += sum(1 for head in heads if head["state"] == "approved")
    for order_id, order in zip(ids, taken, strict=True):
        if order.hold_reason:
            place_hold(session, session.get_one(SalesOrder, order_id), order.hold_reason, by=by, now=now)
            tally.held += 1


def _head(intake: _Intake, order: OrderIn, now: datetime) -> dict[str, Any]:
    content = content_of(order)
    return {
        "priority": order.priority,
        "carrier": order.carrier,
        "zone_tag": order.zone_tag,
        "placed_at": order.placed_at or now,
        # Without a promise of its own the order gets ours, counted from when we heard of it.
        "promise_at": order.promise_at or now + timedelta(hours=intake.rule.promise_hours),
        "cut_off_at": next_cut_off(intake.cut_offs, order.carrier, now, intake.timezone),
        "tags": list(order.tags),
        "customer_ref": order.customer_ref,
        "country": order.country,
        "ship_to": dict(order.ship_to),
        "note": order.note,
        "hash": content_hash(content),
        "content": content.plain(),
    }


def _cancel_known(
    session: Session, old: SalesOrder, order: OrderIn, tally: Tally, *, by: Actor, now: datetime
) -> None:
    if old.state == "cancelled":
        tally.unchanged += 1
        return
    try:
        cancel(session, old, by=by, now=now)
    except Refusal:  # shipped: nothing has been written, and the report tells it
        _report(tally, order, "order_shipped_already", number=old.number)
        return
    if old.state == "cancelled":
        tally.cancelled += 1
    else:
        tally.held += 1


def _compare(
    session: Session,
    intake: _Intake,
    goods: _Goods,
    old: SalesOrder,
    order: OrderIn,
    tally: Tally,
    *,
    by: Actor,
    now: datetime,
) -> None:
    new = content_of(order)
    if old.hash == content_hash(new):
        tally.unchanged += 1
        return
    if old.state in ("shipped", "cancelled"):
        _report(tally, order, f"order_{old.state}_already", number=old.number)
        return
    changes = changes_between(OrderContent.of(old.content), new)
    lacking = goods.lacking(order) if "goods_changed" in changes else []
    if lacking:
        _refuse_lines(tally, order, lacking)
        place_hold(
            session,
            old,
            "goods_changed",
            by=by,
            now=now,
            detail={"unknown": [each.code for each, _ in lacking]},
        )
        tally.held += 1
    elif old.state in NOT_BEGUN or not changes:
        _rewrite(session, intake, goods, old, order, changes, tally, by=by, now=now)
    else:
        _hold_changed(session, old, new, changes, tally, by=by, now=now)


def _rewrite(
    session: Session,
    intake: _Intake,
    goods: _Goods,
    old: SalesOrder,
    order: OrderIn,
    changes: Sequence[str],
    tally: Tally,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """No work has begun (or nothing that matters to it changed): the order simply is what it is now."""
    head = _head(intake, order, now)
    if order.promise_at is None:
        head.pop("promise_at")
    if "courier_changed" not in changes:
        head.pop("cut_off_at")
    for name, value in head.items():
        setattr(old, name, value)
    if "goods_changed" in changes:
        rows = goods.lines(order)
        for name, value in goods.measures(rows).items():
            setattr(old, name, value)
        release_promises(session, [old.id], now=now)
        session.execute(delete(SalesOrderLine).where(SalesOrderLine.order_id == old.id))
        bulk_insert(session, SalesOrderLine, [row | {"order_id": old.id} for row in rows])
        if old.state in ("reserved", "backordered"):
            old.state, old.state_at, old.wait_reason = "approved", now, ""
        tally.lines += len(rows)
        tally.approved += 1 if old.state == "approved" else 0
    session.flush()
    if order.hold_reason:
        place_hold(session, old, order.hold_reason, by=by, now=now)
        tally.held += 1
    else:
        tally.updated += 1


def _hold_changed(
    session: Session,
    old: SalesOrder,
    new: OrderContent,
    changes: Sequence[str],
    tally: Tally,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Work has begun: keep what came, and stop the order at the next scan until a person has decided."""
    first = insert_once(
        session,
        OrderRevision,
        order_id=old.id,
        hash=content_hash(new),
        content=new.plain(),
        changes=list(changes),
        came_at=now,
        applied_at=None,
    )
    if not first:
        tally.unchanged += 1
        return
    for reason in changes:
        place_hold(session, old, reason, by=by, now=now, detail={"hash": content_hash(new)})
    tally.held += 1
