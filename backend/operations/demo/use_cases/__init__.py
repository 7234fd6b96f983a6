"""Seed the demo."""

from backend.operations.demo.use_cases.seeding import DemoSeeded, seed_demo

__all__ = ["DemoSeeded", "seed_demo"]
