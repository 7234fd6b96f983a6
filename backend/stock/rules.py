"""Pure decisions about moves: what a line is, what it does to balances and promises, how the chain is sealed."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from backend.core.errors import NotFound, Refusal

PHYSICAL = frozenset({"bin", "staging", "packing", "dock", "shortage", "picked"})
VIRTUAL = frozenset({"supplier", "customer", "adjustment"})
SELLABLE_KINDS = frozenset({"bin", "staging"})
GOOD = "good"
DEFECTIVE = "defective"
FIRST_DIGEST = "0" * 64


class Reason(StrEnum):
    """Why goods moved; one word per kind of movement."""

    RECEIPT = "RECEIPT"
    PUTAWAY = "PUTAWAY"
    PICK = "PICK"
    UNPICK = "UNPICK"
    SHORT = "SHORT"
    PUTBACK = "PUTBACK"
    PACK = "PACK"
    SHIP = "SHIP"
    COUNT = "COUNT"
    ADJUST = "ADJUST"
    TRANSFER = "TRANSFER"
    RETURN = "RETURN"
    QUALITY = "QUALITY"


@dataclass(frozen=True, slots=True)
class Move:
    """One line to write: `qty` (> 0) base units from one location to another.

    `allocation_id` on an UNPICK gives the goods back to that allocation; on any other reason it takes them from it.
    `to_quality` only where the quality changes. `corrects_id`: the line that this counter-entry puts right.
    """

    sku_id: int
    qty: int
    from_location_id: int
    to_location_id: int
    reason: Reason
    lot_id: int | None = None
    serial: str | None = None
    quality: str = GOOD
    from_hu_id: int | None = None
    to_hu_id: int | None = None
    allocation_id: int | None = None
    doc_kind: str = ""
    doc_id: int = 0
    note: str = ""
    to_quality: str | None = None
    corrects_id: int | None = None

    @property
    def arrives_as(self) -> str:
        """The quality on arrival."""
        return self.to_quality or self.quality

    @property
    def gives_back(self) -> bool:
        """Whether it returns picked goods to their allocation."""
        return self.allocation_id is not None and self.reason is Reason.UNPICK


@dataclass(frozen=True, slots=True)
class Place:
    """What the ledger needs to know of a location."""

    location_id: int
    warehouse_id: int
    kind: str
    code: str
    sellable: bool

    @property
    def is_physical(self) -> bool:
        """Whether goods can lie there, so that it has balances."""
        return self.kind in PHYSICAL

    def sells(self, quality: str) -> bool:
        """Whether goods of that quality may be promised to a customer while they lie there."""
        return quality == GOOD and self.sellable and self.kind in SELLABLE_KINDS


@dataclass(frozen=True, slots=True)
class SkuPolicy:
    """What the ledger needs to know of a SKU."""

    sku_id: int
    code: str
    lot_policy: str
    serial_policy: str


@dataclass(frozen=True, slots=True)
class Known:
    """Places and SKUs by id, as the caller of `post` has just read them in the same transaction."""

    places: Mapping[int, Place]
    skus: Mapping[int, SkuPolicy]


class BalanceKey(NamedTuple):
    """The coordinates of one balance."""

    location_id: int
    sku_id: int
    lot_id: int | None
    quality: str
    hu_id: int | None

    @property
    def text(self) -> str:
        """The key as stored: unique also where lot and handling unit are empty, which NULLs would not be."""
        return f"{self.location_id}:{self.sku_id}:{self.lot_id or 0}:{self.quality}:{self.hu_id or 0}"


@dataclass(slots=True)
class Delta:
    """What happens to one balance or one availability row in a command."""

    on_hand: int = 0
    reserved: int = 0


@dataclass(slots=True)
class Effects:
    """The sum of a command: per balance, per (warehouse, SKU) availability, and per allocation how much is picked."""

    balances: dict[BalanceKey, Delta] = field(default_factory=lambda: defaultdict(Delta))
    availability: dict[tuple[int, int], Delta] = field(default_factory=lambda: defaultdict(Delta))
    into_bins: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    allocations: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def source_of(move: Move) -> BalanceKey:
    """The balance the goods are taken from."""
    return BalanceKey(move.from_location_id, move.sku_id, move.lot_id, move.quality, move.from_hu_id)


def target_of(move: Move) -> BalanceKey:
    """The balance the goods arrive in."""
    return BalanceKey(move.to_location_id, move.sku_id, move.lot_id, move.arrives_as, move.to_hu_id)


def effects_of(moves: Iterable[Move], places: Mapping[int, Place]) -> Effects:
    """Fold the moves of one command into their net effect."""
    effects = Effects()
    for move in moves:
        origin, target = places[move.from_location_id], places[move.to_location_id]
        sellable = move.qty * (target.sells(move.arrives_as) - origin.sells(move.quality))
        promised = 0
        if move.allocation_id is not None:
            promised = move.qty if move.gives_back else -move.qty
            effects.allocations[move.allocation_id] -= promised
        if origin.is_physical:
            delta = effects.balances[source_of(move)]
            delta.on_hand -= move.qty
            delta.reserved += min(promised, 0)
        if target.is_physical:
            delta = effects.balances[target_of(move)]
            delta.on_hand += move.qty
            delta.reserved += max(promised, 0)
        if sellable or promised:
            row = effects.availability[origin.warehouse_id, move.sku_id]
            row.on_hand += sellable
            row.reserved += promised
        _note_bins(effects, move, origin, target)
    return effects


def _note_bins(effects: Effects, move: Move, origin: Place, target: Place) -> None:
    change = (target.kind == "bin" and target.sells(move.arrives_as)) - (
        origin.kind == "bin" and origin.sells(move.quality)
    )
    if change:
        effects.into_bins[origin.warehouse_id, move.sku_id] += change * move.qty


def check_moves(moves: Sequence[Move], places: Mapping[int, Place], skus: Mapping[int, SkuPolicy]) -> None:
    """Say no to a line that no warehouse can mean.

    Raises:
        Refusal: quantity_not_positive, location_not_found, sku_not_found, move_goes_nowhere,
            locations_in_two_warehouses, lot_needed, lot_not_kept, serial_needed, serial_is_one_piece.
    """
    for move in moves:
        if move.qty <= 0:
            raise Refusal("quantity_not_positive", sku_id=move.sku_id, qty=move.qty)
        for location_id in (move.from_location_id, move.to_location_id):
            if location_id not in places:
                raise NotFound("location_not_found", location_id=location_id)
        if move.sku_id not in skus:
            raise NotFound("sku_not_found", sku_id=move.sku_id)
        if source_of(move) == target_of(move):
            raise Refusal("move_goes_nowhere", sku_id=move.sku_id, location_id=move.from_location_id)
        if places[move.from_location_id].warehouse_id != places[move.to_location_id].warehouse_id:
            raise Refusal(
                "locations_in_two_warehouses",
                from_code=places[move.from_location_id].code,
                to_code=places[move.to_location_id].code,
            )
        _check_identity(move, skus[move.sku_id])
        _check_promise(move, places)


def _check_identity(move: Move, sku: SkuPolicy) -> None:
    if sku.lot_policy != "none" and move.lot_id is None:
        raise Refusal("lot_needed", sku_code=sku.code)
    if sku.lot_policy == "none" and move.lot_id is not None:
        raise Refusal("lot_not_kept", sku_code=sku.code)
    if sku.serial_policy == "strong" and not move.serial:
        raise Refusal("serial_needed", sku_code=sku.code)
    if move.serial and move.qty != 1:
        raise Refusal("serial_is_one_piece", sku_code=sku.code, serial=move.serial, qty=move.qty)


def _check_promise(move: Move, places: Mapping[int, Place]) -> None:
    """Allocated goods go from sellable to not sellable and back; anything else would move ATP (a bug, not a refusal)."""
    if move.allocation_id is None:
        return
    origin, target = places[move.from_location_id], places[move.to_location_id]
    inside, outside = (target, origin) if move.gives_back else (origin, target)
    if not inside.sells(GOOD) or outside.sells(GOOD):
        raise ValueError(f"allocation {move.allocation_id} cannot move {origin.kind} -> {target.kind}")


def counter_entry(move: Move, move_id: int, note: str) -> Move:
    """The line that undoes another: same goods, the other way round. Promises are not part of it."""
    return Move(
        sku_id=move.sku_id,
        qty=move.qty,
        from_location_id=move.to_location_id,
        to_location_id=move.from_location_id,
        reason=move.reason,
        lot_id=move.lot_id,
        serial=move.serial,
        quality=move.arrives_as,
        to_quality=move.quality if move.to_quality else None,
        from_hu_id=move.to_hu_id,
        to_hu_id=move.from_hu_id,
        doc_kind=move.doc_kind,
        doc_id=move.doc_id,
        note=note,
        corrects_id=move_id,
    )


def digest_of(previous: str, line: Sequence[object]) -> str:
    """The seal of a ledger line: sha256 over the digest before it and the line in canonical JSON."""
    text = json.dumps(list(line), ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def lot_is_expired(expiry_on: date | None, today: date) -> bool:
    """Goods may be used up to and including the day of expiry."""
    return expiry_on is not None and expiry_on < today


@dataclass(frozen=True, slots=True)
class Promise:
    """A reservation as the choice of a victim sees it: `free` pieces not yet taken, of them `allocated` to a bin."""

    reservation_id: int
    free: int
    allocated: int


def whom_to_bump(promises: Sequence[Promise], excess: int) -> dict[int, int]:
    """Who loses how many pieces when `excess` promised pieces are gone: newest first, without a bin before with one."""
    taken: dict[int, int] = {}
    order = sorted(promises, key=lambda promise: (promise.allocated > 0, -promise.reservation_id))
    for promise in order:
        if excess <= 0:
            break
        pieces = min(promise.free, excess)
        taken[promise.reservation_id] = pieces
        excess -= pieces
    return taken


@dataclass(frozen=True, slots=True)
class Wish:
    """So many pieces of a SKU for a member of a group (an order); `partial`: fewer are better than none."""

    sku_id: int
    qty: int
    group: int = 0
    partial: bool = False


def share_out(wishes: Sequence[Wish], free: Mapping[int, int]) -> list[int]:
    """How many pieces each wish gets, first come first served.

    Unless its wishes are `partial`, a group is served whole when its first wish is due, or not at all; a group that cannot be served
    takes nothing from those after it. Group 0 means a group of one.
    """
    left = dict(free)
    shares = [0] * len(wishes)
    members: dict[int, list[int]] = defaultdict(list)
    for index, wish in enumerate(wishes):
        members[wish.group or -1 - index].append(index)
    for indexes in members.values():
        got: dict[int, int] = {}
        for index in indexes:
            wish = wishes[index]
            got[index] = min(wish.qty, max(0, left.get(wish.sku_id, 0)))
            left[wish.sku_id] = left.get(wish.sku_id, 0) - got[index]
        whole = not any(wishes[index].partial for index in indexes)
        if whole and any(got[index] < wishes[index].qty for index in indexes):
            for index in indexes:
                left[wishes[index].sku_id] += got[index]
            continue
        for index in indexes:
            shares[index] = got[index]
    return shares
