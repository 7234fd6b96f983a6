"""First plans and who is related to whom, compiled. Import lazily: loads numba."""

# ruff: noqa: C901, PLR0912 - compiled code: flat arrays instead of objects, one loop instead of calls

import numpy as np

from backend.algorithms.batching.grid import Grid, Ints, Words
from backend.algorithms.batching.kernel import Memory, Orders, fits_in, known_length, single_lengths
from backend.algorithms.batching.length import ZERO, batch_length
from backend.algorithms.compiled import compiled


@compiled
def savings(grid: Grid, orders: Orders, memory: Memory) -> Ints:
    """Clarke & Wright (1964) with recomputed savings (C&W ii of Elsayed & Unal 1989): the batch of every order."""
    n, width = orders.words.shape
    words, load, key = orders.words.copy(), orders.load.copy(), orders.key.copy()
    for i in range(n):
        words[i] |= grid.fixed
    length = single_lengths(grid, orders, memory)
    alive = np.ones(n, dtype=np.bool_)
    gain = np.full((n, n), -1, dtype=np.int64)
    best = np.full(n, -1, dtype=np.int64)
    fresh = np.arange(n).astype(np.int64)
    into = np.arange(n).astype(np.int64)
    union = np.empty(width, dtype=np.uint64)
    while True:
        for f in range(len(fresh)):
            i = int(fresh[f])
            for j in range(n):
                if j == i or not alive[j] or orders.group[i] != orders.group[j]:
                    continue
                if not fits_in(load, i, load, j, orders.cap):
                    gain[i, j] = gain[j, i] = -1
                    continue
                union[:] = words[i] | words[j]
                value = length[i] + length[j] - known_length(grid, memory, key[i] ^ key[j], union)
                gain[i, j] = gain[j, i] = value
                if best[j] >= 0 and value > gain[j, best[j]]:
                    best[j] = i
        a, top = -1, -1
        for i in range(n):
            if not alive[i]:
                continue
            if best[i] < 0 or not alive[best[i]] or best[i] == int(fresh[0]):
                best[i] = i
                for j in range(n):
                    if alive[j] and j != i and gain[i, j] > gain[i, best[i]]:
                        best[i] = j
            if best[i] != i and gain[i, best[i]] > top:
                a, top = i, gain[i, best[i]]
        if a < 0:
            return into
        b = best[a]
        words[a] |= words[b]
        load[a] += load[b]
        length[a] += length[b] - gain[a, b]
        key[a] ^= key[b]
        alive[b] = False
        gain[a, :] = -1
        gain[:, a] = -1
        gain[:, b] = -1
        for o in range(n):
            if into[o] == b:
                into[o] = a
        fresh = np.array([a])


@compiled
def relatedness(grid: Grid, orders: Orders, memory: Memory, alone: Ints, wide: int) -> Ints:
    """The `wide` most related orders of each: largest saving of walking both together, relative to the shorter."""
    n, width = orders.words.shape
    near = np.zeros((n, wide), dtype=np.int64)
    score = np.empty(n, dtype=np.float64)
    union = np.empty(width, dtype=np.uint64)
    gain = np.zeros((n, n), dtype=np.float32)
    for i in range(n):
        for j in range(i):
            union[:] = orders.words[i] | orders.words[j] | grid.fixed
            both = known_length(grid, memory, orders.key[i] ^ orders.key[j], union)
            gain[i, j] = gain[j, i] = (alone[i] + alone[j] - both) / max(1, min(alone[i], alone[j]))
    for i in range(n):
        for j in range(n):
            score[j] = -gain[i, j] if j != i and orders.group[i] == orders.group[j] else 9.0
        near[i] = np.argsort(score)[:wide]
    return near


@compiled
def ones(word: np.uint64) -> int:
    n = 0
    while word != ZERO:
        n += 1
        word &= word - np.uint64(1)
    return n


