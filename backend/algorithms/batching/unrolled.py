"""The column step of the exact sweep as straight-line code, for halls of two to four cross aisles.

The transition table of `routing.machine` is small there; written out as additions and minima over local variables it
runs about five times faster than a loop over the table. The text is generated from the table, so there is one truth.
Import lazily: loads numba.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Any

from backend.algorithms.compiled import compiled
from backend.algorithms.routing.machine import PLAIN, Machine, machine

NEVER = 1 << 50  # a few hundred of these may be added up before a 64-bit integer overflows


def column_source(table: Machine, name: str) -> str:
    """`name(cur, dx, cost)`: step `dx` to the next column (dx < 0: the first one), then its stretches, in place."""
    states = range(table.states)
    lines = [f"def {name}(cur, dx, cost):"]
    lines += [f"    s{i} = cur[{i}]" for i in states]
    lines += ["    if dx >= 0:", "        two = dx + dx"]
    for c in range(table.cross):
        lines += _operation(table, table.step(c), {0: "", 1: " + dx", 2: " + two"}, "        ")
    for k in range(table.cross - 1):
        lines += [f"    c{m} = cost[{PLAIN * k + m}]" for m in range(PLAIN)]
        lines += _operation(table, k, {m: f" + c{m}" for m in range(PLAIN)}, "    ")
    lines += [f"    cur[{i}] = s{i}" for i in states]
    return "\n".join(lines) + "\n"


def _operation(table: Machine, op: int, price: dict[int, str], indent: str) -> list[str]:
    terms: dict[int, list[str]] = {}
    for cfg, add in price.items():
        for e in range(table.ptr[op][cfg], table.ptr[op][cfg + 1]):
            terms.setdefault(table.target[e], []).append(f"s{table.source[e]}{add}")
    lines = []
    for t in range(table.states):
        first, *rest = terms.get(t, [str(NEVER)])
        lines.append(f"{indent}n{t} = {first}")
        lines += [f"{indent}n{t} = min(n{t}, {term})" for term in rest]
    return lines + [f"{indent}s{t} = n{t}" for t in range(table.states)]


def _column(cross: int) -> Callable[[Any, int, Any], None]:
    name, scope = f"column_{cross}", {"min": min, "__name__": __name__}  # found again by name when cached
    # the code claims this file as its own: numba's disk cache is then stamped with the generator's version
    exec(compile(column_source(machine(cross), name), __file__, "exec"), scope)  # noqa: S102 - text made above, no input
    made = scope[name]
    assert isinstance(made, FunctionType)  # noqa: S101 - narrows the type
    return compiled(made)


column_2 = _column(2)
column_3 = _column(3)
column_4 = _column(4)
