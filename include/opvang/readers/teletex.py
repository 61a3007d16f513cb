r"""The GBA character set (Teletex): one byte a character, or two where a diacritic stands before its letter.

Not Latin-1: F1 is æ, not ñ; # and $ are A6 and A4; there is no \ ^ ` { } ~ (Logisch Ontwerp BRP, annex Teletex).
"""

import csv
import re
from collections.abc import Mapping, Sequence
from functools import cache

from opvang.contract import CONTRACTS

CHARACTERS = CONTRACTS / "teletex.csv"
# A diacritic (C1 to CF) and its letter, or any one byte.
CODE = re.compile(rb"[\xc1-\xcf].|.", re.DOTALL)
# These mean in Teletex what they mean in ASCII.
PLAIN = re.compile(rb"[\x20-\x22\x25-\x5b\x5d\x5f\x61-\x7a]*")


def characters() -> frozenset[str]:
    """Every character of the set."""
    return frozenset(_codes())


def decode(content: bytes) -> str:
    """The text of bytes in the GBA character set; UnicodeDecodeError, which names the byte, for what it hasn't."""
    if PLAIN.fullmatch(content):
        return content.decode("ascii")
    return "".join(_character(content, found) for found in CODE.finditer(content))


def decode_all(contents: Sequence[bytes]) -> list[str]:
    """The text of each; UnicodeDecodeError as `decode`, for the first that it refuses."""
    if PLAIN.fullmatch(b"".join(contents)):
        return [content.decode("ascii") for content in contents]
    return [decode(content) for content in contents]


def encode(text: str) -> bytes:
    """The text in the GBA character set; UnicodeEncodeError for a character that it hasn't."""
    codes = _codes()
    for at, character in enumerate(text):
        if character not in codes:
            raise UnicodeEncodeError("teletex", text, at, at + 1, "not in the GBA character set")
    return b"".join(codes[character] for character in text)


def _character(content: bytes, found: re.Match[bytes]) -> str:
    try:
        return _texts()[found[0]]
    except KeyError:
        raise UnicodeDecodeError("teletex", content, *found.span(), "not in the GBA character set") from None


@cache
def _texts() -> Mapping[bytes, str]:
    with CHARACTERS.open(newline="") as file:
        return {bytes.fromhex(row["teletex_hex"]): chr(int(row["unicode_hex"], 16)) for row in csv.DictReader(file)}


@cache
def _codes() -> Mapping[str, bytes]:
    return {text: code for code, text in _texts().items()}
