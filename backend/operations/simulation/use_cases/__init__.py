"""A picker's shift, a supervisor's waves, and the clockwork that runs them side by side."""

from backend.operations.simulation.use_cases.api import Answer, Api, ApiFailed, all_items
from backend.operations.simulation.use_cases.day import Clockwork
from backend.operations.simulation.use_cases.picker import Floor, Picker
from backend.operations.simulation.use_cases.supervisor import SHOP, Supervisor

__all__ = [
    "SHOP",
    "Answer",
    "Api",
    "ApiFailed",
    "Clockwork",
    "Floor",
    "Picker",
    "Supervisor",
    "all_items",
]
