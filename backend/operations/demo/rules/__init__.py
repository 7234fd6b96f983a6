"""The demo plan: pure, from a seed and a day."""

from backend.operations.demo.rules.plan import DEMO_WAREHOUSE, DemoPlan, build_demo

__all__ = ["DEMO_WAREHOUSE", "DemoPlan", "build_demo"]
