"""Pure decisions about goods and their codes: barcodes, GS1 data, SKU fields, bundles, rows of a table file."""
