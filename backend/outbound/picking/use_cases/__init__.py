"""The verbs of picking."""

from backend.outbound.picking.use_cases.claiming import (
    Claimed,
    ClaimNextTask,
    ClaimTask,
    ResumeTask,
    SuspendTask,
    TakeOverTask,
    claim_next_task,
    claim_task,
    resume_task,
    suspend_task,
    take_over_task,
)
from backend.outbound.picking.use_cases.confirming import ConfirmPick, confirm_pick
from backend.outbound.picking.use_cases.correcting import RecordMisScan, SkipLine, record_mis_scan, skip_line
from backend.outbound.picking.use_cases.finishing import FinishTask, finish_task
from backend.outbound.picking.use_cases.releasing import (
    CancelTasks,
    Created,
    CreateTasks,
    cancel_tasks,
    create_tasks,
)
from backend.outbound.picking.use_cases.shorting import PickShort, short_pick
from backend.outbound.picking.use_cases.stopping import (
    PutBackGoods,
    ResumeOrder,
    StopOrder,
    Stopped,
    put_back,
    resume_order,
    stop_order,
)
from backend.outbound.picking.use_cases.totes import BindTote, bind_tote
from backend.outbound.picking.use_cases.turn import Answer
from backend.outbound.picking.use_cases.undoing import UndoPick, undo_pick

__all__ = [
    "Answer",
    "BindTote",
    "CancelTasks",
    "ClaimNextTask",
    "ClaimTask",
    "Claimed",
    "ConfirmPick",
    "CreateTasks",
    "Created",
    "FinishTask",
    "PickShort",
    "PutBackGoods",
    "RecordMisScan",
    "ResumeOrder",
    "ResumeTask",
    "SkipLine",
    "StopOrder",
    "Stopped",
    "SuspendTask",
    "TakeOverTask",
    "UndoPick",
    "bind_tote",
    "cancel_tasks",
    "claim_next_task",
    "claim_task",
    "confirm_pick",
    "create_tasks",
    "finish_task",
    "put_back",
    "record_mis_scan",
    "resume_order",
    "resume_task",
    "short_pick",
    "skip_line",
    "stop_order",
    "suspend_task",
    "take_over_task",
    "undo_pick",
]
