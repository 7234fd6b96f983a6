"""Ruin and recreate over batches, compiled. Import lazily: loads numba.

Schrimpf et al. (2000), Christiaens & Vanden Berghe (2020), applied to batches: take related orders out, put each back
where it costs least, accept by simulated annealing. Lengths of sets of orders are remembered in a table keyed by a
64-bit hash (Zobrist 1970). Everything is flat arrays; randomness is a xorshift state owned by the caller.
"""

# ruff: noqa: PLR0917, SIM110, C901, PLR0912, PLR0915 - compiled code: flat arrays instead of objects, one loop instead of calls

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from backend.algorithms.batching.grid import Grid, Ints, Words
from backend.algorithms.batching.length import INF, batch_length
from backend.algorithms.compiled import compiled

Floats = NDArray[np.float64]


class Orders(NamedTuple):
    """n orders: bits of their stops, loads per dimension, group number, hash key, related orders (nearest first)."""

    words: Words
    load: Ints
    group: Ints
    key: Words
    near: Ints
    cap: Ints


class Memory(NamedTuple):
    """Length per set of orders, and scratch for the sweep."""

    key: Words
    length: Ints
    cost: Ints
    cur: Ints
    nxt: Ints


@compiled
def next_random(state: Words) -> np.uint64:
    x = state[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state[0] = x
    return np.uint64(x)


@compiled
def below(state: Words, n: int) -> int:
    return int(np.int64((next_random(state) >> np.uint64(11)) % np.uint64(n)))


@compiled
def unit(state: Words) -> float:
    return (next_random(state) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def known_length(grid: Grid, memory: Memory, key: np.uint64, words: Words) -> int:
    """Length of the batch with these stops; remembered under the hash of its orders."""
    at = np.int64(key & np.uint64(len(memory.key) - 1))
    if memory.key[at] == key:
        return memory.length[at]  # type: ignore[no-any-return]  # numpy scalar
    value = batch_length(grid, words, memory.cost, memory.cur, memory.nxt)
    memory.key[at] = key
    memory.length[at] = value
    return value


@compiled
def single_lengths(grid: Grid, orders: Orders, memory: Memory) -> Ints:
    n = len(orders.key)
    out = np.empty(n, dtype=np.int64)
    for i in range(n):
        out[i] = known_length(grid, memory, orders.key[i], orders.words[i] | grid.fixed)
    return out


@compiled
def fits_in(load: Ints, b: int, more: Ints, o: int, cap: Ints) -> bool:
    for d in range(len(cap)):
        if load[b, d] + more[o, d] > cap[d]:
            return False
    return True


class Pool(NamedTuple):
    """Columns met by the search: order numbers + 1, filled up with zeros; lengths; hashes; how many ever."""

    members: Ints
    length: Ints
    seen: Words
    used: Ints


class Batches(NamedTuple):
    """Up to B batches; `members[b, :count[b]]` are orders. Row contents beyond the counts are rubbish."""

    words: Words
    load: Ints
    length: Ints
    filled: Ints
    members: Ints
    key: Words
    group: Ints


@compiled
def rebuild(grid: Grid, orders: Orders, memory: Memory, at: Batches, b: int) -> None:
    """Recompute batch b from its members."""
    at.words[b] = grid.fixed
    at.load[b] = 0
    at.key[b] = np.uint64(0)
    for m in range(at.filled[b]):
        o = at.members[b, m]
        at.words[b] |= orders.words[o]
        at.load[b] += orders.load[o]
        at.key[b] ^= orders.key[o]
        at.group[b] = orders.group[o]
    at.length[b] = known_length(grid, memory, at.key[b], at.words[b]) if at.filled[b] > 0 else 0


@compiled
def copy_batch(source: Batches, a: int, target: Batches, b: int) -> None:
    target.words[b] = source.words[a]
    target.load[b] = source.load[a]
    target.length[b] = source.length[a]
    target.filled[b] = source.filled[a]
    for m in range(source.filled[a]):
        target.members[b, m] = source.members[a, m]
    target.key[b] = source.key[a]
    target.group[b] = source.group[a]


@compiled
def choose_ruin(
    orders: Orders, assign: Ints, at: Batches, out: Ints, marked: Ints, stamp: int, rng: Words, most: int
) -> int:
    """Orders to take out (into `out`): around a seed order, or whole batches near it. Returns how many."""
    n, wide = orders.near.shape
    k = 0
    seed = below(rng, n)
    want = min(n, 2 + below(rng, most))
    way = unit(rng)
    if way < 0.3:  # whole batches: the seed's and that of a related order
        o = seed
        for _ in range(2):
            b = assign[o]
            if k + at.filled[b] > max(most, 2 * at.filled[b]) and k > 0:
                break
            for m in range(at.filled[b]):
                if marked[at.members[b, m]] != stamp:
                    marked[at.members[b, m]] = stamp
                    out[k] = at.members[b, m]
                    k += 1
            o = orders.near[seed, below(rng, wide)] if wide > 0 else seed
        return k
    out[0] = seed
    marked[seed] = stamp
    k = 1
    tries = 0
    while k < want and tries < 4 * want:
        tries += 1
        if way < 0.85 and wide > 0:
            base = out[below(rng, k)] if way < 0.5 else seed
            span = min(wide, 3 * want)
            o = orders.near[base, below(rng, span)]
        else:
            o = below(rng, n)
        if marked[o] != stamp:
            marked[o] = stamp
            out[k] = o
            k += 1
    return k


@compiled
def sort_removed(orders: Orders, alone: Ints, removed: Ints, k: int, rng: Words) -> None:
    """Order of reinsertion: at random, largest first, or longest alone first."""
    how = below(rng, 8)
    for i in range(k - 1, 0, -1):
        j = below(rng, i + 1)
        removed[i], removed[j] = removed[j], removed[i]
    if how < 3:
        return
    for i in range(1, k):
        o, j = removed[i], i - 1
        worth = orders.load[o, 0] if how < 6 else alone[o]
        while j >= 0 and (orders.load[removed[j], 0] if how < 6 else alone[removed[j]]) < worth:
            removed[j + 1] = removed[j]
            j -= 1
        removed[j + 1] = o


@compiled
def cheapest_batch(
    grid: Grid, orders: Orders, memory: Memory, at: Batches, o: int, alone: int, rng: Words, union: Words
) -> tuple[int, int]:
    """(batch, its new length) that grows least by taking order o; an empty slot counts as a batch of its own."""
    best, chosen, new = INF, -1, 0
    empty = -1
    for b in range(len(at.filled)):
        if at.filled[b] == 0:
            if empty < 0:
                empty = b
            continue
        if at.group[b] != orders.group[o] or not fits_in(at.load, b, orders.load, o, orders.cap):
            continue
        if next_random(rng) & np.uint64(127) == np.uint64(0):
            continue
        key = at.key[b] ^ orders.key[o]
        slot = np.int64(key & np.uint64(len(memory.key) - 1))
        if memory.key[slot] == key:
            length = memory.length[slot]
        else:
            union[:] = at.words[b] | orders.words[o]
            length = batch_length(grid, union, memory.cost, memory.cur, memory.nxt)
            memory.key[slot] = key
            memory.length[slot] = length
        if length - at.length[b] < best:
            best, chosen, new = length - at.length[b], b, length
    if empty >= 0 and alone < best:
        return empty, alone
    return chosen, new


@compiled
def improve(
    grid: Grid, orders: Orders, memory: Memory, pool: Pool, rng: Words,
    here: Ints, champion: Ints, best: int, slots: int, iterations: int, heat: float, cooling: float, most: int,
) -> int:  # fmt: skip
    """Walk on from `here` (batch number per order, < slots); better plans than `best` go to `champion`.

    Returns the length of the champion. `heat` in mm is multiplied by `cooling` after every step.
    """
    n, width = orders.words.shape
    deep, dims = n, len(orders.cap)
    rows = 2 * slots
    at = Batches(
        np.zeros((rows, width), np.uint64), np.zeros((rows, dims), np.int64), np.zeros(rows, np.int64),
        np.zeros(slots, np.int64), np.zeros((rows, deep), np.int64), np.zeros(rows, np.uint64),
        np.zeros(rows, np.int64),
    )  # fmt: skip
    kept = Batches(
        np.zeros((slots, width), np.uint64), np.zeros((slots, dims), np.int64), np.zeros(slots, np.int64),
        np.zeros(slots, np.int64), np.zeros((slots, deep), np.int64), np.zeros(slots, np.uint64),
        np.zeros(slots, np.int64),
    )  # fmt: skip
    for o in range(n):
        b = here[o]
        at.members[b, at.filled[b]] = o
        at.filled[b] += 1
    total = 0
    for b in range(slots):
        rebuild(grid, orders, memory, at, b)
        total += at.length[b]
    alone = single_lengths(grid, orders, memory)
    if total < best:
        best = total
        champion[:] = here
    marked, removed = np.full(n, -1, np.int64), np.zeros(n + 1, np.int64)
    touched, saved = np.full(slots, -1, np.int64), np.zeros(slots, np.int64)
    union = np.empty(width, np.uint64)
    for step in range(iterations):
        k = choose_ruin(orders, here, at, removed, marked, step, rng, most)
        t = 0
        value = total
        for i in range(k):
            b = here[removed[i]]
            if touched[b] != step:
                touched[b] = step
                copy_batch(at, b, kept, t)
                saved[t] = b
                t += 1
        for i in range(t):
            b, c = saved[i], 0
            for m in range(at.filled[b]):
                o = at.members[b, m]
                if marked[o] != step:
                    at.members[b, c] = o
                    c += 1
            at.filled[b] = c
            value -= at.length[b]
            rebuild(grid, orders, memory, at, b)
            value += at.length[b]
        sort_removed(orders, alone, removed, k, rng)
        failed = False
        for i in range(k):
            o = removed[i]
            b, length = cheapest_batch(grid, orders, memory, at, o, alone[o], rng, union)
            if b < 0:
                failed = True
                break
            if touched[b] != step:
                touched[b] = step
                copy_batch(at, b, kept, t)
                saved[t] = b
                t += 1
            if at.filled[b] == 0:
                at.words[b] = grid.fixed
                at.load[b] = 0
                at.key[b] = np.uint64(0)
                at.group[b] = orders.group[o]
                at.length[b] = 0
            value += length - at.length[b]
            at.members[b, at.filled[b]] = o
            at.filled[b] += 1
            at.words[b] |= orders.words[o]
            at.load[b] += orders.load[o]
            at.key[b] ^= orders.key[o]
            at.length[b] = length
            here[o] = b
        if not failed and value < total - heat * np.log(max(1e-12, unit(rng))):
            if value < total:
                remember(at, saved, t, pool)
            total = value
            if value < best:
                best = value
                champion[:] = here
        else:
            for i in range(t):
                b = saved[i]
                copy_batch(kept, i, at, b)
                for m in range(at.filled[b]):
                    here[at.members[b, m]] = b
        heat *= cooling
    return best


@compiled
def remember(at: Batches, saved: Ints, t: int, pool: Pool) -> None:
    """Keep the changed batches as columns for set partitioning; the oldest make room."""
    if len(pool.length) == 0:
        return
    for i in range(t):
        b = saved[i]
        if at.filled[b] == 0 or at.filled[b] > pool.members.shape[1]:
            continue
        seen = np.int64(at.key[b] & np.uint64(len(pool.seen) - 1))
        if pool.seen[seen] == at.key[b]:
            continue
        pool.seen[seen] = at.key[b]
        row = pool.used[0] % len(pool.length)
        pool.members[row, :] = 0
        for m in range(at.filled[b]):
            pool.members[row, m] = at.members[b, m] + 1
        pool.length[row] = at.length[b]
        pool.used[0] += 1
