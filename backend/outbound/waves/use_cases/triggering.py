"""Waves that come by themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.core.execute import Command, command_by
from backend.outbound.waves.models import WaveStrategy
from backend.outbound.waves.use_cases.composing import ComposeWave, compose_wave
from backend.outbound.waves.use_cases.planning import PlanWave, plan_wave


@dataclass(frozen=True, kw_only=True)
class TriggerStrategy(Command):
    """The strategy's time has come, or enough orders wait."""

    strategy_id: int


def trigger_strategy(session: Session, command: TriggerStrategy, *, now: datetime) -> int:
    """Compose, plan and, when planned, release without asking.

    Raises:
        Refusal: `wave_empty`; then the strategy is tried again.
    """
    session.execute(
        update(WaveStrategy).where(WaveStrategy.id == command.strategy_id).values(last_triggered_at=now)
    )
    by = command_by(command.by, "compose")
    composed = compose_wave(
        session, ComposeWave(by=by, strategy_id=command.strategy_id, auto_release=True), now=now
    )
    plan_wave(session, PlanWave(by=command_by(command.by, "plan"), wave_id=composed.wave_id), now=now)
    return composed.wave_id
