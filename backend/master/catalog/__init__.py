"""Goods: what a SKU is, every code that can be scanned for it, what a bundle is made of.

Words: a *SKU* is the item as we keep it, counted in its base unit; a *barcode* is any code that names a SKU and how many
base units one scan of it stands for; a *pack* is a named multiple of the base unit; a *bundle* is a SKU that is never
stocked itself, only its parts are.

Invariants: barcodes are stored in one canonical form (GTIN-13, or GTIN-14 where the packaging indicator matters;
ISBN-10 as ISBN-13; own codes in upper case), so that a scan is one indexed query. Check digits are verified before a
code is kept. Several SKUs may share a barcode: a scan then answers with a choice. A bundle never contains itself,
directly or through other bundles.
"""
