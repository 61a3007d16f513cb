"""People who stand in the register at this moment, with what the next events must know of them."""

from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from opvang.simulate.chance import Bools, Ints


@dataclass(frozen=True)
class Stock:
    """Columns of equal length; `municipality` is a position in the list of places, `address` an address id.

    `since` is the day from which they live at the address, `registered` the day from which they live in the municipality.
    """

    person: Ints
    family: Ints
    municipality: Ints
    address: Ints
    age: Ints
    is_man: Bools
    has_moved: Bools
    since: Ints
    registered: Ints

    @classmethod
    def empty(cls) -> Self:
        """Nobody yet."""
        none = np.zeros(0, dtype=np.int64)
        nobody = none.astype(np.bool_)
        return cls(none, none, none, none, none, nobody, nobody, none, none)

    def __len__(self) -> int:
        return len(self.person)

    def plus(self, other: "Stock") -> "Stock":
        """Both together."""
        return Stock(*(np.concatenate([getattr(self, part.name), getattr(other, part.name)]) for part in fields(self)))

    def only(self, which: Ints | Bools) -> "Stock":
        """Those at these positions."""
        return Stock(*(getattr(self, part.name)[which] for part in fields(self)))

    def without(self, which: Ints) -> "Stock":
        """All but those at these positions."""
        keep = np.ones(len(self), dtype=np.bool_)
        keep[which] = False
        return self.only(keep)

    def moved(self, municipality: Ints, address: Ints, since: Ints) -> "Stock":
        """The same people elsewhere; who stays in the municipality keeps the day of registration in it."""
        registered = np.where(municipality == self.municipality, self.registered, since)
        return replace(
            self,
            municipality=municipality,
            address=address,
            has_moved=np.ones(len(self), dtype=np.bool_),
            since=since,
            registered=registered,
        )

    def with_changed(self, which: Ints, changed: "Stock") -> "Stock":
        """The same people, those at these positions as they became."""
        return self.without(which).plus(changed)

    def by_family(self, rng: np.random.Generator) -> Ints:
        """All positions, the families in an order of chance and each family together."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.argsort(rng.permutation(int(self.family.max()) + 1)[self.family], kind="stable")
