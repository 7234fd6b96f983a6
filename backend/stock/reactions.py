"""What the ledger does when the layout changes under it."""

from backend.core.execute import Actor
from backend.core.outbox import reaction
from backend.master.layout.events import LayoutImported
from backend.stock.use_cases import RecountAvailability, recount_availability


def _imported(event: LayoutImported, by: Actor) -> RecountAvailability:
    return RecountAvailability(by=by, warehouse_id=event.warehouse_id)


REACTIONS = [reaction(LayoutImported, recount_availability, _imported)]
