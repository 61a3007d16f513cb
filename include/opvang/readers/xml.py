"""XML documents, read without document type: no entity is expanded and nothing is fetched."""

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from opvang.errors import LoadRefused

# Parsed, XML takes up to forty times as much memory.
LARGEST_MB = 5
NO_DOCTYPE = "the XML has a document type or entities, which no notice needs; deliver it without"


def document(path: Path, largest_mb: float = LARGEST_MB) -> Element:
    """The root of the XML document in the file; LoadRefused, with line and column, for anything else."""
    megabytes = path.stat().st_size / 1e6
    if megabytes > largest_mb:
        raise LoadRefused(
            f"a file of {megabytes:,.1f} MB where at most {largest_mb:g} MB is read; deliver one notice a file"
        )
    try:
        root: Element = fromstring(path.read_bytes(), forbid_dtd=True)
    except DefusedXmlException:
        raise LoadRefused(NO_DOCTYPE) from None
    except ParseError as error:
        line, column = error.position
        raise LoadRefused(f"not XML at line {line}, column {column + 1}; deliver the file again") from None
    except (ValueError, LookupError):
        raise LoadRefused("XML in an encoding that isn't known; deliver the file in utf-8") from None
    return root


def text(element: Element | None, path: str, names: dict[str, str]) -> str | None:
    """The text at a path below an element, without blanks around it; None where nothing stands there."""
    found = None if element is None else element.findtext(path, None, names)
    return (found or "").strip() or None
