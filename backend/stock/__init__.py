"""The ledger of stock: every piece that ever moved, who moved it, and what is promised to whom.

Words
    move          one line of the ledger: `qty` of a SKU from one location to another. Never changed, never deleted;
                  a mistake is put right by a counter-entry that names the line it corrects.
    balance       what lies at one physical location, per SKU, lot, quality and handling unit.
                  Supplier, customer and adjustment are virtual: what they hold is the fold of their moves, no row.
    availability  per warehouse and SKU: `sellable` goods and how many of them are `reserved`; ATP = sellable - reserved.
    reservation   soft: so many of a SKU belong to a document line, wherever they lie.
    allocation    hard: the goods of a reservation, taken from one balance.
    seal          a link of the hash chain over the ledger, added after commit.

The one writer is `use_cases.post`. A refusal it raises ends the command: nothing may catch it and go on.

What is always true (the database checks the first four, `queries.verify` proves all)
    1. balance.on_hand >= 0 and 0 <= balance.reserved <= balance.on_hand
    2. 0 <= availability.reserved <= availability.sellable: ATP is never negative
    3. 0 <= allocation.picked_qty <= allocation.qty
    4. 0 <= reservation.taken_qty <= reservation.qty
    5. balance.on_hand = fold of the moves into it minus the moves out of it
    6. balance.reserved = sum of (qty - picked_qty) over the open allocations on it
    7. availability.sellable = sum of on_hand over balances of good quality in sellable locations
       (bins and staging whose `sellable` flag is set; never picked, packing, dock or shortage)
    8. availability.reserved = sum of (qty - taken_qty) over active reservations
    9. per reservation, open allocated <= qty - taken_qty

How a pick keeps ATP still
    PICK names the allocation. In one step the goods leave a sellable bin for PICKED (sellable - q), the allocation is
    picked (balance.reserved - q) and the reservation is taken (availability.reserved - q). ATP = sellable - reserved does
    not move. From then on the goods belong to their order by being out of sellable stock: nothing can reserve or
    allocate what lies on a cart, so nothing has to guard it a second time, and PACK and SHIP change no promise.
    UNPICK (undo) names the allocation too and is the exact mirror: it needs the same balance.
    PUTBACK (the order was cancelled, its reservation released) names none: sellable + q, so ATP grows at the moment when
    the goods are back in a bin and not earlier.

Goods that are gone in truth (a short pick, a count) may be promised already. `use_cases.post_loss` first takes the promise
back from whom it hurts least (newest reservation, not allocated before allocated), tells it, then posts: the books never
claim goods that nobody can find.

Global order of locks, everywhere: balances by id, allocations by id, reservations by id, serials, availability by
(warehouse, SKU). All moves of a command go into one call of `post`; without the sorting the trial runs deadlocked.
"""
