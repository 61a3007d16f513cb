"""Keyed pseudonyms of BSN and A-number; the only module that sees the key."""

import hmac
import re

import polars as pl

from opvang import settings

LONGEST_MESSAGE = 500


def pseudonyms(values: pl.Series, kind: str) -> pl.Series:
    """HMAC-SHA256 pseudonyms (32 hex digits) of identifiers of one kind ('bsn', 'a_number'); null stays null.

    The same identifier of the same kind has the same pseudonym in every source; another kind never has.
    """
    key, prefix = settings.secret("pseudonym_key").encode(), f"{kind}:".encode()
    known = values.drop_nulls().unique()
    made = [hmac.digest(key, prefix + value.encode(), "sha256").hex()[:32] for value in known]
    return values.replace_strict(known, made, default=None, return_dtype=pl.String) if made else values


def one_line(text: str) -> str:
    """A message that may quote a delivery: one printable line of bounded length, without identifiers."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(without_identifiers(printable).split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} …"


def without_identifiers(text: str) -> str:
    """A message with every run of 8 or more digits masked, so that no BSN or A-number gets into a log."""
    return re.sub(r"\d{8,}", "********", text)
