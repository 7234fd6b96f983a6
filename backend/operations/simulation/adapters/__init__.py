"""The day over HTTP: against a running house, or one that is thrown away afterwards."""

from backend.operations.simulation.adapters.runner import simulate
from backend.operations.simulation.rules.report import SimulationPlan, SimulationReport

__all__ = ["SimulationPlan", "SimulationReport", "simulate"]
