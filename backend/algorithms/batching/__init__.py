"""Which orders share a cart: joint order batching and picker routing.

Words: a *batch* is the set of orders one picker takes on one cart tour; a *plan* is a partition of the orders into
batches. The objective is the total walking length in integer millimetres, each batch walked by its best route.
Modules: `job` (types), `plan` (the door), `grid` and `kernel` (compiled evaluation), `bound`, `partition`.
"""
