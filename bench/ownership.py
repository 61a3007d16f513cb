"""Who owns the contracted suppliers on one day: a register of as many companies and persons, and twice as many interests."""

import json

from bench.place import Place
from bench.results import Round

PERSONS_PER_COMPANY, INTERESTS_PER_PARTY, SUPPLIERS = 1, 2, 1_000
MODELS = ("+int_ownership_answers", "+int_ownership_chains")
SLOWEST = 4


def rounds(place: Place, parties: int, runs: int) -> tuple[list[Round], list[str]]:
    """The models from the statements to the answers and their chains, built for the first day alone."""
    companies = parties // (1 + PERSONS_PER_COMPANY)
    place.say(f"a register of {parties:,} companies and persons")
    place.sql("ownership", companies=companies, persons=parties - companies, interests=INTERESTS_PER_PARTY * parties, suppliers=SUPPLIERS)  # fmt: skip
    place.tell(size=parties, rows=(1 + INTERESTS_PER_PARTY) * parties)
    place.dbt("seed")
    found = []
    for _ in range(runs):
        place.sql("settle")
        first_day_only = json.dumps({"ownership_first_day_only": True})
        run = place.dbt("run", "--vars", first_day_only, "--select", *MODELS)
        found.append({"dbt run": run, "in PostgreSQL": place.seconds_of_nodes()})
    return found, [
        f"{companies:,} companies, {parties - companies:,} persons and {INTERESTS_PER_PARTY * parties:,} interests, laid into raw by SQL in the form in which publish leaves them; {SUPPLIERS:,} suppliers under contract.",
        f"In PostgreSQL: from the first model's start to the last one's end. Models that took longest: {place.slowest(SLOWEST)}.",
    ]
