"""docs/brp-rules.md: every rule on a person list, and how many lists of the RvIG test set break it. Print it: python -m tests.warehouse.rvig_rules."""

from opvang.contract import contract
from opvang.expectations import DELIVERIES, expectations
from tests.warehouse import rvig_count

HEAD = """# The rules on a person list

Made by `python -m tests.warehouse.rvig_rules > docs/brp-rules.md` from [expectations/brp.yml](../expectations/brp.yml); don't edit. The last column
is how many of the 687 person lists of [RvIG's public test set](../include/deliveries/README.md) (2 May 2022) break the rule, counted over the raw
file by plain Python ([tests/warehouse/rvig_count.py](../tests/warehouse/rvig_count.py)); a test compares it with what the gate finds.

PRE…, STRUC…, LENGTE, NUMERIEK, TELETEX and LB… are the codes of the BRP's own preconditions (MinBZK/OperatieBRP). **critical**: the record is kept
aside, because the fault leaves the person unidentified, unplaced or undated for the figures. **warning**: the record is published, flagged and counted.
Nothing is repaired: the municipality mends it (terugmelden, Wet BRP art. 2.34).
"""
COLUMNS = "| rule | severity | reference | what is wrong | test set |\n| --- | --- | --- | --- | ---: |"


def document() -> str:
    """The page."""
    counted = rvig_count.of_test_set()
    rules = [rule for rule in expectations(contract("brp")) if rule.table != DELIVERIES]
    tables = dict.fromkeys(rule.table for rule in rules)
    lines = [
        f"| `{rule.rule}` | {rule.severity} | {rule.reference} | {rule.reason} | {counted.get(rule.rule, 0)} |"
        for rule in rules
    ]
    of_table = {
        table: [line for rule, line in zip(rules, lines, strict=True) if rule.table == table] for table in tables
    }
    parts = [f"\n## {table}\n\n{COLUMNS}\n" + "\n".join(own) + "\n" for table, own in of_table.items()]
    return HEAD + "".join(parts)


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201
