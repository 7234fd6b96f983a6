"""The verbs of waves."""

from backend.outbound.waves.use_cases.composing import Composed, ComposeWave, compose_wave
from backend.outbound.waves.use_cases.planning import (
    PLAN_JOB,
    FailPlan,
    NotePlanProgress,
    PlannedBatch,
    PlanWave,
    RecordPlan,
    StopPlan,
    fail_plan,
    note_plan_progress,
    plan_wave,
    record_plan,
    stop_plan,
)
from backend.outbound.waves.use_cases.releasing import (
    CancelWave,
    ReleaseWave,
    cancel_wave,
    finish_wave,
    release_wave,
)
from backend.outbound.waves.use_cases.strategies import (
    CreateStrategy,
    UpdateStrategy,
    create_strategy,
    update_strategy,
)
from backend.outbound.waves.use_cases.triggering import TriggerStrategy, trigger_strategy

__all__ = [
    "PLAN_JOB",
    "CancelWave",
    "ComposeWave",
    "Composed",
    "CreateStrategy",
    "FailPlan",
    "NotePlanProgress",
    "PlanWave",
    "PlannedBatch",
    "RecordPlan",
    "ReleaseWave",
    "StopPlan",
    "TriggerStrategy",
    "UpdateStrategy",
    "cancel_wave",
    "compose_wave",
    "create_strategy",
    "fail_plan",
    "finish_wave",
    "note_plan_progress",
    "plan_wave",
    "record_plan",
    "release_wave",
    "stop_plan",
    "trigger_strategy",
    "update_strategy",
]
