"""Sales orders: what customers want, whether we may work on it, and how far it is.

Three things about an order, never mixed:
    state    received → approved → (reserved | backordered) → in_wave → picking → picked → packed → shipped; cancelled.
    marks    progress that may come in any order (picked, sorted, checked, packed, weighed, labelled).
    holds    reasons to stop (refund_requested, address_changed, …). Any open hold stops the order at the next scan,
             whatever its state; upper rooms ask `queries.active_holds` before they act.

Import is the one door for orders: API, CSV, spreadsheet and shop connectors all end in `use_cases.import_orders`.
    * The same content again (hash) is a no-op.
    * Changed content updates an order on which no work has begun (received, approved, reserved, backordered); later it
      becomes a hold that says what changed, and the new content is kept as an `OrderRevision` for a person to decide.
    * A cancellation cancels before work has begun, and holds (`cancelled`) afterwards: goods must be put back.
    * Every row that is not taken in is reported with its number, a code and the facts, and kept. Nothing is lost.

Bundles are exploded into components when an order comes in: a line is always something a picker can take.

Invariants
    1. (shop, external_no) names one order.
    2. A line's reserved_qty + short_qty never exceeds its qty; picked_qty never exceeds qty.
    3. An order is `reserved` only when every line is promised in full.
    4. Reservations of an order carry doc_kind "order_line" and the line's id.
"""
