"""What a file for `brp` is, told by its beginning; and the name of what it is when it is no form that is read."""

import re
from enum import StrEnum
from pathlib import Path

from opvang.errors import LoadRefused
from opvang.readers import forms

BEGINNING = 1 << 16
FORMS_READ = "deliver a tabular selection with CC.GG.EE headings, LO3 messages (Lg01, Sv01) or Haal Centraal JSON"
MESSAGES = re.compile(rb"[\r\n]*(?:[\x20-\x7e]{8}[A-Z][a-z][0-9]{2}|(?:[0-9]{5})?01[0-9]{3}[0-9]{4}[0-9]{3})")
# What else municipalities send in good faith, and by which words in its beginning it is known.
OTHERS = {
    "a StUF message, which is for use within a municipality": re.compile(
        rb"\s*<.{0,2000}?stuf", re.IGNORECASE | re.DOTALL
    ),
    "a web page": re.compile(rb"\s*<(!doctype )?html", re.IGNORECASE),
    "a hand-made list of registrants without BSN": re.compile(rb"[^\n]*achternaam[^\n]*geboortedatum", re.IGNORECASE),
    "a table of the GBA-V database, in which codes have lost their leading zeros": re.compile(
        rb"[^\n]*(pl_id|stapel_nr|volg_nr)", re.IGNORECASE
    ),
    "a list of BSNs": re.compile(rb"[\"' ]*burgerservicenummer[\"' ]*\r?\n", re.IGNORECASE),
}


class Form(StrEnum):
    """The forms that are read."""

    TABULAR = "tabular"
    LO3 = "lo3"
    HAAL_CENTRAAL = "haal_centraal"


def form_of(path: Path) -> Form:
    """The form of a file; LoadRefused, which names what it is, for another one."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    start = beginning.removeprefix(b"\xef\xbb\xbf")
    for name, words in OTHERS.items():
        if words.match(start):
            raise LoadRefused(f"{name}; {FORMS_READ}")
    if looks := forms.other_than_text(start):
        raise LoadRefused(f"{looks}; {FORMS_READ}")
    if start.lstrip()[:1] in (b"[", b"{"):
        return Form.HAAL_CENTRAAL
    return Form.LO3 if MESSAGES.match(start) else Form.TABULAR
