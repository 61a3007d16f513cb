"""What a file for `energy_contracts` is, told by its beginning."""

from enum import StrEnum
from pathlib import Path

from opvang.errors import LoadRefused
from opvang.readers import forms

BEGINNING = 1 << 10
FORMS_READ = "deliver OCDS 1.1 as JSON, an eForms contract award notice as XML, or the template as CSV"
XML = "an XML document"


class Form(StrEnum):
    """The forms that are read."""

    OCDS = "ocds"
    EFORMS = "eforms"
    REGISTER = "register"


def form_of(path: Path) -> Form:
    """The form of a file; LoadRefused, which names what it is, for another one."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    start = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    looks = forms.other_than_text(start)
    if looks and looks != XML:
        raise LoadRefused(f"{looks}; {FORMS_READ}")
    if start.startswith(b"<"):
        return Form.EFORMS
    return Form.OCDS if start.startswith((b"{", b"[")) else Form.REGISTER
