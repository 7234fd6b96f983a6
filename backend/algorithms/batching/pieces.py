"""Large jobs: neighbouring batches re-solved in turn, disjoint pieces side by side (POPMUSIC)."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from backend.algorithms.batching.grid import Ints, Words
from backend.algorithms.batching.problem import Problem, fresh_memory, fresh_pool
from backend.algorithms.batching.search import (
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
    from backend.algorithms.batching.kernel import Memory

PIECE_NEAR = 20
PIECE_HOT, PIECE_COLD = 0.05, 0.001


def re_solve(problem: Problem, found: Found, watch: Deadline, report: Report) -> None:
    """Improve `found` in place. One round = as many disjoint pieces as workers; every piece has a fixed effort."""
    from backend.algorithms.batching.seeds import touched_stretches

    job = problem.job
    board = _Board(problem, touched_stretches(problem.grid, problem.orders.words), members_of(found.assign))
    memories = [fresh_memory(problem.grid, 18) for _ in range(max(1, job.workers))]
    limit = job.iterations * len(found.assign) if job.iterations is not None else None
    done = 0
    with ThreadPoolExecutor(len(memories)) as threads:
        while not watch.over() and (limit is None or done < limit):
            pieces = board.disjoint_pieces(len(memories))
            tasks = [
                threads.submit(
                    _solve_piece, problem, board.marks, board.of(piece), seed_of(job.seed, done + i), memory
                )
                for i, (piece, memory) in enumerate(zip(pieces, memories, strict=False))
            ]
            for piece, task in zip(pieces, tasks, strict=True):
                gain, split = task.result()
                done += PIECE_STEPS
                if gain > 0:
                    found.length -= gain
                    board.install(piece, split)
                    found.assign = board.assignment()
                    report(found.length, found.assign)
    found.assign = compact(found.assign)


class _Board:
    """The batches of a large job, which stretches each touches, and whose turn it is."""

    def __init__(self, problem: Problem, marks: Words, parts: list[Ints]) -> None:
        self.group = problem.orders.group
        self.marks = marks
        self.parts = parts
        self.touched = np.array([np.bitwise_or.reduce(marks[p], axis=0) for p in parts], dtype=np.uint64)
        self.dice = np.random.default_rng(problem.job.seed)
        self.queue: list[int] = []

    def of(self, piece: list[int]) -> list[Ints]:
        return [self.parts[b] for b in piece]

    def disjoint_pieces(self, most: int) -> list[list[int]]:
        from backend.algorithms.batching.seeds import ones_shared

        busy: set[int] = set()
        pieces: list[list[int]] = []
        for _ in range(4 * most):
            if not self.queue:
                self.queue = [int(b) for b in self.dice.permutation(len(self.parts))]
            centre = self.queue.pop()
            if centre in busy or not len(self.parts[centre]):
                continue
            pieces.append(_piece(self.parts, ones_shared(self.touched, centre), self.group, centre, busy))
            busy |= set(pieces[-1])
            if len(pieces) == most:
                break
        return pieces

    def install(self, piece: list[int], split: list[Ints]) -> None:
        empty = np.zeros(0, dtype=np.int64)
        for i, b in enumerate(piece):
            self.parts[b] = split[i] if i < len(split) else empty
        self.parts.extend(split[len(piece) :])
        extra = np.zeros((len(self.parts) - len(self.touched), self.touched.shape[1]), dtype=np.uint64)
        self.touched = np.concatenate([self.touched, extra])
        for b in (*piece, *range(len(self.parts) - len(extra), len(self.parts))):
            mine = self.parts[b]
            self.touched[b] = np.bitwise_or.reduce(self.marks[mine], axis=0) if len(mine) else 0

    def assignment(self) -> Ints:
        assign = np.full(len(self.group), -1, dtype=np.int64)
        for b, part in enumerate(self.parts):
            assign[part] = b
        return assign


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
        words=whole.words[rows],
        load=whole.load[rows],
        group=whole.group[rows],
        key=whole.key[rows],
        near=near,
    )
    here = np.repeat(np.arange(len(parts)), [len(p) for p in parts]).astype(np.int64)
    champion, slots = here.copy(), len(parts) + 2
    rng, no_pool = np.array([seed], np.uint64), fresh_pool(0)

    def walk(best: int, steps: int, heat: float, cooling: float) -> int:
        grid = problem.grid
        found = improve(
            grid, orders, memory, no_pool, rng, here, champion, best, slots, steps, heat, cooling, MOST
        )
        return int(found)

    before = walk(1 << 60, 0, 1.0, 1.0)
    heat = PIECE_HOT * before / len(parts)
    after = walk(before, PIECE_STEPS, heat, (PIECE_COLD / PIECE_HOT) ** (1 / PIECE_STEPS))
    return before - after, [rows[m] for m in members_of(champion)]
