"""Annealing over the choice of bins, compiled. Import lazily: loads numba."""

# ruff: noqa: PLR0917, C901 - compiled code: flat arrays instead of objects, one loop instead of calls

import numpy as np

from backend.algorithms.batching.grid import Grid, Ints, Words
from backend.algorithms.batching.kernel import below, unit
from backend.algorithms.batching.length import batch_length
from backend.algorithms.compiled import compiled


@compiled
def redraw(first: Ints, qty: Ints, need: Ints, a: int, chosen: Ints, order: Ints, rng: Words) -> None:
    """A new random covering choice for SKU a, keeping old bins with some probability, without a superfluous bin."""
    low, high = first[a], first[a + 1]
    n = high - low
    for i in range(n):
        order[i] = low + i
    for i in range(n - 1, 0, -1):
        j = below(rng, i + 1)
        order[i], order[j] = order[j], order[i]
    if unit(rng) < 0.7:  # old bins first, all but one of them
        spare = -1
        at = 0
        for i in range(n):
            if chosen[order[i]] == 1:
                if spare < 0:
                    spare = order[i]
                    continue
                order[at], order[i] = order[i], order[at]
                at += 1
        for i in range(at, n - 1):
            if order[i] == spare:
                order[i], order[n - 1] = order[n - 1], order[i]
    have = 0
    for i in range(low, high):
        chosen[i] = 0
    for i in range(n):
        if have < need[a]:
            chosen[order[i]] = 1
            have += qty[order[i]]
    for i in range(n):
        if chosen[order[i]] == 1 and have - qty[order[i]] >= need[a]:
            chosen[order[i]] = 0
            have -= qty[order[i]]


@compiled
def length_with(
    grid: Grid, words: Words, chosen: Ints, union: Words, cost: Ints, cur: Ints, nxt: Ints
) -> int:
    union[:] = grid.fixed
    for i in range(len(chosen)):
        if chosen[i] == 1:
            union |= words[i]
    return batch_length(grid, union, cost, cur, nxt)


@compiled
def anneal(grid: Grid, words: Words, first: Ints, qty: Ints, need: Ints, rng: Words, steps: int) -> Ints:
    """1 per chosen bin. Three cooling runs of a third of the steps each; the best choice met is returned."""
    n, skus = len(qty), len(need)
    cost, cur, nxt = np.zeros(18, np.int64), np.zeros(grid.states, np.int64), np.zeros(grid.states, np.int64)
    union, order = np.zeros(words.shape[1], np.uint64), np.zeros(n, np.int64)
    chosen, best, top = np.zeros(n, np.int64), np.zeros(n, np.int64), 1 << 60
    part = max(1, steps // 3)
    for _ in range(3):
        for a in range(skus):
            redraw(first, qty, need, a, chosen, order, rng)
        here = length_with(grid, words, chosen, union, cost, cur, nxt)
        old = chosen.copy()
        heat = 0.05 * here
        cooling = 0.002 ** (1.0 / part)
        for _step in range(part):
            redraw(first, qty, need, below(rng, skus), chosen, order, rng)
            if unit(rng) < 0.3:
                redraw(first, qty, need, below(rng, skus), chosen, order, rng)
            value = length_with(grid, words, chosen, union, cost, cur, nxt)
            if value <= here - heat * np.log(max(1e-12, unit(rng))):
                here = value
                old[:] = chosen
                if value < top:
                    top = value
                    best[:] = chosen
            else:
                chosen[:] = old
            heat *= cooling
        if here < top:
            top = here
            best[:] = old
    return best
