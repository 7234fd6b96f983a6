"""Iterated local search for a tour on a matrix with one-way lengths: or-opt, 2-opt, double bridge.

Written so that numba compiles the very same functions (`tour_kernel`): lists or arrays, integers, no objects.
`d` has n + 2 rows: stops, start (n), end (n + 1). Or (1976), Croes (1958), Martin, Otto & Felten (1991).
"""

from typing import Any


def descend(d: Any, walk: Any) -> None:
    """Improve `walk` (start, stops..., end) in place until no or-opt move or reversal helps. O(n^2) per pass."""
    m = len(walk)
    better = True
    while better:
        better = False
        for i in range(1, m - 1):  # reversal of walk[i..j]
            ahead, back = 0, 0
            for j in range(i + 1, m - 1):
                ahead += d[walk[j - 1]][walk[j]]
                back += d[walk[j]][walk[j - 1]]
                old = d[walk[i - 1]][walk[i]] + ahead + d[walk[j]][walk[j + 1]]
                new = d[walk[i - 1]][walk[j]] + back + d[walk[i]][walk[j + 1]]
                if new < old:
                    lo, hi = i, j
                    while lo < hi:
                        walk[lo], walk[hi] = walk[hi], walk[lo]
                        lo += 1
                        hi -= 1
                    better = True
                    ahead, back = back, ahead
        for size in range(1, 4):  # move walk[i..i+size-1] between walk[k] and walk[k+1]
            for i in range(1, m - size):
                a, b = walk[i], walk[i + size - 1]
                gain = d[walk[i - 1]][a] + d[b][walk[i + size]] - d[walk[i - 1]][walk[i + size]]
                best, at = 0, -1
                for k in range(m - 1):
                    if i - 1 <= k < i + size:
                        continue
                    delta = d[walk[k]][a] + d[b][walk[k + 1]] - d[walk[k]][walk[k + 1]] - gain
                    if delta < best:
                        best, at = delta, k
                if at >= 0:
                    rotate(walk, i, size, at)
                    better = True


def rotate(walk: Any, i: int, size: int, k: int) -> None:
    """Move the segment of `size` at i so that it follows what stands at k."""
    for step in range(size):
        if k < i:
            value = walk[i + step]
            for p in range(i + step, k + 1 + step, -1):
                walk[p] = walk[p - 1]
            walk[k + 1 + step] = value
        else:
            value = walk[i]
            for p in range(i, k):
                walk[p] = walk[p + 1]
            walk[k] = value


def total(d: Any, walk: Any) -> int:
    out = 0
    for i in range(1, len(walk)):
        out += d[walk[i - 1]][walk[i]]
    return out


def turn(state: int) -> int:
    """Next number of a small linear congruential generator (Park & Miller 1988)."""
    return state * 48271 % 2147483647


def bridge(best: Any, walk: Any, state: int) -> int:
    """`walk` becomes `best` with two neighbouring pieces of its middle exchanged; returns the generator's state."""
    m = len(best)
    span = min(m - 2, 30)
    state = turn(state)
    a = 1 + state % max(1, m - 1 - span)
    state = turn(state)
    p = a + 1 + state % max(1, span - 2)
    state = turn(state)
    q = p + 1 + state % max(1, a + span - p - 1)
    q = min(q, m - 1)
    at = a
    for i in range(m):
        walk[i] = best[i]
    for i in range(p, q):
        walk[at] = best[i]
        at += 1
    for i in range(a, p):
        walk[at] = best[i]
        at += 1
    return state


def iterate(d: Any, best: Any, walk: Any, seed: int, rounds: int) -> Any:
    """Best walk (start, stops..., end) after `rounds` kicks from `best`; `walk` is a second copy to work in."""
    descend(d, best)
    length, state = total(d, best), turn(seed)
    for _ in range(rounds):
        state = bridge(best, walk, state)
        descend(d, walk)
        found = total(d, walk)
        if found <= length:
            length = found
            best, walk = walk, best
    return best
