"""The state machine of the exact sweep: which partial tours may be continued, and how.

A partial tour left of the sweep line is described, per cross aisle, by the parity of its degree there (none, odd,
even) and the connected component it belongs to. Published for one block by Ratliff & Rosenthal (1983), for two by
Roodbergen & De Koster (2001), for any number of cross aisles by Cambazard & Catusse (2018) and Pansart, Catusse &
Cambazard (2018). The number of states depends on the cross aisles only, so the table is built once per width.

Kinds: `closed` (a round tour), `open` (start and end differ: parity may be flipped where they stand), `linked`
(a depot outside the grid, joined to cross-aisle vertices by links; two links are used in all).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["closed", "open", "linked"]

# What a sub-aisle gives to its lower and upper vertex: (edges below, edges above, joined). The first six are all that
# a sub-aisle without a terminal can do: nothing, pass, pass twice, return low, return high, both with a gap.
VERTICAL = (
    (0, 0, False), (1, 1, True), (2, 2, True), (2, 0, False), (0, 2, False), (2, 2, False),
    (1, 0, False), (0, 1, False), (1, 2, False), (2, 1, False), (1, 2, True), (2, 1, True), (1, 1, False),
)  # fmt: skip
PLAIN = 6
WIDTH = len(VERTICAL)

# (degree class per cross aisle, component per cross aisle (0 = none), links used, finished)
State = tuple[tuple[int, ...], tuple[int, ...], int, bool]


@dataclass(frozen=True)
class Machine:
    """Transitions of operation `op` under choice `cfg` are `source[i] -> target[i]`, i in ptr[op][cfg : cfg + 2].

    Operations: 0..C-2 sub-aisle above cross aisle c; then C times "step to the next aisle along cross aisle c";
    then dead end below, dead end above; then C times "link of the outside depot".
    """

    cross: int
    kind: Kind
    states: int
    first: int
    final: tuple[int, ...]
    ptr: tuple[tuple[int, ...], ...]
    source: tuple[int, ...]
    target: tuple[int, ...]

    def step(self, c: int) -> int:
        return self.cross - 1 + c

    @property
    def below(self) -> int:
        return 2 * self.cross - 1

    @property
    def above(self) -> int:
        return 2 * self.cross

    def link(self, c: int) -> int:
        return 2 * self.cross + 1 + c


def _canonical(cls: list[int], comp: list[int], links: int) -> State:
    names: dict[int, int] = {}
    out = []
    for c, k in zip(cls, comp, strict=True):
        out.append(0 if c == 0 else names.setdefault(k, len(names) + 1))
    return tuple(cls), tuple(out), links, False


def _touch(cls: list[int], comp: list[int], c: int, edges: int) -> None:
    if edges == 0:
        return
    if cls[c] == 0:
        cls[c], comp[c] = (1 if edges == 1 else 2), max(comp) + 1
    elif edges == 1:
        cls[c] = 3 - cls[c]


def _vertical(state: State, k: int, effect: tuple[int, int, bool]) -> State | None:
    low, high, joined = effect
    if state[3]:
        return state if not low and not high else None
    cls, comp = list(state[0]), list(state[1])
    _touch(cls, comp, k, low)
    _touch(cls, comp, k + 1, high)
    if joined and comp[k] != comp[k + 1]:
        old, new = comp[k + 1], comp[k]
        comp = [new if x == old else x for x in comp]
    return _canonical(cls, comp, state[2])


def _dead_end(state: State, c: int, edges: int) -> State | None:
    if state[3]:
        return state if not edges else None
    cls, comp = list(state[0]), list(state[1])
    _touch(cls, comp, c, edges)
    return _canonical(cls, comp, state[2])


def _link(state: State, c: int, edges: int) -> State | None:
    if edges == 0:
        return state
    moved = _dead_end(state, c, edges)
    if moved is None or state[2] + edges > 2:
        return None
    return moved[0], moved[1], state[2] + edges, False


def _step(state: State, c: int, edges: int, early: bool) -> State | None:
    """Leave vertex c for its right neighbour over `edges` parallel edges; the vertex must end with even degree."""
    cls, comp = state[0], state[1]
    if cls[c] == 0:
        return state if edges == 0 else None
    if (cls[c] == 1) != (edges == 1):
        return None
    if edges:
        return state
    alone = comp.count(comp[c]) == 1
    others = any(k and k != comp[c] for k in comp)
    if alone and (others or not early):
        return None
    if alone:
        return (0,) * len(cls), (0,) * len(cls), state[2], True
    left = list(cls)
    left[c] = 0
    return _canonical(left, list(comp), state[2])


def _moves(state: State, op: int, cross: int, kind: Kind, early: bool) -> Iterator[tuple[int, State | None]]:
    if op < cross - 1:
        for cfg in range(PLAIN if kind != "open" else WIDTH):
            yield cfg, _vertical(state, op, VERTICAL[cfg])
    elif op < 2 * cross - 1:
        for edges in range(3):
            yield edges, _step(state, op - cross + 1, edges, early)
    elif op < 2 * cross + 1:
        for edges in (0, 1, 2) if kind == "open" else (0, 2):
            yield edges, _dead_end(state, 0 if op == 2 * cross - 1 else cross - 1, edges)
    elif kind == "linked":
        for edges in range(3):
            yield edges, _link(state, op - 2 * cross - 1, edges)


def _order(cross: int, kind: Kind) -> list[int]:
    """The cycle of operations over one aisle and the step to the next."""
    links = [2 * cross + 1 + c for c in range(cross)] if kind == "linked" else []
    return [*links, 2 * cross - 1, *range(cross - 1), 2 * cross, *range(cross - 1, 2 * cross - 1)]


def _is_final(state: State, kind: Kind) -> bool:
    whole = state[3] or (any(state[0]) and 1 not in state[0] and max(state[1]) == 1)
    return whole and (kind != "linked" or state[2] == 2)


@lru_cache(maxsize=32)
def machine(cross: int, kind: Kind = "closed", early: bool = False) -> Machine:
    """Table for `cross` cross aisles. `early`: a finished tour may be carried over further (empty) aisles."""
    order = _order(cross, kind)
    first: State = ((0,) * cross, (0,) * cross, 0, False)
    number = {first: 0}
    moves: dict[tuple[int, int], list[tuple[int, int]]] = {}
    seen: list[set[State]] = [set() for _ in order]
    stage, front = 0, {first}
    while front:
        op, after = order[stage], set()
        for state in sorted(front - seen[stage]):
            for cfg, to in _moves(state, op, cross, kind, early):
                if to is None:
                    continue
                target = number.setdefault(to, len(number))
                moves.setdefault((op, cfg), []).append((number[state], target))
                after.add(to)
        seen[stage] |= front
        stage = (stage + 1) % len(order)
        front = after - seen[stage]
    ops = 3 * cross + 1
    ptr: list[tuple[int, ...]] = []
    source: list[int] = []
    target_list: list[int] = []
    for op in range(ops):
        row = []
        for cfg in range(WIDTH):
            row.append(len(source))
            for s, t in moves.get((op, cfg), ()):
                source.append(s)
                target_list.append(t)
        ptr.append((*row, len(source)))
    final = tuple(i for s, i in number.items() if _is_final(s, kind))
    return Machine(cross, kind, len(number), 0, final, tuple(ptr), tuple(source), tuple(target_list))
