"""Bytes of another form under the name of the expected one: what the refusal must call them."""

import gzip
import io
import zipfile

from tests.bad_deliveries import PERSON

LOGIN_PAGE = f"<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>Session of {PERSON} is over</body></html>\n".encode()
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n(" + PERSON.encode() + b")\nendobj\n%%EOF\n"
XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + PERSON.encode("utf-16-le")
XML = f'<?xml version="1.0"?>\n<report><note>{PERSON}</note></report>\n'.encode()


def gzipped(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def spreadsheet(content: bytes) -> bytes:
    """What .xlsx and .ods are: a zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(zipfile.ZipInfo("xl/worksheets/sheet1.xml", (2022, 4, 25, 0, 0, 0)), content)
    return made.getvalue()
