"""Reads of waves: the pool to choose from, the plan and what the optimiser needs, lists and sheets."""

from backend.outbound.waves.queries.planning import (
    AllocatedLine,
    BatchPlan,
    batches_of,
    plan_input,
    plan_wanted,
    wave_allocations,
)
from backend.outbound.waves.queries.pool import pool_of, preview, selection_of
from backend.outbound.waves.queries.sheets import (
    StrategyRow,
    WaveRow,
    strategies,
    strategy_row,
    wave_list,
    wave_row,
    wave_sheet,
)
from backend.outbound.waves.queries.triggers import any_trigger, due_strategies

__all__ = [
    "AllocatedLine",
    "BatchPlan",
    "StrategyRow",
    "WaveRow",
    "any_trigger",
    "batches_of",
    "due_strategies",
    "plan_input",
    "plan_wanted",
    "pool_of",
    "preview",
    "selection_of",
    "strategies",
    "strategy_row",
    "wave_allocations",
    "wave_list",
    "wave_row",
    "wave_sheet",
]
