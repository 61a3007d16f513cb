"""Five times the file, once: what counts here is memory."""

from bench import gate
from bench.place import Place
from bench.progress import Say
from bench.results import Round


def rounds(place: Place, persons: int, _runs: int, say: Say) -> tuple[list[Round], list[str]]:
    """One round of the gate on a selection of so many person lists."""
    place.make_selection(persons)
    say(f"a selection of {persons:,} person lists, {place.selection().stat().st_size / 1e6:,.0f} MB")
    taken: Round = {}
    for verb, one in gate.verbs(place, "one", gate.VERBS):
        say(f"{verb}: {one.seconds:.1f} s, {one.peak_mb:.0f} MB")
        taken[verb] = one
    return [taken], ["Measured once: what counts here is memory, not time."]
