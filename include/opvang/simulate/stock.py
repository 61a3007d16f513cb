"""Who is counted at this moment: the registered from Ukraine, with what the next events must know of them."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from opvang.simulate.chance import Bools, Ints


@dataclass(frozen=True)
class Stock:
    """Columns of equal length; `municipality` is a position in the list of municipalities, `address` an address id."""

    person: Ints
    family: Ints
    municipality: Ints
    address: Ints
    age: Ints
    is_man: Bools
    has_moved: Bools

    @classmethod
    def empty(cls) -> Self:
        """Nobody yet."""
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none, none, none, none, none.astype(np.bool_), none.astype(np.bool_))

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

    def moved(self, which: Ints, municipality: Ints, address: Ints) -> "Stock":
        """The same people, some of them elsewhere."""
        places, addresses, has_moved = self.municipality.copy(), self.address.copy(), self.has_moved.copy()
        places[which], addresses[which], has_moved[which] = municipality, address, True
        return Stock(self.person, self.family, places, addresses, self.age, self.is_man, has_moved)

    def by_family(self, rng: np.random.Generator) -> Ints:
        """All positions, the families in an order of chance and each family together."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        return np.argsort(rng.permutation(int(self.family.max()) + 1)[self.family], kind="stable")
