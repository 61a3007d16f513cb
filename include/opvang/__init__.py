"""The gate of the national reception warehouse: fetch, land, validate, publish."""
