"""Length of one batch, compiled. Import lazily: loads numba.

The exact sweep of `routing.machine` on bit sets: O(words + stops + columns x transitions), about a microsecond for
one block. Functions are long and flat because a call or an object costs more than the work.
"""

# ruff: noqa: PLR0917, C901 - compiled code: flat arrays instead of objects, one loop instead of calls

import numpy as np

from backend.algorithms.batching.grid import Grid, Ints, Words
from backend.algorithms.batching.unrolled import NEVER, column_2, column_3, column_4
from backend.algorithms.compiled import compiled

INF = 1 << 60
DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_table = [0] * 64
for _i in range(64):
    _table[((0x03F79D71B4CB0A89 << _i) & 0xFFFFFFFFFFFFFFFF) >> 58] = _i
LOWEST = np.array(_table, dtype=np.uint64)
ONE, SHIFT = np.uint64(1), np.uint64(58)
ZERO = np.uint64(0)


@compiled
def lowest_bit(word: np.uint64) -> np.uint64:
    isolated = word & (~word + ONE)
    return LOWEST[(isolated * DE_BRUIJN) >> SHIFT]  # type: ignore[no-any-return]  # numpy scalar indexing


@compiled
def advance(grid: Grid, op: int, cost: Ints, choices: int, cur: Ints, nxt: Ints) -> None:
    nxt[:] = INF
    for cfg in range(choices):
        w = cost[cfg]
        if w >= INF:
            continue
        for e in range(grid.ptr[op, cfg], grid.ptr[op, cfg + 1]):
            v = cur[grid.source[e]] + w
            t = grid.target[e]
            nxt[t] = min(nxt[t], v)


@compiled
def plain_length(grid: Grid, words: Words, cost: Ints, cur: Ints) -> int:
    """Round tour in a hall of two to four cross aisles without dead ends: the unrolled column steps."""
    cur[:] = NEVER
    cur[0] = 0
    before = -1
    for column in range(len(grid.column_x)):
        g0, g1 = grid.column_group[column], grid.column_group[column + 1]
        some = ZERO
        for w in range(grid.group_word[g0], grid.group_word[g1]):
            some |= words[w]
        if some == ZERO:
            continue
        for g in range(g0, g1):
            low, high = grid.group_low[g], grid.group_high[g]
            first, last, gap, n = NEVER, low, np.int64(0), 0
            for w in range(grid.group_word[g], grid.group_word[g + 1]):
                word = words[w]
                while word != ZERO:
                    y = grid.bit_y[np.uint64(64 * w) + lowest_bit(word)]
                    if n == 0:
                        first = y
                    else:
                        gap = max(gap, y - last)
                    last = y
                    n += 1
                    word &= word - ONE
            at = 6 * (g - g0)
            full = high - low
            cost[at] = NEVER if n > 0 else 0
            cost[at + 1], cost[at + 2] = full, 2 * full
            cost[at + 3] = 2 * (last - low) if n > 0 else NEVER
            cost[at + 4] = 2 * (high - first) if n > 0 else NEVER
            cost[at + 5] = 2 * (full - gap) if n > 1 else NEVER
        dx = grid.column_x[column] - grid.column_x[before] if before >= 0 else -1
        if grid.cross == 2:
            column_2(cur, dx, cost)
        elif grid.cross == 3:
            column_3(cur, dx, cost)
        else:
            column_4(cur, dx, cost)
        before = column
    best = NEVER
    for f in grid.final:
        best = min(best, cur[f])
    return best + grid.offset if before >= 0 else 0


@compiled
def with_terminals(ys: Ints, odd: Ints, n: int, cost: Ints) -> None:
    """Costs of a stretch in which a terminal stands; ys[0], ys[n + 1] are its ends. See `routing.stretch`."""
    best = np.full((3, 3, 2), INF, dtype=np.int64)
    for m in range(3):
        best[m, m, 1 if m == 0 else 0] = m * (ys[1] - ys[0])
    for i in range(1, n + 1):
        after = np.full((3, 3, 2), INF, dtype=np.int64)
        step = ys[i + 1] - ys[i]
        for first in range(3):
            for last in range(3):
                for cut in range(2):
                    v = best[first, last, cut]
                    if v >= INF:
                        continue
                    for m in range(3):
                        if (last + m) % 2 != odd[i] or (m == 0 and cut == 1) or last + m == 0:
                            continue
                        c = 1 if m == 0 else cut
                        after[first, m, c] = min(after[first, m, c], v + m * step)
        best = after
    cost[0] = INF if n > 0 else 0
    cost[1], cost[2] = best[1, 1, 0], best[2, 2, 0]
    cost[3], cost[4], cost[5] = best[2, 0, 1], best[0, 2, 1], best[2, 2, 1]
    cost[6], cost[7] = best[1, 0, 1], best[0, 1, 1]
    cost[8], cost[9] = best[1, 2, 1], best[2, 1, 1]
    cost[10], cost[11], cost[12] = best[1, 2, 0], best[2, 1, 0], best[1, 1, 1]


