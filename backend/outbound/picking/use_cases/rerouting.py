"""The rest of a route, walked anew from where the picker stands."""

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from backend.algorithms.budget import Budget
from backend.algorithms.routing.layout import Unreachable
from backend.algorithms.routing.solve import route
from backend.master.layout.queries import stops_of, travel_graph
from backend.outbound.picking.models import PickLine, PickTask
from backend.outbound.picking.rules import TO_DO

_IN_REQUEST = Budget(seconds=0.3)
_SET_SEQ = (
    update(PickLine)
    .where(PickLine.id == bindparam("b_id"))
    .values(seq=bindparam("b_seq"))
    .execution_options(synchronize_session=False)
)


def reroute(session: Session, task_id: int, warehouse_id: int, from_location_id: int) -> None:
    """Give the lines that are left the order of the shortest walk from here to the end of the hall's route.

    Where no way leads (an aisle was blocked meanwhile) the old order stays: a person can still walk around.
    """
    rows = session.execute(
        select(PickLine.id, PickLine.location_id)
        .where(PickLine.task_id == task_id, PickLine.state.in_(TO_DO))
        .order_by(PickLine.seq)
    ).all()
    layout = travel_graph(session, warehouse_id)
    at = stops_of(session, warehouse_id, {row.location_id for row in rows} | {from_location_id})
    try:
        tour = route(
            layout, [at[row.location_id] for row in rows], start=at[from_location_id], budget=_IN_REQUEST
        )
    except Unreachable:
        return
    done = session.scalar(
        select(func.max(PickLine.seq)).where(PickLine.task_id == task_id, PickLine.state.not_in(TO_DO))
    )
    ranks = [{"b_id": rows[index].id, "b_seq": (done or 0) + n} for n, index in enumerate(tour.sequence, 1)]
    if ranks:
        session.connection().execute(_SET_SEQ, ranks)
    session.execute(
        update(PickTask)
        .where(PickTask.id == task_id)
        .values(route_mm=tour.length_mm, route=[list(point) for point in tour.path])
        .execution_options(synchronize_session=False)
    )
