"""The person lists of a tabular selection written as LO3 messages, so that both forms can be read and compared."""

from collections.abc import Iterator, Sequence

from opvang.readers import teletex

List = Sequence[Sequence[str]]
LO3_CATEGORIES = [f"{number:02}" for number in range(1, 14)]


def message(headings: Sequence[str], rows: List, header: bytes = b"") -> bytes:
    """One list; with a header its body begins with its length, as in a message of RvIG."""
    content = body(headings, rows)
    return header + f"{len(content):05}".encode() + content if header else content


def lg01(a_number: str) -> bytes:
    return f"00000000Lg0120220502120000000{a_number}0000000000".encode()


def sv01() -> bytes:
    return b"00000000Sv01O20220502"


def body(headings: Sequence[str], rows: List) -> bytes:
    return b"".join(category(code, entry, headings) for code, entry in entries(headings, rows))


def entries(headings: Sequence[str], rows: List) -> Iterator[tuple[str, Sequence[str]]]:
    """Each entry of each category with its number: the row before says in CC.H whether it is history or the next stack."""
    for code in LO3_CATEGORIES:
        own = [at for at, heading in enumerate(headings) if heading[:2] == code and heading[3:] != "H"]
        mark = headings.index(f"{code}.H")
        filled = [at for at, row in enumerate(rows) if any(row[column] for column in own)]
        for at in range(filled[-1] + 1 if filled else 0):
            announced = rows[at - 1][mark] if at else code
            is_known = announced in (code, f"{int(code) + 50}")
            yield announced if is_known else f"{int(code) + 50}", [rows[at][column] for column in own]


def category(code: str, entry: Sequence[str], headings: Sequence[str]) -> bytes:
    own = f"{int(code) % 50:02}"
    names = [heading for heading in headings if heading[:2] == own and heading[3:] != "H"]
    content = b"".join(element(name, value) for name, value in zip(names, entry, strict=True) if value)
    return f"{code}{len(content):03}".encode() + content


def element(heading: str, value: str) -> bytes:
    content = teletex.encode(value)
    return f"{heading[3:5]}{heading[6:8]}{len(content):03}".encode() + content
