"""A warehouse to try the house with: hall, goods, stock, orders and people, made up from a seed.

Invariants: the same seed and day make the same plan; nothing of it is anybody's data: made-up codes use GS1's in-store
number ranges (EAN 2…, UPC-A 4…) and an ISBN range that nobody has been given (979-9). The plan goes in through the
same use cases as any customer's data. Seeding again changes nothing.
"""
