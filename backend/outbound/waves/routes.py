"""Waves over HTTP."""

from backend.core.http import command_route, query_route, room
from backend.outbound.waves.queries import preview, strategies, wave_list, wave_sheet
from backend.outbound.waves.schemas import (
    CancelWaveIn,
    ComposedOut,
    ComposeWaveIn,
    CreateStrategyIn,
    PlanWaveIn,
    PreviewOut,
    PreviewQuery,
    ReleaseWaveIn,
    StopPlanIn,
    StrategiesQuery,
    StrategyOut,
    UpdateStrategyIn,
    WaveOut,
    WaveSheetOut,
    WavesQuery,
)
from backend.outbound.waves.use_cases import (
    cancel_wave,
    compose_wave,
    create_strategy,
    plan_wave,
    release_wave,
    stop_plan,
    update_strategy,
)

bp = room("waves", "/api/waves")

# fmt: off
query_route(bp, "/strategies", strategies, takes=StrategiesQuery, gives=StrategyOut, may="supervise", many=True)
command_route(bp, "/strategies", create_strategy, takes=CreateStrategyIn, gives=StrategyOut, may="release_waves", status=201)
command_route(bp, "/strategies/<int:strategy_id>", update_strategy, takes=UpdateStrategyIn, gives=StrategyOut, may="release_waves", method="PUT")
query_route(bp, "/preview", preview, takes=PreviewQuery, gives=PreviewOut, may="release_waves")
query_route(bp, "", wave_list, takes=WavesQuery, gives=WaveOut, may="supervise", paged=True)
command_route(bp, "", compose_wave, takes=ComposeWaveIn, gives=ComposedOut, may="release_waves", status=201)
query_route(bp, "/<int:wave_id>", wave_sheet, gives=WaveSheetOut, may="supervise")
command_route(bp, "/<int:wave_id>/plan", plan_wave, takes=PlanWaveIn, gives=WaveOut, may="release_waves")
command_route(bp, "/<int:wave_id>/stop", stop_plan, takes=StopPlanIn, gives=WaveOut, may="release_waves")
command_route(bp, "/<int:wave_id>/release", release_wave, takes=ReleaseWaveIn, gives=WaveOut, may="release_waves")
command_route(bp, "/<int:wave_id>/cancel", cancel_wave, takes=CancelWaveIn, gives=WaveOut, may="release_waves")
# fmt: on
