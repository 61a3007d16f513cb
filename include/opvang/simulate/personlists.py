"""The population in the elements of the Logisch Ontwerp BRP: one frame per category, every value as text."""

from dataclasses import dataclass, fields

import polars as pl

from opvang.simulate import faults
from opvang.simulate.addresses import addresses
from opvang.simulate.arrivals import DAY_UNKNOWN, MONTH_UNKNOWN
from opvang.simulate.chance import Ints, stream
from opvang.simulate.events import REGISTRY_OF_NON_RESIDENTS
from opvang.simulate.facts import places
from opvang.simulate.numbers import a_numbers, bsns
from opvang.simulate.population import Population
from opvang.simulate.titles import NO_END

BESIDE_A_TIE = ("02.81.10", "02.81.20", "02.82.10", "02.82.20", "02.82.30", "02.85.10", "02.86.10")
A_NUMBER, BSN = "01.01.10", "01.01.20"
NETHERLANDS, RNI = "6030", "1999"
DOES_NOT_LIVE_THERE = "089999"


@dataclass(frozen=True)
class PersonLists:
    """Frames with `person` and `recorded` (days since 1970); residences, nationalities and titles are in the order of time or stack."""

    persons: pl.DataFrame
    nationalities: pl.DataFrame
    endings: pl.DataFrame
    residences: pl.DataFrame
    titles: pl.DataFrame
    faults: pl.DataFrame

    def known_on(self, day: int, first: int, last: int) -> "PersonLists":
        """What stood on this day on the lists of the persons from the first to the last."""
        asked = pl.col("person").is_between(first, last)
        known = {
            part.name: getattr(self, part.name).filter(asked & (pl.col("recorded") <= day))
            for part in fields(self)
            if part.name != "faults"
        }
        incorrect = pl.when(pl.col("incorrect_on") <= day).then(pl.lit("O")).alias("08.84.10")
        known["residences"] = known["residences"].with_columns(incorrect).drop("incorrect_on")
        faulty = self.faults.filter(asked & (pl.col("since") <= day))
        return PersonLists(
            **known, faults=faulty.with_columns(now=pl.col("until") > day, mended=pl.col("until") <= day)
        )


def person_lists(population: Population, seed: int, taken: Ints) -> PersonLists:
    """Everything that any selection may hold; `taken` are A-numbers that exist elsewhere."""
    codes = pl.Series([row["gemeentecode_brp"] for row in places()] + [RNI])  # -1 is the registry of non-residents
    where = addresses(population.municipality_of_address, stream(seed, "addresses"))
    residences = population.residences.with_columns(
        codes[population.residences["municipality"].to_numpy() % len(codes)].alias("code")
    )
    first = residences.filter(pl.col("step") == 0).select("person", "code")
    persons = _with_numbers(population.persons, seed, taken).join(first, on="person", how="left", maintain_order="left")
    return PersonLists(
        persons=_persons(persons),
        nationalities=_nationalities(persons),
        endings=_endings(population.endings, codes),
        residences=_residences(residences, persons, where),
        titles=_titles(population.titles),
        faults=population.faults,
    )


def day8(column: str) -> pl.Expr:
    """Days since 1970 as yyyymmdd."""
    day = pl.col(column).cast(pl.Int32).cast(pl.Date)
    return (day.dt.year() * 10_000 + day.dt.month().cast(pl.Int32) * 100 + day.dt.day()).cast(pl.String)


def _partly(column: str, day_unknown: pl.Expr, month_unknown: pl.Expr) -> pl.Expr:
    """The same with zeros for the parts that nobody knows."""
    whole = day8(column)
    no_month = pl.when(month_unknown).then(pl.concat_str(whole.str.head(4), pl.lit("0000")))
    return no_month.when(day_unknown).then(pl.concat_str(whole.str.head(6), pl.lit("00"))).otherwise(whole)


def _with_numbers(persons: pl.DataFrame, seed: int, taken: Ints) -> pl.DataFrame:
    numbers = {
        A_NUMBER: a_numbers(len(persons), stream(seed, "a-numbers"), taken),
        BSN: bsns(len(persons), stream(seed, "bsns")),
    }
    borne = {element: values[faults.numbers_shared(element, persons["fault"])] for element, values in numbers.items()}
    return persons.with_columns([pl.Series(element, values).cast(pl.String) for element, values in borne.items()])


def _persons(persons: pl.DataFrame) -> pl.DataFrame:
    """Categories 01 (person), 02 (a mother who is registered too) and 07 (registration), one row per person."""
    born_here = pl.col("birth_country") == NETHERLANDS
    born = _partly("born", pl.col("birth_unknown") == DAY_UNKNOWN, pl.col("birth_unknown") == MONTH_UNKNOWN)
    deed = {"01.81.10": pl.col("code"), "01.81.20": pl.lit("1AA0001")}
    document = {
        "01.82.10": pl.col("code"),
        "01.82.20": day8("recorded"),
        "01.82.30": pl.concat_str(pl.lit("paspoort "), "nationality"),
    }
    frame = persons.select(
        "person",
        "recorded",
        "mother",
        A_NUMBER,
        BSN,
        pl.col("given_names").alias("01.02.10"),
        pl.col("surname").alias("01.02.40"),
        born.alias("01.03.10"),
        pl.when(born_here).then(pl.col("code")).otherwise(pl.col("birth_place")).alias("01.03.20"),
        pl.col("birth_country").alias("01.03.30"),
        pl.col("sex").alias("01.04.10"),
        pl.lit("E").alias("01.61.10"),
        *(pl.when(born_here).then(value).alias(name) for name, value in deed.items()),
        *(pl.when(~born_here).then(value).alias(name) for name, value in document.items()),
        born.alias("01.85.10"),
        day8("recorded").alias("01.86.10"),
        day8("settled").alias("07.68.10"),
        pl.col("secrecy").cast(pl.String).alias("07.70.10"),
    )
    return (
        frame.join(_mothers(frame), on="mother", how="left", maintain_order="left")
        .with_columns(_kinship())
        .drop("mother")
    )


