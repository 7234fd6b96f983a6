"""The whole board in one reading."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.core.outbox import replay
from backend.master.layout.queries import the_warehouse
from backend.watch.board.queries.flow import CutOffRow, Rates, cut_offs, rates
from backend.watch.board.queries.lights import Lights, lights
from backend.watch.board.queries.progress import PickerRow, WaveRow, picker_rows, task_counts, wave_rows
from backend.watch.board.queries.trouble import ExceptionRow, exceptions
from backend.watch.board.rules import PACE_WINDOW, Light, lines_per_hour


@dataclass(frozen=True)
class Board:
    """Everything a wall shows. `cursor` is the number of the last fact that the reader need not hear again."""

    cursor: int
    now: datetime
    lights: Lights
    waves: list[WaveRow]
    pickers: list[PickerRow]
    cut_offs: list[CutOffRow]
    exceptions: list[ExceptionRow]
    rates: Rates


def board(session: Session, *, by: Actor, now: datetime, warehouse_id: int) -> Board:
    """The board of one warehouse; its cursor continues in the news on the channel `warehouse:<id>`.

    Raises:
        Forbidden: `outside_scope`.
        NotFound: `warehouse_not_found`.
    """
    by.check_warehouse(warehouse_id)
    cursor = replay(
        session, f"warehouse:{warehouse_id}", None
    ).cursor  # first: what comes later is told again
    zone = ZoneInfo(the_warehouse(session, warehouse_id).timezone)
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    tasks = task_counts(session, warehouse_id)
    people, flow = rates(session, warehouse_id, now=now, midnight=midnight)
    firsts = [each.first_at for each in people.values()]
    pace = lines_per_hour(
        sum(each.lines for each in people.values()), min(firsts, default=None), now, PACE_WINDOW
    )
    signs = lights(session, now=now)
    return Board(
        cursor=cursor,
        now=now,
        lights=signs,
        waves=wave_rows(session, warehouse_id, tasks, since=now - timedelta(hours=1)),
        pickers=picker_rows(session, warehouse_id, tasks, people, now=now),
        cut_offs=cut_offs(session, warehouse_id, pace or flow.lines_per_hour, now=now),
        exceptions=exceptions(session, warehouse_id, now=now, broken=signs.truth.state == Light.STOP),
        rates=flow,
    )
