"""One picker's walk: layouts, distances, exact routes, named policies.

Words: a *stop* is a place to visit, an *aisle* runs along y, a *cross aisle* along x, a *sub-aisle* is the piece of
an aisle between two neighbouring cross aisles. Lengths are integer millimetres.
Modules: `layout` (types), `solve` (the door: `route`), `exact` (rectangular halls), `graph` (everything else),
`policies` (s_shape, largest_gap, ...), `scattered` (a SKU in several bins).
"""
