"""What an order says: the form in which it comes in, its hash, and what differs between two versions."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

_CANCELLED = frozenset({"cancelled", "canceled", "closed"})
_HOLDING = frozenset({"refund_requested", "refunded"})


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many of what the customer's file calls `code`; the price of one in minor units. `row_no` names its row."""

    code: str
    qty: int
    price_minor: int = 0
    name: str = ""
    row_no: int = 0


@dataclass(frozen=True, slots=True)
class OrderIn:
    """An order as it comes in. `status`: open, cancelled, refund_requested or refunded."""

    external_no: str
    lines: tuple[WantedLine, ...]
    status: str = "open"
    placed_at: datetime | None = None
    promise_at: datetime | None = None
    carrier: str = ""
    priority: int = 0
    tags: tuple[str, ...] = ()
    customer_ref: str = ""
    country: str = ""
    ship_to: dict[str, str] = field(default_factory=dict)
    note: str = ""
    currency: str = ""
    zone_tag: str | None = None
    row_no: int = 0

    @property
    def is_cancelled(self) -> bool:
        """Whether the customer no longer wants it."""
        return self.status in _CANCELLED

    @property
    def hold_reason(self) -> str | None:
        """The reason to stop that comes with it."""
        return self.status if self.status in _HOLDING else None


@dataclass(frozen=True, slots=True)
class OrderContent:
    """What can change about an order, in comparable form; goods as sorted (code, qty, price)."""

    goods: tuple[tuple[str, int, int], ...]
    address: dict[str, str]
    carrier: str
    promise_at: str
    note: str
    priority: int
    tags: tuple[str, ...]
    customer_ref: str
    status: str

    def plain(self) -> dict[str, Any]:
        """As JSON, to be kept."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "OrderContent":
        """As it was kept."""
        goods = tuple((code, qty, price) for code, qty, price in kept["goods"])
        return cls(**(dict(kept) | {"goods": goods, "tags": tuple(kept["tags"])}))


def content_of(order: OrderIn) -> OrderContent:
    """The comparable content of an order as it came."""
    return OrderContent(
        goods=tuple(sorted((line.code.strip().upper(), line.qty, line.price_minor) for line in order.lines)),
        address=dict(sorted((order.ship_to | {"country": order.country}).items())),
        carrier=order.carrier,
        promise_at=order.promise_at.isoformat() if order.promise_at else "",
        note=order.note,
        priority=order.priority,
        tags=tuple(sorted(order.tags)),
        customer_ref=order.customer_ref,
        status="cancelled" if order.is_cancelled else order.status,
    )


def content_hash(content: OrderContent) -> str:
    """The same content has the same hash, in whatever order lines and tags came."""
    text = json.dumps(content.plain(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes_between(old: OrderContent, new: OrderContent) -> tuple[str, ...]:
    """What changed, as reasons to hold; empty when only such things changed as no worker needs to know."""
    found = []
    if _goods(old) != _goods(new):
        found.append("goods_changed")
    if old.address != new.address or old.customer_ref != new.customer_ref:
        found.append("address_changed")
    if old.carrier != new.carrier:
        found.append("courier_changed")
    if old.promise_at != new.promise_at:
        found.append("delivery_time_changed")
    if old.note != new.note:
        found.append("note_changed")
    if new.status != old.status and new.status in _HOLDING:
        found.append(new.status)
    return tuple(found)


def _goods(content: OrderContent) -> dict[str, int]:
    # A price alone changes no parcel; two lines of one SKU weigh like one.
    pieces: dict[str, int] = {}
    for code, qty, _ in content.goods:
        pieces[code] = pieces.get(code, 0) + qty
    return pieces


def order_number(shop: str, external_no: str) -> str:
    """Our number for it: the customer's own, behind the shop's code (which holds no hyphen)."""
    return f"{shop}-{external_no}" if shop else external_no
