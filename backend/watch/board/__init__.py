"""The live board: one snapshot of a warehouse at work, and the number in the news from which to go on.

Words: `light` (may the figures be trusted: ledger, news, jobs), `pace` (lines per hour), `risk` (whether a carrier's
cut-off will be met at that pace), `exception` (what a person should look at). The room owns no table and changes
nothing. Invariant: the cursor is read before everything else, so that no fact falls between snapshot and news.
"""
