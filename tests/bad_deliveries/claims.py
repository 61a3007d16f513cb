"""Claims that nobody should have sent."""

from datetime import date
from functools import partial

from opvang.settings import PROJECT
from tests.bad_deliveries import PERSON, Kind, Source, templates
from tests.bad_deliveries.brp import GM
from tests.bad_deliveries.templates import PUBLISHED, REFUSED, kinds, rows

HEADINGS = (PROJECT / "docs/templates/claims.csv").read_text(encoding="utf-8-sig").strip()


def table(supplier: str, claims: int = 4) -> str:
    """Fines, all of them paid."""
    row = f"{supplier};;2021-0417;boete;12500,50;03-01-2022;12000,00;01-02-2022;12000,00;05-02-2022"
    return "\n".join([HEADINGS, *(f"2022-{number};{row}" for number in range(claims)), ""])


def good(supplier: str, _day: date) -> bytes:
    return table(supplier).encode()


last_row = partial(templates.last_row, table)
NONE_DECIDED = "12000,00;01-02-2022;12000,00;05-02-2022"
KINDS = (
    *kinds(table, "penvoerder", "the delivery has no claim"),
    Kind("a supplier who may not deliver", good, REFUSED, "VR13 may not deliver claims", "VR13"),
    Kind("ten times the usual volume", lambda by, _: table(by, 41).encode(), REFUSED, "more than five times as many claims"),
    Kind("the very file of an earlier day", good, PUBLISHED, "claims_are_new"),
    rows(table, "another municipality's claims", lambda made: made.replace(";GM", ";XX"), "more than half of the claims"),
    last_row("a claim without its number", "2022-3", "", "claim_id_is_present"),
    last_row("the same claim twice", "2022-3", "2022-2", "key_is_unique"),
    last_row("a claim of another municipality", ";GM", ";GM9", "claim_is_the_suppliers_own"),
    last_row("a kind that nobody knows", "boete", "advocaatkosten", "claim_kind_is_known"),
    last_row("no kind", "boete", "", "kind_is_present"),
    last_row("thousands with points", "12500,50", "12.500,50", "claimed_eur_is_number"),
    last_row("an amount in words", "12500,50", PERSON, "claimed_eur_is_number"),
    last_row("an amount beyond its range", "12500,50", "1000000000000", "claimed_eur_is_number"),
    last_row("no amount", "12500,50", "", "claimed_eur_is_present"),
    last_row("a formula in place of an amount", "12500,50", "=SOM(A1:A9)", "claimed_eur_is_number"),
    last_row("30 February", "03-01-2022", "30-02-2022", "claimed_date_is_date"),
    last_row("an amount below 0", "12000,00;05-02-2022", "-1;05-02-2022", "amounts_are_not_negative"),
    last_row("more approved than claimed", "12500,50", "11000", "approved_is_within_the_claim"),
    last_row("more paid than approved", NONE_DECIDED, "12000,00;01-02-2022;12000,01;05-02-2022", "paid_is_within_the_claim"),
    last_row("an advance beyond the claim", NONE_DECIDED, ";;12500,51;05-02-2022", "paid_is_within_the_claim"),
    last_row("an advance before the decision", NONE_DECIDED, ";;5000;05-02-2022", "", PUBLISHED),
    last_row("a price difference that was paid", "boete", "prijsverschil", "price_difference_is_not_compensated", PUBLISHED),
    last_row("a decision without its day", NONE_DECIDED, "12000,00;;12000,00;05-02-2022", "decision_has_its_day_and_amount", PUBLISHED),
    last_row("a payment without its day", ";05-02-2022", ";", "payment_has_its_day_and_amount", PUBLISHED),
    last_row("decided before it was claimed", ";01-02-2022", ";02-01-2022", "decision_comes_after_the_claim", PUBLISHED),
    last_row("paid on a day to come", "05-02-2022", "05-02-2032", "claim_tells_of_the_past", PUBLISHED),
    last_row("a lead buyer by its name", ";;2021", ";Amsterdam;2021", "lead_buyer_is_a_municipality", PUBLISHED),
    last_row("a formula in a contract's number", "2021-0417", "=cmd|' /C calc'!A0", "", PUBLISHED),
)  # fmt: skip
SOURCE = Source("claims", "claims.csv", good, GM[:80], date(2022, 4, 4), KINDS)
