"""The verbs of the catalogue."""

from backend.master.catalog.use_cases.bundles import SetBundle, set_bundle
from backend.master.catalog.use_cases.imports import ImportReport, ImportSkus, import_skus
from backend.master.catalog.use_cases.skus import (
    AddBarcode,
    CreateSku,
    RemoveBarcode,
    SavedBarcode,
    SavedSku,
    UpdateSku,
    add_barcode,
    create_sku,
    remove_barcode,
    update_sku,
)

__all__ = [
    "AddBarcode",
    "CreateSku",
    "ImportReport",
    "ImportSkus",
    "RemoveBarcode",
    "SavedBarcode",
    "SavedSku",
    "SetBundle",
    "UpdateSku",
    "add_barcode",
    "create_sku",
    "import_skus",
    "remove_barcode",
    "set_bundle",
    "update_sku",
]
