"""From promise to bin: who gets the goods, and out of which bin they are taken.

Reserve early, allocate late. As soon as an order is approved its goods are promised per SKU (the soft reservation of
the stock room), in the order of priority, promise date and age. Only when a wave takes the order are its goods
allocated to bins, with the other orders of the same work in view.

    reserved      every piece is promised; the order may join a wave
    backordered   waits for stock; `wait_reason` says why:
                    not_in_stock    nothing free to promise (retried when stock of its SKUs is gained)
                    not_in_bins     promised, but the goods lie where no picker may take them: staging, blocked bins,
                                    lots that are expired or too young (the promise is kept; retried like the other)

Choice of bins (`rules.choose`): the SKU's issue policy decides first (FEFO: earliest expiry; FIFO: oldest receipt, by
days), then the pick zone before reserve, then the cheapest: near the other bins of the same work, bins that are emptied,
few bins. Costs are in mm of walking and are data of the warehouse (`AllocationPolicy`).
"""