@compiled
def terminal_group(grid: Grid, words: Words, g: int, op: int, cost: Ints) -> None:
    """Collect the stops of a stretch with a terminal and price it, dead ends included."""
    low, high = grid.group_low[g], grid.group_high[g]
    bits = 64 * (grid.group_word[g + 1] - grid.group_word[g])
    ys, odd = np.zeros(bits + 2, dtype=np.int64), np.zeros(bits + 2, dtype=np.int64)
    ys[0] = low
    n = 0
    for w in range(grid.group_word[g], grid.group_word[g + 1]):
        word = words[w]
        while word != ZERO:
            b = lowest_bit(word)
            n += 1
            ys[n] = grid.bit_y[np.uint64(64 * w) + b]
            odd[n] = 1 if grid.odd[w] & (ONE << b) else 0
            word &= word - ONE
    ys[n + 1] = high
    with_terminals(ys, odd, n, cost)
    if op == 2 * grid.cross - 1:
        cost[1], cost[2] = cost[7], cost[4]
    elif op == 2 * grid.cross:
        cost[1], cost[2] = cost[6], cost[3]


@compiled
def group_cost(grid: Grid, words: Words, g: int, op: int, cost: Ints) -> int:
    """Fill `cost` per choice for stretch g; returns the number of choices to try."""
    low, high = grid.group_low[g], grid.group_high[g]
    first, last, gap, n = -1, 0, 0, 0
    flips = ZERO
    for w in range(grid.group_word[g], grid.group_word[g + 1]):
        word = words[w]
        flips |= grid.odd[w]
        while word != ZERO:
            y = grid.bit_y[np.uint64(64 * w) + lowest_bit(word)]
            if n == 0:
                first = y
            elif y - last > gap:
                gap = y - last
            last = y
            n += 1
            word &= word - ONE
    if flips != ZERO:
        terminal_group(grid, words, g, op, cost)
        return 13 if op < grid.cross - 1 else 3
    cost[0] = INF if n > 0 else 0
    if op >= grid.cross - 1:
        cost[1] = INF
        cost[2] = (2 * (high - first) if op == 2 * grid.cross - 1 else 2 * (last - low)) if n > 0 else INF
        return 3
    full = high - low
    cost[1], cost[2] = full, 2 * full
    cost[3] = 2 * (last - low) if n > 0 else INF
    cost[4] = 2 * (high - first) if n > 0 else INF
    cost[5] = 2 * (full - gap) if n > 1 else INF
    return 6


@compiled
def batch_length(grid: Grid, words: Words, cost: Ints, cur: Ints, nxt: Ints) -> int:
    """Length of the tour through all set bits, in mm. `cost`, `cur`, `nxt` are scratch of 18, states, states."""
    if not grid.sweep:
        at = grid.table.shape[0] - 2
        total = 0
        for w in range(len(words)):
            word = words[w]
            while word != ZERO:
                row = grid.bit_row[np.uint64(64 * w) + lowest_bit(word)]
                total += grid.table[at, row]
                at = row
                word &= word - ONE
        return total + grid.table[at, grid.table.shape[0] - 1] + grid.offset  # type: ignore[no-any-return]  # int64
    if grid.plain:
        return plain_length(grid, words, cost, cur)
    cur[:] = INF
    cur[0] = 0
    before = -1
    for column in range(len(grid.column_x)):
        g0, g1 = grid.column_group[column], grid.column_group[column + 1]
        some = ZERO
        for w in range(grid.group_word[g0], grid.group_word[g1]):
            some |= words[w]
        if some == ZERO:
            continue
        if before >= 0:
            dx = grid.column_x[column] - grid.column_x[before]
            cost[0], cost[1], cost[2] = 0, dx, 2 * dx
            for c in range(grid.cross):
                advance(grid, grid.cross - 1 + c, cost, 3, cur, nxt)
                cur, nxt = nxt, cur
        if len(grid.link) > 0 and grid.link[column] >= 0:
            cost[0], cost[1], cost[2] = 0, grid.link[column], 2 * grid.link[column]
            advance(grid, 2 * grid.cross + 1, cost, 3, cur, nxt)
            cur, nxt = nxt, cur
        for g in range(g0, g1):
            op = grid.group_op[g]
            choices = group_cost(grid, words, g, op, cost)
            advance(grid, op, cost, choices, cur, nxt)
            cur, nxt = nxt, cur
        before = column
    best = INF
    for f in grid.final:
        best = min(best, cur[f])
    return best + grid.offset if before >= 0 else 0
