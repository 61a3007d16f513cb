"""Bytes to column batches. A reader knows a form and no source."""
