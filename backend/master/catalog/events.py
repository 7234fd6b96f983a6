"""What happened to the catalogue. Told on the channel `catalog`: goods belong to no single warehouse."""

from dataclasses import dataclass
from typing import ClassVar

from backend.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CatalogEvent(Event):
    """Base of the facts about goods."""

    def channel(self) -> str:
        return "catalog"


@dataclass(frozen=True, kw_only=True)
class SkuCreated(CatalogEvent):
    """A SKU is new in the catalogue."""

    name: ClassVar[str] = "catalog.sku_created"
    sku_id: int
    code: str


@dataclass(frozen=True, kw_only=True)
class SkuChanged(CatalogEvent):
    """`fields` names what changed; devices that keep a copy of the SKU fetch it again."""

    name: ClassVar[str] = "catalog.sku_changed"
    sku_id: int
    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class BarcodeAdded(CatalogEvent):
    """A SKU has one more code; `shared`: other SKUs carry it too, and a scan asks which is meant."""

    name: ClassVar[str] = "catalog.barcode_added"
    sku_id: int
    barcode: str
    qty: int
    shared: bool


@dataclass(frozen=True, kw_only=True)
class BarcodeRemoved(CatalogEvent):
    """A SKU has lost a code."""

    name: ClassVar[str] = "catalog.barcode_removed"
    sku_id: int
    barcode: str


@dataclass(frozen=True, kw_only=True)
class BundleSet(CatalogEvent):
    """What a bundle is made of has changed; `parts` different SKUs."""

    name: ClassVar[str] = "catalog.bundle_set"
    sku_id: int
    parts: int


@dataclass(frozen=True, kw_only=True)
class SkusImported(CatalogEvent):
    """One fact for a whole file, so that ten thousand rows are not ten thousand messages."""

    name: ClassVar[str] = "catalog.skus_imported"
    created: int
    updated: int
    failed: int
