"""Invented people: ages and sexes as CBS published them, families, names, places of birth and nationalities."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from opvang.simulate.chance import Bools, Ints, happens, weighted
from opvang.simulate.facts import facts, rate

CHILD_BELOW, GRANDPARENT_FROM, YOUNG_BELOW = 18, 60, 40
MOTHERS, FATHERS = (24, 50), (26, 59)
UNKNOWN_MOTHER = -1
MAX_DRAW = 1 << 40
FIRST_CHILDREN_PCT = 60
FATHERS_PCT, GRANDPARENTS_PCT = 40, 50
DAYS_OF_FOUR_YEARS = 1461
END_OF_SOVIET_UNION = np.datetime64("1991-12-31", "D").astype(np.int64)


@dataclass(frozen=True)
class Household:
    """Ages, sexes and kin of people in the order of their families: `family` counts from 0, `mother` is a position or -1."""

    age: Ints
    is_man: Bools
    family: Ints
    mother: Ints


def households(size: int, rng: np.random.Generator) -> Household:
    """`size` people in families: children with a mother, some fathers and grandparents, the others on their own."""
    age, is_man = _ages_and_sexes(size, rng)
    mother = _mothers(age, is_man, rng)
    head = np.where(mother >= 0, mother, np.arange(size))
    _join_relatives(head, age, is_man, np.unique(mother[mother >= 0]), rng)
    order = np.argsort(rng.permutation(size)[head], kind="stable")
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    starts = np.concatenate([np.zeros(min(size, 1), dtype=np.bool_), np.diff(head[order]) != 0])
    moved_mother = np.where(mother >= 0, place[mother], UNKNOWN_MOTHER)[order]
    return Household(age[order], is_man[order], np.cumsum(starts, dtype=np.int64), moved_mother)


def identities(people: Household, settled: Ints, rng: np.random.Generator) -> pl.DataFrame:
    """Names, sex, birth and nationalities of these people; `settled` (days since 1970) is the day on which their age holds."""
    size = len(people.age)
    born = settled - people.age * DAYS_OF_FOUR_YEARS // 4 - rng.integers(365, size=size)
    nationality = _nationalities(people, rng)
    country, place = _births(born, nationality, rng)
    rows = facts("nationalities")
    return pl.DataFrame(
        {
            "given_names": _given_names(people.is_man, rng),
            "surname": _surnames(people, rng),
            "sex": np.where(people.is_man, "M", "V"),
            "born": born,
            "birth_place": place,
            "birth_country": country,
            "nationality": _by_nationality(["0034"] + [row["nationality"] for row in rows], nationality),
            "reason": _by_nationality(["301"] + [row["reason"] for row in rows], nationality),
            "second_nationality": _by_nationality(
                [""] + [row["nationality"] for row in rows], _second(nationality, rng)
            ),
        }
    )


def _ages_and_sexes(size: int, rng: np.random.Generator) -> tuple[Ints, Bools]:
    rows = facts("cbs_brp_age_sex_0_27_2022-04-07") + facts("age_sex_above_27")
    weights = np.array([[int(row["men"]), int(row["women"])] for row in rows], dtype=np.int64)
    drawn = weighted(rng, weights.ravel(), size)
    return drawn // 2, drawn % 2 == 0


def _mothers(age: Ints, is_man: Bools, rng: np.random.Generator) -> Ints:
    """Each child's mother, older children with older mothers; more than half the children are a mother's first here."""
    mother = np.full(len(age), UNKNOWN_MOTHER, dtype=np.int64)
    children = rng.permutation(np.flatnonzero(age < CHILD_BELOW))
    women = rng.permutation(np.flatnonzero(~is_man & (age >= MOTHERS[0]) & (age <= MOTHERS[1])))
    first = len(children) * FIRST_CHILDREN_PCT // 100
    women = women[: max(first, 1)]
    for some in (children[:first], children[first:]):
        _match_by_age(mother, some, women, age, rng)
    return mother


def _match_by_age(target: Ints, who: Ints, partners: Ints, age: Ints, rng: np.random.Generator) -> None:
    """Give each of `who` one of `partners` of like rank in age, a few years mixed."""
    if not len(who) or not len(partners):
        return
    ranked = who[np.argsort(age[who] + rng.integers(-2, 3, size=len(who)), kind="stable")]
    by_age = partners[np.argsort(age[partners], kind="stable")]
    target[ranked] = by_age[np.arange(len(who)) * len(partners) // len(who)]


def _join_relatives(head: Ints, age: Ints, is_man: Bools, mothers: Ints, rng: np.random.Generator) -> None:
    men = rng.permutation(np.flatnonzero(is_man & (age >= FATHERS[0]) & (age <= FATHERS[1])))
    old = rng.permutation(np.flatnonzero(age >= GRANDPARENT_FROM))
    fathers = men[: min(len(men) * FATHERS_PCT // 100, len(mothers))]
    _match_by_age(head, fathers, rng.permutation(mothers)[: len(fathers)], age, rng)
    grandparents = old[: len(old) * GRANDPARENTS_PCT // 100]
    if len(mothers):
        head[grandparents] = mothers[rng.integers(len(mothers), size=len(grandparents))]


def _nationalities(people: Household, rng: np.random.Generator) -> Ints:
    """0 is Ukrainian, else 1 + the row of facts/nationalities.csv: only among the young who came alone."""
    size = len(people.age)
    alone = np.bincount(people.family, minlength=1)[people.family] == 1 if size else np.zeros(0, dtype=np.bool_)
    young = alone & (people.age >= CHILD_BELOW) & (people.age < YOUNG_BELOW)
    men = happens(rng, size, rate("third_country_among_single_men"))
    women = happens(rng, size, rate("third_country_among_single_women"))
    other = young & np.where(people.is_man, men, women)
    return np.where(other, 1 + weighted(rng, _weights("as_only"), size), 0)


def _second(nationality: Ints, rng: np.random.Generator) -> Ints:
    has_second = (nationality == 0) & happens(rng, len(nationality), rate("second_nationality"))
    return np.where(has_second, 1 + weighted(rng, _weights("as_second"), len(nationality)), 0)


def _births(born: Ints, nationality: Ints, rng: np.random.Generator) -> tuple[pl.Series, pl.Series]:
    """Country and place; who was born before 31 December 1991 was born in the Soviet Union (9049)."""
    rows = facts("nationalities")
    places = facts("birth_places")
    now = np.array(["6038"] + [row["birth_country"] for row in rows])
    then = np.array(["9049"] + [row["birth_country_before_1992"] for row in rows])
    at_home = weighted(rng, np.array([int(row["inhabitants_thousands"]) for row in places], dtype=np.int64), len(born))
    names = np.array([row["birth_place"] for row in places] + [row["birth_place"] for row in rows])
    country = np.where(born >= END_OF_SOVIET_UNION, now[nationality], then[nationality])
    return pl.Series(country), pl.Series(names[np.where(nationality == 0, at_home, len(places) + nationality - 1)])


def _given_names(is_man: Bools, rng: np.random.Generator) -> pl.Series:
    rows = facts("given_names")
    men, women = (np.array([row["given_name"] for row in rows if row["sex"] == sex]) for sex in "MV")
    drawn = rng.integers(MAX_DRAW, size=len(is_man))
    return pl.Series(np.where(is_man, men[drawn % len(men)], women[drawn % len(women)]))


def _surnames(people: Household, rng: np.random.Generator) -> pl.Series:
    """One name per family, in the form that the sex asks for."""
    rows = facts("surnames")
    drawn = rng.integers(len(rows), size=len(people.age))[people.family]
    men, women = (np.array([row[f"surname_{sex}"] for row in rows]) for sex in ("men", "women"))
    return pl.Series(np.where(people.is_man, men[drawn], women[drawn]))


def _weights(column: str) -> Ints:
    return np.array([int(row[column]) for row in facts("nationalities")], dtype=np.int64)


def _by_nationality(codes: list[str], which: Ints) -> pl.Series:
    return pl.Series(np.array(codes)[which])