@compiled
def touched_stretches(grid: Grid, words: Words) -> Words:
    """Bit set, per order, of the stretches (64-stop runs in matrix mode) where it has a stop."""
    n, width = words.shape
    groups = len(grid.group_word) - 1 if grid.sweep else width
    out = np.zeros((n, (groups + 63) // 64), dtype=np.uint64)
    for i in range(n):
        for g in range(groups):
            first, last = (grid.group_word[g], grid.group_word[g + 1]) if grid.sweep else (g, g + 1)
            for w in range(first, last):
                if words[i, w] != ZERO:
                    out[i, g >> 6] |= np.uint64(1) << np.uint64(g & 63)
    return out


@compiled
def similar(marks: Words, group: Ints, wide: int) -> Ints:
    """The `wide` most similar rows of each by shared marks (Jaccard), same group only while there are any."""
    n, width = marks.shape
    size = np.zeros(n, dtype=np.int64)
    for i in range(n):
        for w in range(width):
            size[i] += ones(marks[i, w])
    near = np.zeros((n, wide), dtype=np.int64)
    score = np.empty(n, dtype=np.float64)
    for i in range(n):
        for j in range(n):
            both = 0
            for w in range(width):
                both += ones(marks[i, w] & marks[j, w])
            score[j] = -both / max(1, size[i] + size[j] - both) + 1e-9 * abs(j - i)
            if j == i or group[i] != group[j]:
                score[j] = 9.0
        near[i] = np.argsort(score)[:wide]
    return near


@compiled
def greedy(grid: Grid, orders: Orders, memory: Memory, marks: Words, tries: int) -> Ints:
    """Fill one batch after the other: farthest order first, then whatever adds fewest stretches, then least length.

    Of the orders that fit, the `tries` with the fewest new stretches are priced exactly. O(n^2) mark tests.
    """
    n, width = orders.words.shape
    alone = single_lengths(grid, orders, memory)
    left = np.argsort(-alone)
    count = n
    into = np.full(n, -1, dtype=np.int64)
    have = np.empty(marks.shape[1], dtype=np.uint64)
    words, union = np.empty(width, dtype=np.uint64), np.empty(width, dtype=np.uint64)
    load = np.zeros((1, len(orders.cap)), dtype=np.int64)
    pick, worth = np.empty(tries, dtype=np.int64), np.empty(tries, dtype=np.int64)
    batch = -1
    while count > 0:
        batch += 1
        load[0] = 0
        chosen, length, group = 0, 0, orders.group[left[0]]
        while chosen >= 0:
            o = left[chosen]
            into[o] = batch
            if load[0].sum() == 0:
                words[:] = grid.fixed
                have[:] = ZERO
            words |= orders.words[o]
            have |= marks[o]
            load[0] += orders.load[o]
            for p in range(chosen, count - 1):
                left[p] = left[p + 1]
            count -= 1
            length = batch_length(grid, words, memory.cost, memory.cur, memory.nxt)
            found, worst = 0, 0
            for p in range(count):
                o = left[p]
                if orders.group[o] != group or not fits_in(load, 0, orders.load, o, orders.cap):
                    continue
                new = 0
                for w in range(marks.shape[1]):
                    new += ones(marks[o, w] & ~have[w])
                new = 64 * new - min(63, orders.load[o, 0])
                if found == tries and new >= worth[worst]:
                    continue
                at = found if found < tries else worst
                pick[at], worth[at] = p, new
                found = min(tries, found + 1)
                worst = int(np.argmax(worth[:found]))
            chosen, best = -1, 1 << 60
            for f in range(found):
                o = left[pick[f]]
                union[:] = words | orders.words[o]
                more = batch_length(grid, union, memory.cost, memory.cur, memory.nxt) - length
                rate = more * 1000 // max(1, orders.load[o, 0])
                if rate < best:
                    best, chosen = rate, pick[f]
    return into


@compiled
def ones_shared(marks: Words, centre: int) -> Ints:
    """How many marks each row shares with row `centre`, in per mille of the marks of both."""
    n, width = marks.shape
    out = np.zeros(n, dtype=np.int64)
    for i in range(n):
        both, any_ = 0, 0
        for w in range(width):
            both += ones(marks[i, w] & marks[centre, w])
            any_ += ones(marks[i, w] | marks[centre, w])
        out[i] = 1000 * both // max(1, any_)
    return out
