"""The named walking policies, for comparison and for those who must have them. Lengths in mm.

s_shape, return_, midpoint, largest_gap, combined: Hall (1993), Petersen (1997), Roodbergen & De Koster (2001).
Here a policy is an order of the stops; each leg between two stops is walked by the shortest way, which never makes a
policy longer than its textbook drawing. With several blocks the blocks are served one after the other, farthest
first, and the policy applies inside each. `serpentine` sweeps whole aisles whatever the blocks; `bin_sequence` is
the order of the stored bin sequence (here: the order in which the stops were given), what most systems do.
"""

from collections.abc import Callable, Sequence

from backend.algorithms.routing.layout import Layout, Stop

Order = list[int]
Rule = Callable[[list[list[tuple[int, int]]], int, int], Order]
POLICIES = ("s_shape", "return_", "midpoint", "largest_gap", "combined", "serpentine", "bin_sequence")


def policy_order(
    layout: Layout, stops: Sequence[Stop], start: Stop, end: Stop, policy: str
) -> tuple[int, ...]:
    """Indices into stops in the order the policy walks them. Raises: ValueError for an unknown policy."""
    if policy == "bin_sequence":
        return tuple(range(len(stops)))
    rules: dict[str, Rule] = {
        "s_shape": _s_shape, "return_": _return, "midpoint": _midpoint, "largest_gap": _largest_gap,
        "combined": _combined,
    }  # fmt: skip
    order: Order = []
    for floor in _floors(layout, stops, start):
        mine = [i for i, s in enumerate(stops) if layout.aisles[s.aisle].floor == floor]
        blocks = [mine] if policy == "serpentine" else _blocks(layout, stops, mine, start)
        for block in blocks:
            rule = _s_shape if policy == "serpentine" else rules.get(policy)
            if rule is None:
                raise ValueError(policy)
            order += _in_block(layout, stops, block, stops[order[-1]] if order else start, rule)
    return tuple(order)


def _floors(layout: Layout, stops: Sequence[Stop], start: Stop) -> list[int]:
    home = layout.aisles[start.aisle].floor
    return sorted({layout.aisles[s.aisle].floor for s in stops}, key=lambda f: (abs(f - home), f))


def _blocks(layout: Layout, stops: Sequence[Stop], mine: Order, start: Stop) -> list[Order]:
    cross = layout.cross_y
    if len(cross) < 3:
        return [mine] if mine else []
    rows: dict[int, Order] = {}
    for i in mine:
        k = next((k for k in range(len(cross) - 1) if stops[i].y < cross[k + 1]), len(cross) - 2)
        rows.setdefault(k, []).append(i)
    middle = [(cross[k] + cross[k + 1]) / 2 for k in range(len(cross) - 1)]
    return [rows[k] for k in sorted(rows, key=lambda k: (-abs(middle[k] - start.y), k))]


def _in_block(layout: Layout, stops: Sequence[Stop], block: Order, here: Stop, rule: Rule) -> Order:
    """Aisles from the side where the picker stands; inside, heights are seen from the picker's cross aisle."""
    ys = [stops[i].y for i in block]
    cross = layout.cross_y
    low = max((c for c in cross if c <= min(ys)), default=min(*ys, *cross))
    high = min((c for c in cross if c >= max(ys)), default=max(*ys, *cross))
    flip = abs(here.y - high) < abs(here.y - low)
    xs = [layout.aisles[stops[i].aisle].x for i in block]
    x = layout.aisles[here.aisle].x
    backwards = abs(x - max(xs)) < abs(x - min(xs))
    by_aisle: dict[int, list[tuple[int, int]]] = {}
    for i in block:
        height = high - stops[i].y if flip else stops[i].y - low
        by_aisle.setdefault(stops[i].aisle, []).append((height, i))
    names = sorted(by_aisle, key=lambda a: (layout.aisles[a].x, a), reverse=backwards)
    return rule([sorted(by_aisle[a]) for a in names], high - low, 0)


def _up(aisle: list[tuple[int, int]]) -> Order:
    return [i for _, i in aisle]


def _down(aisle: list[tuple[int, int]]) -> Order:
    return [i for _, i in reversed(aisle)]


def _s_shape(aisles: list[list[tuple[int, int]]], height: int, at: int) -> Order:
    """Every aisle with stops is walked through, alternately up and down."""
    order: Order = []
    for n, aisle in enumerate(aisles):
        order += _up(aisle) if (n + at) % 2 == 0 else _down(aisle)
    return order


def _return(aisles: list[list[tuple[int, int]]], height: int, at: int) -> Order:
    """Every aisle is entered and left at the front."""
    return [i for aisle in aisles for i in _up(aisle)]


def _split(aisles: list[list[tuple[int, int]]], cut: Callable[[list[tuple[int, int]]], int]) -> Order:
    """First and last aisle walked through; between them upper parts on the way out, lower parts on the way back."""
    if len(aisles) == 1:
        return _up(aisles[0])
    upper, lower = [], []
    for aisle in aisles[1:-1]:
        k = cut(aisle)
        upper.append(_down(aisle[k:]))
        lower.append(_up(aisle[:k]))
    order = _up(aisles[0])
    for part in upper:
        order += part
    order += _down(aisles[-1])
    for part in reversed(lower):
        order += part
    return order


def _midpoint(aisles: list[list[tuple[int, int]]], height: int, at: int) -> Order:
    return _split(aisles, lambda aisle: sum(1 for y, _ in aisle if 2 * y <= height))


def _largest_gap(aisles: list[list[tuple[int, int]]], height: int, at: int) -> Order:
    def cut(aisle: list[tuple[int, int]]) -> int:
        ys = [0, *(y for y, _ in aisle), height]
        return max(range(len(ys) - 1), key=lambda k: (ys[k + 1] - ys[k], -k))

    return _split(aisles, cut)


def _combined(aisles: list[list[tuple[int, int]]], height: int, at: int) -> Order:
    """Per aisle through or return, whichever is shorter in all: a dynamic programme over (at the front, at the back)."""
    best: dict[int, tuple[int, Order]] = {0: (0, [])}
    for aisle in aisles:
        far, near = aisle[-1][0], aisle[0][0]
        after: dict[int, tuple[int, Order]] = {}
        for side, (cost, order) in sorted(best.items()):
            ways = [(side, 2 * (height - near), _down(aisle)) if side else (side, 2 * far, _up(aisle))]
            ways.append((1 - side, height, _down(aisle) if side else _up(aisle)))
            for to, step, walked in ways:
                if to not in after or cost + step < after[to][0]:
                    after[to] = (cost + step, order + walked)
        best = after
    return min((cost + side * height, order) for side, (cost, order) in best.items())[1]
