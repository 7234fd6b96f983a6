"""Goods for tests."""

import itertools
from typing import Any

from backend.master.catalog.rules.skus import BarcodeSpec, PartSpec
from backend.master.catalog.use_cases import CreateSku, SetBundle, create_sku, set_bundle

_numbers = itertools.count(1)


def a_sku(house: Any, code: str | None = None, *, barcodes: tuple[Any, ...] = (), **fields: Any) -> int:
    """A SKU; its id. Barcodes as text, or as (text, qty) for a carton."""
    code = code or f"SKU-{next(_numbers):05}"
    specs = tuple(BarcodeSpec(*each) if isinstance(each, tuple) else BarcodeSpec(each) for each in barcodes)
    plain = {"name": f"Thing {code}", "weight_g": 250, "length_mm": 100, "width_mm": 80, "height_mm": 50}
    return int(house.run(create_sku, CreateSku, code=code, barcodes=specs, **plain | fields).id)


def a_bundle(house: Any, code: str, parts: dict[str, int], **fields: Any) -> int:
    """A bundle of SKUs by code → pieces; its id."""
    sku_id = a_sku(house, code, **fields)
    house.run(
        set_bundle, SetBundle, sku_id=sku_id, parts=tuple(PartSpec(part, qty) for part, qty in parts.items())
    )
    return sku_id
