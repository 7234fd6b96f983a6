"""Depth-first search for the batch with the largest price per length, compiled. Import lazily: loads numba."""
# ruff: noqa: PLR0917, C901, PLR0912, PLR0915 - compiled code: flat arrays instead of objects, one loop instead of calls

import numpy as np
from numpy.typing import NDArray

from backend.algorithms.batching.grid import Grid, Ints
from backend.algorithms.batching.kernel import Memory, Orders
from backend.algorithms.batching.length import batch_length
from backend.algorithms.compiled import compiled

Floats = NDArray[np.float64]


@compiled
def root_ratio(orders: Orders, rank: Ints, price: Floats, alone: Ints, tight: int, i: int) -> float:
    """Upper bound of price / length of all batches whose first order by rank is the i-th."""
    o = rank[i]
    left = float(orders.cap[tight] - orders.load[o, tight])
    worth = price[o]
    for j in range(i + 1, len(rank)):
        p = rank[j]
        if orders.group[p] != orders.group[o]:
            continue
        if orders.load[p, tight] >= left:
            worth += price[p] * left / max(1.0, float(orders.load[p, tight]))
            break
        worth += price[p]
        left -= orders.load[p, tight]
    return float(worth / max(1.0, float(alone[o])))


@compiled
def search_root(
    grid: Grid, orders: Orders, memory: Memory, rank: Ints, price: Floats, tight: int, root: int,
    rho: float, most_nodes: int, out: Ints, lengths: Ints,
) -> tuple[float, bool, int]:  # fmt: skip
    """All batches whose first order by rank is `root`: (largest ratio >= rho, finished, columns written to `out`).

    A batch with order o on top of S is at least length(S + o) long and worth at most what a fractional knapsack of
    the remaining orders adds; branches that cannot beat rho are cut. Columns with a price above their length are kept.
    """
    n, dims, width = len(rank), len(orders.cap), orders.words.shape[1]
    words = np.zeros((n + 1, width), np.uint64)
    load = np.zeros((n + 1, dims), np.int64)
    worth, chosen = np.zeros(n + 1), np.zeros(n + 1, np.int64)
    many, at = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    cand, cand_length = np.zeros((n + 1, n), np.int64), np.zeros((n + 1, n), np.int64)
    union = np.zeros(width, np.uint64)
    first = rank[root]
    chosen[0], worth[0] = first, price[first]
    words[0] = orders.words[first] | grid.fixed
    load[0] = orders.load[first]
    for j in range(root + 1, n):
        cand[0, many[0]] = rank[j]
        many[0] += 1
    depth, nodes, filled, fresh = 0, 0, 0, True
    while depth >= 0:
        if fresh:  # a new set: look at it, then keep only the orders that may still lead to a better ratio
            nodes += 1
            length = batch_length(grid, words[depth], memory.cost, memory.cur, memory.nxt)
            rho = max(rho, worth[depth] / max(1, length))
            if worth[depth] > length * 1.000001 and filled < len(lengths):
                out[filled, :] = 0
                for d in range(depth + 1):
                    out[filled, d] = chosen[d] + 1
                lengths[filled] = length
                filled += 1
            kept = 0
            for c in range(many[depth]):
                o = cand[depth, c]
                ok = orders.group[o] == orders.group[first]
                for d in range(dims):
                    ok = ok and load[depth, d] + orders.load[o, d] <= orders.cap[d]
                if ok:
                    cand[depth, kept] = o
                    cand_length[depth, kept] = length
                    kept += 1
            for turn in range(2):
                count, kept = kept, 0
                for c in range(count):
                    o = cand[depth, c]
                    left = float(orders.cap[tight] - load[depth, tight] - orders.load[o, tight])
                    top = worth[depth] + price[o]
                    for k in range(count):
                        if k == c or left <= 0:
                            continue
                        p = cand[depth, k]
                        need = float(orders.load[p, tight])
                        if need >= left:
                            top += price[p] * left / max(1.0, need)
                            left = 0.0
                        else:
                            top += price[p]
                            left -= need
                    value = cand_length[depth, c]
                    if top <= rho * value:
                        continue
                    if turn == 0:
                        union[:] = words[depth] | orders.words[o]
                        value = batch_length(grid, union, memory.cost, memory.cur, memory.nxt)
                        if top <= rho * value:
                            continue
                    cand[depth, kept] = o
                    cand_length[depth, kept] = value
                    kept += 1
            many[depth], at[depth] = kept, 0
            if nodes >= most_nodes:
                return rho, False, filled
        if at[depth] >= many[depth] or depth >= n - 1:
            depth -= 1
            fresh = False
            continue
        o = cand[depth, at[depth]]
        at[depth] += 1
        words[depth + 1] = words[depth] | orders.words[o]
        load[depth + 1] = load[depth] + orders.load[o]
        worth[depth + 1] = worth[depth] + price[o]
        chosen[depth + 1] = o
        many[depth + 1] = 0
        for c in range(at[depth], many[depth]):
            cand[depth + 1, many[depth + 1]] = cand[depth, c]
            many[depth + 1] += 1
        depth += 1
        fresh = True
    return rho, True, filled
