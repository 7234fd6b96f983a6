"""Bundles: a SKU made of other SKUs, which may be bundles themselves, never of itself."""

from collections.abc import Iterable, Mapping

from backend.core.errors import Unprocessable

Parts = Mapping[int, Mapping[int, int]]
"""bundle SKU → part SKU → pieces of the part in one bundle"""


def explode(parts: Parts, demand: Mapping[int, int]) -> dict[int, int]:
    """Demand for SKUs that can be stocked: every bundle replaced by its parts, all the way down.

    Args:
        demand: SKU → pieces.

    Raises:
        Unprocessable: `bundle_cycle` when a bundle contains itself (a damaged table, since writing one is refused).
    """
    needed: dict[int, int] = {}
    for sku_id, qty in demand.items():
        _add(parts, sku_id, qty, needed, ())
    return needed


def _add(parts: Parts, sku_id: int, qty: int, needed: dict[int, int], above: tuple[int, ...]) -> None:
    if sku_id in above:
        raise Unprocessable("bundle_cycle", sku_ids=[*above, sku_id])
    if sku_id not in parts:
        needed[sku_id] = needed.get(sku_id, 0) + qty
        return
    for part_id, each in parts[sku_id].items():
        _add(parts, part_id, qty * each, needed, (*above, sku_id))


def check_bundle(parts: Parts, bundle_id: int, new_parts: Iterable[int]) -> None:
    """Whether `bundle_id` may be made of `new_parts`.

    Raises:
        Unprocessable: `bundle_empty`, `bundle_cycle`.
    """
    chosen = tuple(new_parts)
    if not chosen:
        raise Unprocessable("bundle_empty")
    explode({**parts, bundle_id: dict.fromkeys(chosen, 1)}, {bundle_id: 1})
