"""Five times the file, once: what counts here is memory."""

from bench import gate
from bench.place import Place
from bench.results import Round


def rounds(place: Place, persons: int, _runs: int) -> tuple[list[Round], list[str]]:
    """One round of the gate on a selection of so many person lists."""
    place.make_selection(persons)
    return [gate.whole(place)], ["Measured once: what counts here is memory, not time."]
