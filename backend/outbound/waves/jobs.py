"""What waves do in the background: think about plans, look whether a wave is due."""

import time

from backend.algorithms.batching.job import Best, Plan
from backend.core.errors import Refusal, Unavailable
from backend.core.jobs import JobBook, JobContext, Periodic
from backend.core.solver import solve_apart
from backend.outbound.waves.queries import any_trigger, due_strategies, plan_input, plan_wanted
from backend.outbound.waves.use_cases import (
    PLAN_JOB,
    FailPlan,
    NotePlanProgress,
    PlannedBatch,
    RecordPlan,
    TriggerStrategy,
    fail_plan,
    note_plan_progress,
    record_plan,
    trigger_strategy,
)

_PROGRESS_EVERY_S = 1.0
_LOOK_EVERY_S = 0.5
_HEARTBEAT_EVERY_S = 15.0


def plan_a_wave(work: JobContext) -> None:
    """Read the input, think in a process of its own, tell how it goes, write the plan."""
    from backend.algorithms.batching.plan import plan  # numpy is loaded only where plans are made

    wave_id, seconds = int(work.payload["wave_id"]), float(work.payload["seconds"])
    with work.db.read() as session:
        given = plan_input(
            session, wave_id, seconds=seconds, seed=int(work.payload["seed"]), now=work.clock.now()
        )
    if given is None:
        return
    watch = _Watch(work, wave_id)
    try:
        found: Plan = solve_apart(
            plan, given.job, on_progress=watch.progress, should_stop=watch.should_stop, seconds=seconds
        )
    except Unavailable as error:
        if error.permanent or work.job.tries >= work.job.max_tries:
            _give_up(work, wave_id, str(error))
        raise
    batches = tuple(
        PlannedBatch(batch.orders, tuple(given.locations[stop] for stop in batch.sequence), batch.length_mm)
        for batch in found.batches
    )
    try:
        _record(work, wave_id, batches, found, watch.elapsed_s)
    except Refusal as refusal:
        _give_up(work, wave_id, refusal.code)
        raise


def _record(
    work: JobContext, wave_id: int, batches: tuple[PlannedBatch, ...], found: Plan, elapsed_s: int
) -> None:
    work.run(
        record_plan,
        lambda by: RecordPlan(
            by=by,
            wave_id=wave_id,
            batches=batches,
            objective_mm=found.objective_mm,
            bound_mm=found.bound_mm,
            status=found.status,
            elapsed_s=elapsed_s,
        ),
        work.job.tries,
    )


def _give_up(work: JobContext, wave_id: int, error: str) -> None:
    work.run(fail_plan, lambda by: FailPlan(by=by, wave_id=wave_id, error=error[:500]), work.job.tries)


class _Watch:
    """Between the solver and the database: passes on progress about once a second, asks whether to stop."""

    def __init__(self, work: JobContext, wave_id: int) -> None:
        self._work, self._wave_id = work, wave_id
        self._began = self._told = self._looked = self._beat = time.monotonic()
        self._wanted = True

    @property
    def elapsed_s(self) -> int:
        """Whole seconds since the start."""
        return int(time.monotonic() - self._began)

    def progress(self, best: Best) -> None:
        """Note and tell a better plan."""
        now = time.monotonic()
        if now - self._told < _PROGRESS_EVERY_S:
            return
        self._told = now
        self._work.run(
            note_plan_progress,
            lambda by: NotePlanProgress(
                by=by,
                wave_id=self._wave_id,
                best_mm=best.objective_mm,
                bound_mm=best.bound_mm,
                seconds=self.elapsed_s,
            ),
            self._work.job.tries,
            now,
        )

    def should_stop(self) -> bool:
        """True when a person has asked for the best so far, or the wave is gone."""
        now = time.monotonic()
        if now - self._beat > _HEARTBEAT_EVERY_S:
            self._beat = now
            self._work.heartbeat()
        if now - self._looked > _LOOK_EVERY_S:
            self._looked = now
            with self._work.db.read() as session:
                self._wanted = plan_wanted(session, self._wave_id)
        return not self._wanted


def trigger_waves(work: JobContext) -> None:
    """Compose a wave for every strategy that is due; one that finds nothing says so in the log of jobs."""
    with work.db.read() as session:
        due = due_strategies(session, work.clock.now())
    for strategy_id in due:
        try:
            _trigger(work, strategy_id)
        except Refusal as refusal:
            if refusal.code != "wave_empty":
                raise


def _trigger(work: JobContext, strategy_id: int) -> None:
    work.run(trigger_strategy, lambda by: TriggerStrategy(by=by, strategy_id=strategy_id), strategy_id)


BOOK = JobBook(
    handlers={PLAN_JOB: plan_a_wave, "waves.trigger": trigger_waves},
    slow=frozenset({PLAN_JOB}),
    periodic=(Periodic("waves.trigger", seconds=30, when=any_trigger),),
)
