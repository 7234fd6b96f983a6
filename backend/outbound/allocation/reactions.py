"""What allocation does when orders or stock change below it."""

from backend.core.execute import Actor
from backend.core.outbox import reaction
from backend.master.layout.events import AisleUnblocked, LocationUnblocked
from backend.orders.events import OrderApproved, OrderHoldReleased, OrdersImported
from backend.outbound.allocation.use_cases import (
    RequeueBumped,
    ReserveOpenOrders,
    requeue_bumped,
    reserve_open_orders,
)
from backend.stock.events import ReservationsBumped, StockGained


def _imported(event: OrdersImported, by: Actor) -> ReserveOpenOrders | None:
    if not event.approved:
        return None
    return ReserveOpenOrders(by=by, warehouse_id=event.warehouse_id, states=("approved",))


def _approved(event: OrderApproved, by: Actor) -> ReserveOpenOrders:
    return ReserveOpenOrders(by=by, warehouse_id=event.warehouse_id, states=("approved",))


def _hold_released(event: OrderHoldReleased, by: Actor) -> ReserveOpenOrders | None:
    return None if event.still_held else ReserveOpenOrders(by=by, warehouse_id=event.warehouse_id)


def _gained(event: StockGained, by: Actor) -> ReserveOpenOrders:
    return ReserveOpenOrders(by=by, warehouse_id=event.warehouse_id, sku_ids=tuple(event.sku_ids))


def _opened(event: LocationUnblocked | AisleUnblocked, by: Actor) -> ReserveOpenOrders:
    return ReserveOpenOrders(by=by, warehouse_id=event.warehouse_id, states=("backordered",))


def _bumped(event: ReservationsBumped, by: Actor) -> RequeueBumped | None:
    if event.doc_kind != "order_line":
        return None
    return RequeueBumped(by=by, warehouse_id=event.warehouse_id, line_ids=tuple(event.doc_ids))


REACTIONS = [
    reaction(OrdersImported, reserve_open_orders, _imported),
    reaction(OrderApproved, reserve_open_orders, _approved),
    reaction(OrderHoldReleased, reserve_open_orders, _hold_released),
    reaction(StockGained, reserve_open_orders, _gained),
    reaction(LocationUnblocked, reserve_open_orders, _opened),
    reaction(AisleUnblocked, reserve_open_orders, _opened),
    reaction(ReservationsBumped, requeue_bumped, _bumped),
]
