"""What a file for `reception` is, told by its beginning; and the name of what it is when it is no form that is read."""

import codecs
from enum import StrEnum
from pathlib import Path

from opvang.errors import LoadRefused
from opvang.readers import forms

BEGINNING = 1 << 12
FORMS_READ = "deliver the JSON document, or the template docs/templates/reception.xlsx or .csv filled in"
OLE = b"\xd0\xcf\x11\xe0"
# The stream of a workbook that is locked with a password, [MS-OFFCRYPTO].
LOCKED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK"
OF_JSON = (b"{", b"[")


class Form(StrEnum):
    """The forms that are read."""

    JSON = "json"
    XLSX = "xlsx"
    CSV = "csv"


def form_of(path: Path) -> Form:
    """The form of a file; LoadRefused, which names what it is, for another one."""
    with path.open("rb") as file:
        beginning = file.read(BEGINNING)
    if not beginning.strip(b" \t\r\n\0"):
        raise LoadRefused("the file is empty; deliver it again")
    if beginning.startswith(ZIP):
        return Form.XLSX
    if beginning.startswith(OLE) and LOCKED in path.read_bytes():
        raise LoadRefused("a workbook that is locked with a password; save it without one and deliver it again")
    if looks := forms.other_than_text(beginning):
        raise LoadRefused(f"no report but {looks}; {FORMS_READ}")
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in beginning[:4]:
        raise LoadRefused("not utf-8 but as it seems utf-16 or utf-32; deliver the file in utf-8")
    return Form.JSON if beginning.removeprefix(codecs.BOM_UTF8).lstrip().startswith(OF_JSON) else Form.CSV
