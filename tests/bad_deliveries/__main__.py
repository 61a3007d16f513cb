"""Print docs/bad-deliveries.md: python -m tests.bad_deliveries > docs/bad-deliveries.md."""

from collections.abc import Iterator

from tests.bad_deliveries import Kind
from tests.bad_deliveries.all_sources import SOURCES
from tests.bad_deliveries.inbox import LEFT_ALONE, STILL_WRITTEN

HEAD = """# Bad deliveries

Every kind that we know, what becomes of it and what is said. Each is a small file or a generator in `tests/bad_deliveries/`, and is loaded by
`make test` beside good deliveries, which it may not keep out. Written by `python -m tests.bad_deliveries`; a test compares.

| verdict | what becomes of it |
|---|---|
| published | it is another form of the same facts, or a warning flags a record |
| quarantined in part | the record is kept aside and keeps its last published version; the others are published |
| refused | nothing of it is published; what stood stays |
| left alone | it stays in the inbox, and a line in the log of fetch says why |

A message stands here as far as it is the same for every such file; for a record it is the rule.
"""


def lines() -> Iterator[str]:
    """The document, line by line."""
    yield HEAD
    for source in SOURCES:
        yield from table(source.name, [(kind.name, verdict(kind), kind.message) for kind in source.kinds])
    left = [(odd.name, "left alone", odd.message) for odd in LEFT_ALONE]
    yield from table("the inbox", left + [(name, "left alone", message) for name, message in STILL_WRITTEN])


def table(title: str, rows: list[tuple[str, str, str]]) -> Iterator[str]:
    yield f"## {title}\n\n| kind | verdict | message or rule |\n|---|---|---|"
    for name, fate, message in rows:
        yield f"| {name} | {fate} | {f'`{message}`' if message else ''} |"
    yield ""


def verdict(kind: Kind) -> str:
    return kind.verdict.replace("_", " ")


def document() -> str:
    """The whole document."""
    return "\n".join(lines())


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201
