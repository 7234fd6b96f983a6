"""The exact sweep, compiled. Import lazily: loads numba.

One function: a loop over operations x choices x transitions, a few million steps per second of work. Kept flat and
longer than the house's habit because calls and objects would cost more than the work itself.
"""

# ruff: noqa: PLR0917 - compiled code: flat arrays instead of objects, one loop instead of calls

import numpy as np
from numpy.typing import NDArray

from backend.algorithms.compiled import compiled

INF = 1 << 60
Ints = NDArray[np.int64]


@compiled
def sweep(
    ops: Ints, costs: Ints, ptr: Ints, source: Ints, target: Ints, states: int, first: int, final: Ints
) -> tuple[int, Ints]:
    """Cheapest way through all operations; (length, transition taken per operation). Length INF: impossible."""
    n = len(ops)
    came = np.full((n, states), -1, dtype=np.int32)
    cur = np.full(states, INF, dtype=np.int64)
    nxt = np.empty(states, dtype=np.int64)
    cur[first] = 0
    for i in range(n):
        nxt[:] = INF
        op = ops[i]
        for cfg in range(costs.shape[1]):
            w = costs[i, cfg]
            if w >= INF:
                continue
            for e in range(ptr[op, cfg], ptr[op, cfg + 1]):
                v = cur[source[e]] + w
                t = target[e]
                if v < nxt[t]:
                    nxt[t] = v
                    came[i, t] = e
        cur, nxt = nxt, cur
    best, state = INF, -1
    for f in final:
        if cur[f] < best:
            best, state = cur[f], f
    taken = np.full(n, -1, dtype=np.int64)
    if state >= 0:
        for i in range(n - 1, -1, -1):
            taken[i] = came[i, state]
            state = source[came[i, state]]
    return best, taken
