"""Picking over sockets: the same bodies and answers as over HTTP."""

from backend.core.realtime import EventTable, command_event
from backend.outbound.picking import use_cases as verbs
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
    UndoPickIn,
)

COMMANDS: EventTable = {}

# fmt: off
command_event(COMMANDS, "picking.claim_next_task", verbs.claim_next_task, takes=ClaimNextIn, gives=ClaimedOut, may="pick")
command_event(COMMANDS, "picking.claim_task", verbs.claim_task, takes=ClaimIn, gives=ClaimedOut, may="pick")
command_event(COMMANDS, "picking.bind_tote", verbs.bind_tote, takes=BindToteIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.confirm_pick", verbs.confirm_pick, takes=ConfirmPickIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.short_pick", verbs.short_pick, takes=PickShortIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.skip_line", verbs.skip_line, takes=SkipLineIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.undo_pick", verbs.undo_pick, takes=UndoPickIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.suspend_task", verbs.suspend_task, takes=SuspendIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.resume_task", verbs.resume_task, takes=ResumeIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.take_over_task", verbs.take_over_task, takes=TakeOverIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.put_back", verbs.put_back, takes=PutBackIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.record_mis_scan", verbs.record_mis_scan, takes=MisScanIn, gives=AnswerOut, may="pick")
command_event(COMMANDS, "picking.finish_task", verbs.finish_task, takes=FinishIn, gives=AnswerOut, may="pick")
# fmt: on
