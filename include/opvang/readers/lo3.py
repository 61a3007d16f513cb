"""LO3 messages: the elements of one person list each, in the GBA character set; several in a file, line by line or end to end.

    message  = header length(5) body
    body     = { category(2) length(3) { element(4) length(3) value }* }*

Lengths count bytes (Logisch Ontwerp BRP). A body may also stand by itself, with or without its length.
"""

import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from opvang.errors import LoadRefused
from opvang.lo3 import elements

# Where a message begins: a random key of 8 characters and its number; how many characters its header has in all.
NUMBER = re.compile(rb"[\x20-\x7e]{8}([A-Z][a-z][0-9]{2})")
HEADERS = {"Lg01": 49, "Sv01": 21}
OTHERS = {
    "Sv11": "says that the selection is empty",
    "Sf01": "says that a person list is blocked",
    "Gv": "is a mutation of a person list",
    "Ag": "is a first delivery about one person",
    "Ng": "says that a person is no longer followed",
    "Wa": "says that an A-number changed",
}
NEWLINES = b"\r\n"
CATEGORY_HEAD, ELEMENT_HEAD = 5, 7
HEAD_OF_ELEMENT = re.compile(rb"([0-9]{4})([0-9]{3})")
FIRST_CATEGORY = "01"
# Current ones, and their history 50 higher.
CATEGORIES = {f"{category:02}" for first in (1, 51) for category in range(first, first + 14)}
# No person list is so long; a wrong length would make one of the whole file.
LONGEST_BODY = 99_999


class Message(NamedTuple):
    """One person list, numbered over the file from 1: the categories in order, each with its elements (group and item) and their bytes."""

    number: int
    categories: list[tuple[str, dict[str, bytes]]]


def messages(path: Path) -> Iterator[Message]:
    """Every message of a file; LoadRefused, by message and byte and never by value, for what is none."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        at, number = _skip_newlines(content, 0), 0
        while at < len(content):
            number += 1
            start, end = _body(content, at, number)
            if end is not None and end > len(content):
                raise LoadRefused(
                    f"message {number} ends before its body does (byte {len(content)}); deliver the file again"
                )
            categories, at = _categories(content, start, end, number)
            yield Message(number, categories)
            at = _skip_newlines(content, at)


def _body(content: mmap.mmap, at: int, number: int) -> tuple[int, int | None]:
    """Where the body of the message at this byte begins and ends; an end of None is found by reading on."""
    found = NUMBER.match(content, at)
    if not found:
        return _body_without_header(content, at)
    kind = found[1].decode()
    if kind not in HEADERS:
        raise LoadRefused(
            f"message {number} is {kind}, which {_meaning(kind)}; deliver whole person lists as Lg01 or Sv01"
        )
    start = at + HEADERS[kind]
    return start + 5, start + 5 + _number(content, start, 5, number)


def _meaning(kind: str) -> str:
    return OTHERS.get(kind) or OTHERS.get(kind[:2]) or "is no person list"


def _body_without_header(content: mmap.mmap, at: int) -> tuple[int, int | None]:
    """A body that begins with category 01, or with its own length before that."""
    length, follows = content[at : at + 5], content[at + 5 : at + 7]
    if length.isdigit() and follows == FIRST_CATEGORY.encode() and not _begins_category(content, at):
        return at + 5, at + 5 + int(length)
    return at, None


def _begins_category(content: mmap.mmap, at: int) -> bool:
    """Whether category 01 begins at this byte: an element of the Logisch Ontwerp follows, as long as it may be."""
    name, length = content[at + 5 : at + 9].decode("latin-1"), content[at + 9 : at + 12]
    element = elements().get(f"{name[:2]}.{name[2:]}")
    return element is not None and length.isdigit() and element.shortest <= int(length) <= element.longest


def _categories(
    content: mmap.mmap, start: int, end: int | None, number: int
) -> tuple[list[tuple[str, dict[str, bytes]]], int]:
    """The categories of a body, and the byte after it."""
    found: list[tuple[str, dict[str, bytes]]] = []
    at = start
    while at < (len(content) if end is None else end):
        if end is None and found and (content[at : at + 2] == FIRST_CATEGORY.encode() or content[at] in NEWLINES):
            break
        category = f"{_number(content, at, 2, number):02}"
        until = at + CATEGORY_HEAD + _number(content, at + 2, 3, number)
        if until > (len(content) if end is None else end) or until - start > LONGEST_BODY:
            raise LoadRefused(
                f"message {number}: category {category} at byte {at} is longer than its message; deliver the file again"
            )
        if category not in CATEGORIES:
            raise LoadRefused(
                f"message {number}: there is no category {category} (byte {at}); a length before it is wrong"
            )
        found.append((category, _elements(content, at + CATEGORY_HEAD, until, category, number)))
        at = until
    if not found or found[0][0] != FIRST_CATEGORY:
        raise LoadRefused(
            f"message {number} at byte {start} doesn't begin with category 01; deliver whole person lists"
        )
    return found, at


def _elements(content: mmap.mmap, at: int, until: int, category: str, number: int) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    while at < until:
        head = HEAD_OF_ELEMENT.match(content, at)
        if not head:
            raise LoadRefused(_no_head(content, at, number))
        element, value = head[1].decode(), at + ELEMENT_HEAD
        at = value + int(head[2])
        if at > until or element in found:
            fault = "stands there twice; deliver each once"
            if at > until:
                fault = "is longer than its category; lengths count bytes in Teletex"
            raise LoadRefused(
                f"message {number}: element {category}.{element[:2]}.{element[2:]} at byte {value - ELEMENT_HEAD} {fault}"
            )
        found[element] = content[value:at]
    return found


def _no_head(content: mmap.mmap, at: int, number: int) -> str:
    """What is wrong where an element should begin: its name, 4 digits, or its length, 3."""
    digits, place = (3, at + 4) if _is_number(content[at : at + 4], 4) else (4, at)
    return _not_digits(digits, place, number)


def _number(content: mmap.mmap, at: int, digits: int, number: int) -> int:
    read = content[at : at + digits]
    if not _is_number(read, digits):
        raise LoadRefused(_not_digits(digits, at, number))
    return int(read)


def _is_number(read: bytes, digits: int) -> bool:
    return len(read) == digits and read.isdigit()


def _not_digits(digits: int, at: int, number: int) -> str:
    return f"message {number}: {digits} digits are expected at byte {at} and stand there not; a length before it is wrong, or the file was cut off"


def _skip_newlines(content: mmap.mmap, at: int) -> int:
    while at < len(content) and content[at] in NEWLINES:
        at += 1
    return at
