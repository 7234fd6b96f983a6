"""The goods that a delivery names: resolved, added to the catalogue where that is wished, bundles taken apart."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.core.execute import Actor
from backend.master.catalog.queries import SkuCard, bundle_parts, sku_cards, sku_ids_by_code
from backend.master.catalog.rules import bundles
from backend.master.catalog.rules.tables import TableRow
from backend.master.catalog.use_cases import ImportSkus, import_skus
from backend.orders.rules import OrderIn, WantedLine


class Goods:
    """The SKUs behind the codes of a delivery."""

    def __init__(self, session: Session, orders: Iterable[OrderIn]) -> None:
        self._session = session
        self.names = {line.code: line.name for order in orders for line in order.lines}
        self.ids = sku_ids_by_code(session, self.names)
        self._look_up()

    def _look_up(self) -> None:
        self._parts = bundle_parts(self._session, self.ids.values())
        below = {part for parts in self._parts.values() for part in parts}
        self.cards: dict[int, SkuCard] = sku_cards(self._session, {*self.ids.values(), *below})

    def create_missing(self, by: Actor, now: datetime) -> int:
        """Add the goods that the catalogue does not know, by their code; how many."""
        missing = {code: name for code, name in self.names.items() if code not in self.ids}
        if not missing:
            return 0
        rows = tuple(
            TableRow(number, (("code", code), ("name", name or code)))
            for number, (code, name) in enumerate(sorted(_distinct(missing).items()), start=1)
        )
        created = import_skus(self._session, ImportSkus(by=by, rows=rows), now=now).created
        self.ids |= sku_ids_by_code(self._session, missing)
        self._look_up()
        return created

    def lacking(self, order: OrderIn) -> list[tuple[WantedLine, str]]:
        """The lines whose goods we cannot send, and why."""
        found = []
        for line in order.lines:
            sku_id = self.ids.get(line.code)
            if sku_id is None:
                found.append((line, "sku_unknown"))
            elif not self.cards[sku_id].active:
                found.append((line, "sku_inactive"))
        return found

    def lines(self, order: OrderIn) -> list[dict[str, Any]]:
        """The order's lines as rows: what a picker can take, without the order's id."""
        rows: list[dict[str, Any]] = []
        for line in order.lines:
            sku_id = self.ids[line.code]
            is_bundle = sku_id in self._parts
            parts = bundles.explode(self._parts, {sku_id: line.qty}) if is_bundle else {sku_id: line.qty}
            for part, qty in parts.items():
                rows.append(
                    {
                        "line_no": len(rows) + 1,
                        "sku_id": part,
                        "qty": qty,
                        "reserved_qty": 0,
                        "picked_qty": 0,
                        "short_qty": 0,
                        "source_code": line.code,
                        "bundle_sku_id": sku_id if is_bundle else None,
                        "price_minor": 0 if is_bundle else line.price_minor,
                        "currency": order.currency,
                    }
                )
        return rows

    def measures(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
        """Lines, pieces, weight and volume of an order."""
        return {
            "line_count": len(rows),
            "units": sum(row["qty"] for row in rows),
            "weight_g": sum(row["qty"] * self.cards[row["sku_id"]].weight_g for row in rows),
            "volume_mm3": sum(row["qty"] * self.cards[row["sku_id"]].volume_mm3 for row in rows),
        }


def _distinct(names: Mapping[str, str]) -> dict[str, str]:
    """One entry per code, whatever its case."""
    found: dict[str, str] = {}
    for code, name in names.items():
        found.setdefault(code.strip().upper(), name)
    return found
