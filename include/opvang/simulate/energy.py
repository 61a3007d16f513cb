"""The contracts of the simulation as they are delivered: OCDS packages, a few registers as CSV, and a few notices beside them."""

from collections.abc import Iterator
from datetime import date, timedelta

from opvang.simulate import energy_notice, energy_ocds, energy_register
from opvang.simulate.agreements import Agreement, agreements
from opvang.simulate.chance import stream
from opvang.simulate.delivery import Delivery, moment

MONDAY, WEEK = 0, timedelta(days=7)
ONE_IN_REGISTER, ONE_IN_RECORDS = 25, 10
NOTICES, FIRST_NOTICE_NUMBER = 8, 202101


def contracts(first: date, last: date, seed: int) -> list[Delivery]:
    """What is delivered on these days: on the first all that is known, later each Monday of those that have something new to tell."""
    portfolios = _portfolios(seed)
    made = [_delivery(code, own, first, seed) for code, own in portfolios.items()]
    made += _notices(first, seed)
    for monday in mondays(first, last):
        since = max(monday - WEEK, first)
        made += [
            _delivery(code, own, monday, seed)
            for code, own in portfolios.items()
            if any(since < day <= monday for one in own for day in one.changes())
        ]
    return made


def _portfolios(seed: int) -> dict[str, list[Agreement]]:
    """The contracts of each municipality that concluded any."""
    found: dict[str, list[Agreement]] = {}
    for agreement in agreements(seed):
        found.setdefault(agreement.lead["gm_code"], []).append(agreement)
    return dict(sorted(found.items()))


def mondays(first: date, last: date) -> Iterator[date]:
    """The Mondays after the first day, up to the last."""
    day = first + timedelta(days=(MONDAY - first.weekday()) % 7)
    while day <= last:
        if day > first:
            yield day
        day += WEEK


def _delivery(code: str, own: list[Agreement], day: date, seed: int) -> Delivery:
    """All contracts of a municipality as they stand on that day, in the form that it always uses."""
    signed = [one for one in own if one.signed <= day]
    chosen = int(stream(seed, "energy form", code).integers(ONE_IN_REGISTER * ONE_IN_RECORDS))
    if chosen % ONE_IN_REGISTER == 0:
        name, content = f"{code}_{day}.csv", energy_register.table(signed, day)
    else:
        as_records = chosen % ONE_IN_RECORDS == 1
        name, content = f"{code}_{day}.json", energy_ocds.package(code, signed, day, as_records=as_records)
    received = moment(day, 10, stream(seed, "energy delivery", code, day), 360)
    return Delivery("energy_contracts", code, day, name, content, received)


def _notices(first: date, seed: int) -> Iterator[Delivery]:
    """Contracts that the national portal tells of, too; of every other one without the buyer's own number."""
    alone = [
        one
        for one in agreements(seed)
        if len(one.shares) == 1 and one.signed < first and not one.news and not one.is_named_only
    ]
    chosen = stream(seed, "energy notices").permutation(len(alone))[:NOTICES].tolist()
    for at, position in enumerate(sorted(chosen)):
        number = FIRST_NOTICE_NUMBER + at
        content = energy_notice.notice(alone[position], stream(seed, "energy notice", at), with_reference=at % 2 == 0)
        received = moment(first, 9, stream(seed, "energy notice received", at), 60)
        yield Delivery("energy_contracts", f"tenderned-{number}", first, f"{number}.xml", content, received)
