"""What picking does when a wave is released or taken back, and when an order must stop or may go on."""

from backend.core.execute import Actor
from backend.core.outbox import reaction
from backend.orders.events import OrderHeld, OrderHoldReleased
from backend.outbound.picking.use_cases import (
    CancelTasks,
    CreateTasks,
    ResumeOrder,
    StopOrder,
    cancel_tasks,
    create_tasks,
    resume_order,
    stop_order,
)
from backend.outbound.waves.events import WaveCancelled, WaveReleased


def _create(event: WaveReleased, by: Actor) -> CreateTasks:
    return CreateTasks(by=by, wave_id=event.wave_id)


def _cancel(event: WaveCancelled, by: Actor) -> CancelTasks:
    return CancelTasks(by=by, wave_id=event.wave_id)


def _stop(event: OrderHeld, by: Actor) -> StopOrder | None:
    return (
        StopOrder(by=by, order_id=event.order_id, reason=event.reason)
        if event.state in ("in_wave", "picking")
        else None
    )


def _resume(event: OrderHoldReleased, by: Actor) -> ResumeOrder | None:
    return None if event.still_held else ResumeOrder(by=by, order_id=event.order_id)


REACTIONS = [
    reaction(WaveReleased, create_tasks, _create),
    reaction(WaveCancelled, cancel_tasks, _cancel),
    reaction(OrderHeld, stop_order, _stop),
    reaction(OrderHoldReleased, resume_order, _resume),
]
