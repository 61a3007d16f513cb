"""Keyed pseudonyms of BSN and A-number; the only module that sees the key."""

import re

import polars as pl
import polars_hash

from opvang import settings

LONGEST_MESSAGE = 500


def pseudonym(text: pl.Expr, kind: str) -> pl.Expr:
    """HMAC-SHA256 pseudonym (32 hex digits) of identifiers of one kind ('bsn', 'a_number'); null stays null.

    The same identifier of the same kind has the same pseudonym in every source; another kind never has.
    """
    digest = polars_hash.concat_str(pl.lit(f"{kind}:"), text).chash.hmac_sha256(key=settings.secret("pseudonym_key"))
    return digest.str.head(32)


def one_line(text: str) -> str:
    """A message that may quote a delivery: one printable line of bounded length, without identifiers."""
    line = " ".join(without_identifiers(_printable(text)).split())
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} …"


def file_name(name: str) -> str:
    """The name or path of a file for people to read: printable, and without what could be a BSN or an A-number. Days (8 digits) stay."""
    return re.sub(r"(?<!\d)\d{9,10}(?!\d)", "********", _printable(name))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def without_identifiers(text: str) -> str:
    """A message with every run of 8 or more digits masked, so that no BSN or A-number gets into a log."""
    return re.sub(r"\d{8,}", "********", text)
