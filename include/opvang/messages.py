"""What may be said of a delivery: printable, in one line, and without what identifies a person."""

import re

LONGEST = 500


def one_line(text: str) -> str:
    """A message that may quote a delivery: one printable line of bounded length, without identifiers."""
    line = " ".join(without_identifiers(_printable(text)).split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


def file_name(name: str) -> str:
    """The name or path of a file for people to read: printable, and without what could be a BSN or an A-number. Days (8 digits) stay."""
    return re.sub(r"(?<!\d)\d{9,10}(?!\d)", "********", _printable(name))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def without_identifiers(text: str) -> str:
    """A message with every run of 8 or more digits masked, so that no BSN or A-number gets into a log."""
    return re.sub(r"\d{8,}", "********", text)
