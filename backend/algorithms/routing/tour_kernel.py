"""`tour_search` compiled: the same code objects, so there is one text to read. Import lazily: loads numba."""

from types import FunctionType
from typing import Any

from backend.algorithms.compiled import compiled
from backend.algorithms.routing import tour_search

_scope: dict[str, Any] = dict(vars(tour_search))
for _name in ("rotate", "descend", "total", "turn", "bridge", "iterate"):
    _plain: FunctionType = _scope[_name]
    _scope[_name] = compiled(FunctionType(_plain.__code__, _scope, _name))

fast_iterate = _scope["iterate"]
