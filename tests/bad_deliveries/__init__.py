"""Every kind of bad delivery that we know, with the verdict and the message that it must get; docs/bad-deliveries.md lists them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

# A BSN of the test range that passes the eleven test, and a surname that is nowhere else: neither may be seen anywhere.
BSN, SURNAME = "999993653", "Zwaanswijk-Testpersoon"
PERSON = f"{SURNAME} {BSN}"

Content = Callable[[str, date], bytes]


@dataclass(frozen=True)
class Kind:
    """One kind: what is delivered in place of a good delivery, and what must become of it.

    `message` stands in the refusal, or is the rule that stops or flags a record ('' where everything is right).
    """

    name: str
    content: Content
    verdict: str
    message: str = ""
    supplier: str | None = None
    file: str | None = None
    is_heavy: bool = False


@dataclass(frozen=True)
class Source:
    """The kinds of one source, and the good delivery after which each comes."""

    name: str
    file: str
    good: Content
    suppliers: tuple[str, ...]
    first_day: date
    kinds: tuple[Kind, ...]

    def places(self) -> list[tuple[Kind, str, date]]:
        """For each kind a supplier and a day of its own: refused ones at suppliers of which nothing else comes."""
        if len(self.suppliers) == 1:
            return self._spread(self.kinds, self.suppliers)
        *own, _ = self.suppliers
        half = len(own) // 2
        refused = [kind for kind in self.kinds if kind.verdict == "refused"]
        others = [kind for kind in self.kinds if kind.verdict != "refused"]
        return self._spread(refused, own[:half]) + self._spread(others, own[half:])

    def _spread(self, kinds: Sequence[Kind], own: Sequence[str]) -> list[tuple[Kind, str, date]]:
        return [
            (kind, kind.supplier or own[at % len(own)], self.first_day + timedelta(days=1 + 2 * (at // len(own))))
            for at, kind in enumerate(kinds)
        ]


def write(folder: Path, source: str, supplier: str, day: date, name: str, content: bytes) -> Path:
    """One file in the order of the inbox."""
    place = folder / source / supplier / day.isoformat()
    place.mkdir(parents=True, exist_ok=True)
    path = place / name
    path.write_bytes(content)
    return path
