"""Reads of picking: what a verb must know before it acts, and the sheet that a handheld shows."""

from backend.outbound.picking.queries.lists import TaskRow, pick_tasks
from backend.outbound.picking.queries.loads import (
    LineFacts,
    SplitFacts,
    ToteFacts,
    line_facts,
    next_line_id,
    splits_of,
    tote_facts,
)
from backend.outbound.picking.queries.scan import ScanFacts, scan_facts
from backend.outbound.picking.queries.sheet import sheet_of, task_sheet

__all__ = [
    "LineFacts",
    "ScanFacts",
    "SplitFacts",
    "TaskRow",
    "ToteFacts",
    "line_facts",
    "next_line_id",
    "pick_tasks",
    "scan_facts",
    "sheet_of",
    "splits_of",
    "task_sheet",
    "tote_facts",
]
