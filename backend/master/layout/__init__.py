"""Places: warehouses, zones, aisles, cross aisles, lifts, and every location where stock can be.

Words: a *location* is any place stock can be; a *bin* is one that stores goods; *system locations* are born with a
warehouse (staging, packing, shortage, picked, and the far side of every move: supplier, customer, adjustment). An
*aisle* runs along y, a *cross aisle* along x; the *check code* is two characters that prove a location label was read whole.

Invariants: a location's code is unique in its warehouse and never changes; a location is never deleted, since the
ledger refers to it for ever, only blocked; an imported layout is taken whole or not at all.
"""
