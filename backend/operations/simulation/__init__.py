"""A synthetic day: simulated people who walk, scan and err, through the public API and nothing else.

Words: `person` (how fast one walks and handles), `mistake` (a wrong bin, SKU, quantity or tote), `caught` (the house
refused it, or showed it), `through` (nobody noticed), `baseline` (the same orders one at a time, in S-shape order).
Invariants: the same seed, orders and tasks give the same day; a number in the report follows from replies of the API.
"""
