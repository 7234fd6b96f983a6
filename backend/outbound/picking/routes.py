"""Picking over HTTP."""

from backend.core.http import command_route, query_route, room
from backend.outbound.picking import use_cases as verbs
from backend.outbound.picking.queries import pick_tasks, task_sheet
from backend.outbound.picking.schemas import (
    AnswerOut,
    BindToteIn,
    ClaimedOut,
    ClaimIn,
    ClaimNextIn,
    ConfirmPickIn,
    FinishIn,
    MisScanIn,
    PickShortIn,
    PutBackIn,
    ResumeIn,
    SkipLineIn,
    SuspendIn,
    TakeOverIn,
    TaskOut,
    TaskRowOut,
    TasksQuery,
    UndoPickIn,
)

bp = room("picking", "/api/picking")
_TASK = "/tasks/<int:task_id>"

# fmt: off
query_route(bp, "/tasks", pick_tasks, takes=TasksQuery, gives=TaskRowOut, may="pick", paged=True)
query_route(bp, _TASK, task_sheet, gives=TaskOut, may="pick")
command_route(bp, "/claim", verbs.claim_next_task, takes=ClaimNextIn, gives=ClaimedOut, may="pick")
command_route(bp, _TASK + "/claim", verbs.claim_task, takes=ClaimIn, gives=ClaimedOut, may="pick")
command_route(bp, _TASK + "/totes", verbs.bind_tote, takes=BindToteIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/picks", verbs.confirm_pick, takes=ConfirmPickIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/shorts", verbs.short_pick, takes=PickShortIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/skips", verbs.skip_line, takes=SkipLineIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/undo", verbs.undo_pick, takes=UndoPickIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/suspend", verbs.suspend_task, takes=SuspendIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/resume", verbs.resume_task, takes=ResumeIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/take-over", verbs.take_over_task, takes=TakeOverIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/put-backs", verbs.put_back, takes=PutBackIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/mis-scans", verbs.record_mis_scan, takes=MisScanIn, gives=AnswerOut, may="pick")
command_route(bp, _TASK + "/finish", verbs.finish_task, takes=FinishIn, gives=AnswerOut, may="pick")
# fmt: on
