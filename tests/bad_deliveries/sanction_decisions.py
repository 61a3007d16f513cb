"""Authorisations that no ministry should have sent."""

from datetime import date
from functools import partial

from opvang.settings import PROJECT
from tests.bad_deliveries import BSN, Kind, Source, templates
from tests.bad_deliveries.templates import PUBLISHED, REFUSED, kinds, rows

HEADINGS = (PROJECT / "docs/templates/sanction_decisions.csv").read_text(encoding="utf-8-sig").strip()


def table(_supplier: str, decisions: int = 4) -> str:
    """A municipality each, authorised for what it buys from one supplier."""
    row = "EZK;06-01-2022;06-01-2022;31-12-2022;;Amsterdam;;GM0363;;2021-0417;Gazprom Energy;NL-SIM;NL-SIM-GAS"
    return "\n".join([HEADINGS, *(f"2022/{number};{row}" for number in range(decisions)), ""])


def good(supplier: str, _day: date) -> bytes:
    return table(supplier).encode()


last_row = partial(templates.last_row, table)
KINDS = (
    *kinds(table, "penvoerder", "the delivery has no decision"),
    Kind("a supplier who may not deliver", good, REFUSED, "GM0363 may not deliver sanction_decisions", "GM0363"),
    Kind("ten times the usual volume", lambda by, _: table(by, 41).encode(), REFUSED, "more than five times as many decisions"),
    Kind("the very file of an earlier day", good, PUBLISHED, "decisions_are_new"),
    rows(table, "every authorisation ends before it begins", lambda made: made.replace("31-12-2022", "31-12-2021"), "more than half of the decisions"),
    last_row("a decision without its reference", "2022/3", "", "decision_reference_is_present"),
    last_row("one reference, two ends", "2022/3;EZK;06-01-2022;06-01-2022;31-12-2022", "2022/2;EZK;06-01-2022;06-01-2022;31-03-2023", "key_is_unique"),
    last_row("no last day", "31-12-2022", "", "valid_until_date_is_present"),
    last_row("30 February", "31-12-2022", "30-02-2022", "valid_until_date_is_date"),
    last_row("until further notice", "31-12-2022", "tot nader order", "valid_until_date_is_date"),
    last_row("an end before the beginning", "31-12-2022", "05-01-2022", "authorisation_ends_after_it_begins"),
    last_row("nobody decided", "EZK", "", "deciding_body_is_present"),
    last_row("nobody is authorised", "GM0363", "", "holder_number_is_present"),
    last_row("a person is authorised", ";GM0363", f"NL-BSN;{BSN}", "holder_number_is_present"),
    last_row("neither a contract nor a supplier", "2021-0417;Gazprom Energy;NL-SIM;NL-SIM-GAS", ";Gazprom Energy;;", "authorisation_says_what_for"),
    last_row("a person supplies", "2021-0417;Gazprom Energy;NL-SIM;NL-SIM-GAS", f";;NL-BSN;{BSN}", "authorisation_says_what_for"),
    last_row("a municipality that there isn't", "GM0363", "GM9999", "holder_is_a_municipality", PUBLISHED),
    last_row("a lead buyer by its name", ";;2021", ";Utrecht;2021", "lead_buyer_is_a_municipality", PUBLISHED),
    last_row("a KvK number that lost its zeros", "NL-SIM;NL-SIM-GAS", ";1234567", "kvk_number_has_8_digits", PUBLISHED),
    last_row("decided on a day to come", "EZK;06-01-2022", "EZK;06-12-2022", "decision_is_taken", PUBLISHED),
    last_row("decided after it ended", "06-01-2022;06-01-2022;31-12-2022", "06-03-2022;06-01-2022;31-01-2022", "decision_comes_before_the_end", PUBLISHED),
    last_row("the same body twice", "2022/3", "2022/2", "", PUBLISHED),
    last_row("a formula in place of a condition", ";31-12-2022;", ";31-12-2022;=cmd|' /C calc'!A0", "", PUBLISHED),
)  # fmt: skip
SOURCE = Source("sanction_decisions", "decisions.csv", good, ("ezk",), date(2022, 4, 4), KINDS)