def _mothers(frame: pl.DataFrame) -> pl.DataFrame:
    names = [A_NUMBER, BSN, "01.02.10", "01.02.40", "01.03.10", "01.03.20", "01.03.30", "01.04.10"]
    return frame.select(pl.col("person").alias("mother"), *(pl.col(name).alias("02" + name[2:]) for name in names))


def _kinship() -> list[pl.Expr]:
    known = pl.col("02.01.10").is_not_null()
    own = {name: "01" + name[2:] for name in BESIDE_A_TIE}
    own["02.62.10"] = "01.03.10"  # the tie begins at birth
    return [pl.when(known).then(pl.col(source)).alias(name) for name, source in own.items()]


def _nationalities(persons: pl.DataFrame) -> pl.DataFrame:
    """Category 04: the date of validity of a nationality taken from a passport must be the standard value."""
    columns = ["person", "recorded", "code", "birth_country", "settled", "nationality", "reason"]
    has_second = persons.filter(pl.col("second_nationality") != "")
    second = has_second.with_columns(nationality="second_nationality", reason=pl.lit("301"))
    first, second = (frame.select(columns).with_columns(stack=at) for at, frame in enumerate((persons, second)))
    both = pl.concat([first, second]).sort("person", "stack")
    return both.select(
        "person",
        "recorded",
        pl.col("nationality").alias("04.05.10"),
        pl.col("reason").alias("04.63.10"),
        pl.col("code").alias("04.82.10"),
        day8("recorded").alias("04.82.20"),
        pl.concat_str(pl.lit("pas "), "nationality").alias("04.82.30"),
        pl.when(pl.col("birth_country") == NETHERLANDS)
        .then(day8("settled"))
        .otherwise(pl.lit("00000000"))
        .alias("04.85.10"),
        day8("recorded").alias("04.86.10"),
    )


def _endings(endings: pl.DataFrame, codes: pl.Series) -> pl.DataFrame:
    """Suspension of updating (07.67), and category 06 for who died."""
    dead = pl.col("reason") == "O"
    place = {"06.08.10": day8("since"), "06.08.20": pl.col("code"), "06.08.30": pl.lit(NETHERLANDS)}
    deed = {
        "06.81.10": pl.col("code"),
        "06.81.20": pl.lit("2AA0001"),
        "06.85.10": day8("since"),
        "06.86.10": day8("recorded"),
    }
    return endings.with_columns(codes[endings["municipality"].to_numpy()].alias("code")).select(
        "person",
        "recorded",
        day8("since").alias("07.67.10"),
        pl.col("reason").alias("07.67.20"),
        *(pl.when(dead).then(value).alias(name) for name, value in (place | deed).items()),
    )


def _residences(residences: pl.DataFrame, persons: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Category 08: either an address here (group 10 and 11) or a country abroad (13); where from and since when (14) with an address here."""
    abroad = pl.col("municipality") == REGISTRY_OF_NON_RESIDENTS
    first_dates = pl.col("since") == pl.col("settled")
    here = {
        "08.10.30": _as_settled("since", first_dates),
        "08.14.10": pl.col("country_from"),
        "08.14.20": pl.when(pl.col("country_from") != "").then(
            _partly("settled", pl.col("settlement_unknown") > 0, pl.col("settlement_unknown") == MONTH_UNKNOWN)
        ),
    }
    here |= {name: pl.col(name) for name in places.columns if name != "address"}
    there = {"08.13.10": pl.col("country_abroad"), "08.13.20": day8("since")}
    doubted = pl.col("investigated") & (pl.col("step") == 0)
    of_persons = ("country_from", "settled", "settlement_unknown", "investigated")
    joined = residences.join(places, on="address", how="left", maintain_order="left")
    joined = joined.join(persons.select("person", *of_persons), on="person", how="left", maintain_order="left")
    return joined.select(
        "person",
        "recorded",
        "incorrect_on",
        pl.col("code").alias("08.09.10"),
        _as_settled("registered", pl.col("registered") == pl.col("settled")).alias("08.09.20"),
        *(pl.when(~abroad).then(value).alias(name) for name, value in here.items()),
        *(pl.when(abroad).then(value).alias(name) for name, value in there.items()),
        pl.col("declared").alias("08.72.10"),
        pl.when(doubted).then(pl.lit(DOES_NOT_LIVE_THERE)).alias("08.83.10"),
        pl.when(doubted).then(day8("recorded")).alias("08.83.20"),
        pl.when(doubted & (pl.col("person") % 2 == 0)).then(day8("recorded")).alias("08.83.30"),
        _as_settled("since", first_dates).alias("08.85.10"),
        day8("recorded").alias("08.86.10"),
    )


def _as_settled(column: str, is_settlement: pl.Expr) -> pl.Expr:
    """The day of settlement may be known in part only; any other is known."""
    unknown = pl.col("settlement_unknown")
    return _partly(column, is_settlement & (unknown == DAY_UNKNOWN), is_settlement & (unknown == MONTH_UNKNOWN))


def _titles(titles: pl.DataFrame) -> pl.DataFrame:
    """Category 10."""
    return titles.select(
        "person",
        "recorded",
        pl.col("title").alias("10.39.10"),
        pl.when(pl.col("until") != NO_END).then(day8("until")).alias("10.39.20"),
        day8("since").alias("10.39.30"),
        day8("since").alias("10.85.10"),
        day8("recorded").alias("10.86.10"),
    )
