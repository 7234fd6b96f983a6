"""Large jobs: neighbouring batches re-solved in turn, disjoint pieces side by side (POPMUSIC)."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from backend.algorithms.batching.grid import Ints, Words
from backend.algorithms.batching.problem import Problem, fresh_memory, fresh_pool
from backend.algorithms.batching.search import (
    COLD,
    HOT,
    MOST,
    PIECE_ORDERS,
    PIECE_STEPS,
    Found,
    Report,
    compact,
    members_of,
    seed_of,
)
from backend.algorithms.budget import Deadline

if TYPE_CHECKING:
    from backend.algorithms.batching.kernel import Memory, Orders

PIECE_NEAR = 20


def re_solve(problem: Problem, found: Found, watch: Deadline, report: Report) -> None:
    """Improve `found` in place. One round = as many disjoint pieces as workers; every piece has a fixed effort."""
    from backend.algorithms.batching.seeds import ones_shared, touched_stretches

    job, orders = problem.job, problem.orders
    marks = touched_stretches(problem.grid, orders.words)
    parts = members_of(found.assign)
    batch_marks = np.array([np.bitwise_or.reduce(marks[p], axis=0) for p in parts], dtype=np.uint64)
    dice = np.random.default_rng(job.seed)
    memories = [fresh_memory(problem.grid, 18) for _ in range(max(1, job.workers))]
    limit = job.iterations * len(orders.key) if job.iterations is not None else None
    done, queue = 0, list(dice.permutation(len(parts)))
    with ThreadPoolExecutor(len(memories)) as threads:
        while not watch.over() and (limit is None or done < limit):
            busy: set[int] = set()
            pieces: list[list[int]] = []
            while len(pieces) < len(memories):
                if not queue:
                    queue = list(dice.permutation(len(parts)))
                centre = int(queue.pop())
                if centre in busy or not len(parts[centre]):
                    if len(busy) >= len(parts) - 1:
                        break
                    continue
                shared = ones_shared(batch_marks, centre)
                piece = _piece(parts, shared, orders.group, centre, busy)
                busy |= set(piece)
                pieces.append(piece)
            seeds = [seed_of(job.seed, done + i) for i in range(len(pieces))]
            work = [(problem, marks, [parts[b] for b in p], s) for p, s in zip(pieces, seeds, strict=True)]
            results = list(threads.map(lambda a: _solve_piece(a[0][0], a[0][1], a[0][2], a[0][3], a[1]), zip(work, memories, strict=False)))
            for piece, (gain, split) in zip(pieces, results, strict=True):
                done += PIECE_STEPS
                if gain <= 0:
                    continue
                found.length -= gain
                _install(parts, batch_marks, marks, piece, split)
                found.assign = _assignment(parts, len(orders.key))
                report(found.length, found.assign)
            if len(batch_marks) < len(parts):
                batch_marks = np.array([np.bitwise_or.reduce(marks[p], axis=0) if len(p) else np.zeros_like(marks[0]) for p in parts])
    found.assign = compact(_assignment(parts, len(orders.key)))


def _piece(parts: list[Ints], shared: Ints, group: Ints, centre: int, busy: set[int]) -> list[int]:
    """The centre and its most similar free batches of the same group, up to PIECE_ORDERS orders."""
    piece, size, mine = [centre], len(parts[centre]), group[parts[centre][0]]
    for b in np.argsort(-shared, kind="stable"):
        i = int(b)
        if i == centre or i in busy or not len(parts[i]) or group[parts[i][0]] != mine:
            continue
        if len(piece) >= 3 and size + len(parts[i]) > PIECE_ORDERS:
            break
        piece.append(i)
        size += len(parts[i])
    return piece


def _solve_piece(
    problem: Problem, marks: Words, parts: list[Ints], seed: int, memory: "Memory"
) -> tuple[int, list[Ints]]:
    """(mm saved, the new batches) of re-solving these batches alone."""
    from backend.algorithms.batching.kernel import improve
    from backend.algorithms.batching.seeds import similar

    rows = np.concatenate(parts)
    whole = problem.orders
    near = similar(marks[rows], whole.group[rows], min(len(rows) - 1, PIECE_NEAR))
    orders = whole._replace(
        words=whole.words[rows], load=whole.load[rows], group=whole.group[rows], key=whole.key[rows], near=near
    )
    here = np.repeat(np.arange(len(parts)), [len(p) for p in parts]).astype(np.int64)
    champion, slots = here.copy(), len(parts) + 2
    rng = np.array([seed], np.uint64)
    before = int(improve(problem.grid, orders, memory, NO_POOL(), rng, here, champion, 1 << 60, slots, 0, 1.0, 1.0, MOST))
    heat = HOT * before / len(parts)
    cooling = (COLD / HOT) ** (1 / PIECE_STEPS)
    after = int(improve(problem.grid, orders, memory, NO_POOL(), rng, here, champion, before, slots, PIECE_STEPS, heat, cooling, MOST))
    return before - after, [rows[m] for m in members_of(champion)]


def NO_POOL():
    return fresh_pool(0)


def _install(parts: list[Ints], batch_marks: Words, marks: Words, piece: list[int], split: list[Ints]) -> None:
    empty = np.zeros(0, dtype=np.int64)
    for i, b in enumerate(piece):
        parts[b] = split[i] if i < len(split) else empty
        batch_marks[b] = np.bitwise_or.reduce(marks[parts[b]], axis=0) if len(parts[b]) else 0
    parts.extend(split[len(piece) :])


def _assignment(parts: list[Ints], n: int) -> Ints:
    assign = np.full(n, -1, dtype=np.int64)
    for b, part in enumerate(parts):
        assign[part] = b
    return assign
