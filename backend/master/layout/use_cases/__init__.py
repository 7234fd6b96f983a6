"""The verbs of the layout."""

from backend.master.layout.use_cases.blocks import (
    BlockAisle,
    BlockLocation,
    UnblockAisle,
    UnblockLocation,
    block_aisle,
    block_location,
    unblock_aisle,
    unblock_location,
)
from backend.master.layout.use_cases.imports import ImportLayout, LayoutReport, import_layout
from backend.master.layout.use_cases.warehouses import (
    CreateWarehouse,
    SavedWarehouse,
    create_warehouse,
)

__all__ = [
    "BlockAisle",
    "BlockLocation",
    "CreateWarehouse",
    "ImportLayout",
    "LayoutReport",
    "SavedWarehouse",
    "UnblockAisle",
    "UnblockLocation",
    "block_aisle",
    "block_location",
    "create_warehouse",
    "import_layout",
    "unblock_aisle",
    "unblock_location",
]
