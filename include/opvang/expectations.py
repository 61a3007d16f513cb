"""The only reader of expectations/<source>.yml: what must hold of a load, in Great Expectations' own words."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from opvang import settings
from opvang.contract import Contract
from opvang.errors import ContractError

FOLDER = settings.PROJECT / "expectations"
DELIVERIES = "deliveries"
SEVERITIES = ("critical", "warning")


@dataclass(frozen=True)
class Expectation:
    """One rule: a Great Expectations type with its arguments, and why it must hold.

    critical: the record is quarantined (on `deliveries`: the delivery is refused); warning: it is flagged and published.
    """

    table: str
    rule: str
    type: str
    kwargs: dict[str, Any]
    severity: str
    reference: str
    reason: str
    correction: str | None = None  # what the supplier should do, where the reason doesn't tell


@cache
def expectations(contract: Contract) -> tuple[Expectation, ...]:
    """Every rule of a source, those on its tables first; ContractError for a file that says something else."""
    path = FOLDER / f"{contract.source}.yml"
    try:
        suites = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        rules = tuple(_expectation(table, entry) for table, entries in suites.items() for entry in entries)
    except FileNotFoundError:
        raise ContractError(f"{contract.source} has no expectations; write expectations/{path.name}") from None
    except (KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ContractError(
            f"expectations/{path.name}: {type(error).__name__} {error}; every rule has type, kwargs, severity and meta (rule, reference, reason)"
        ) from error
    _check(path.name, contract, rules)
    return rules


def _expectation(table: str, entry: dict[str, Any]) -> Expectation:
    meta = entry["meta"]
    rule, correction = meta["rule"], meta.get("correction")
    return Expectation(
        table, rule, entry["type"], entry["kwargs"], entry["severity"], meta["reference"], meta["reason"], correction
    )


def _check(file: str, contract: Contract, rules: tuple[Expectation, ...]) -> None:
    tables = {table.name for table in contract.tables} | {DELIVERIES}
    names = [rule.rule for rule in rules]
    for rule in rules:
        if rule.table not in tables:
            raise ContractError(f"expectations/{file}: the contract has no table {rule.table}")
        if rule.severity not in SEVERITIES:
            raise ContractError(
                f"expectations/{file}: rule {rule.rule} has severity {rule.severity}; it is critical or warning"
            )
        if names.count(rule.rule) > 1:
            raise ContractError(f"expectations/{file}: rule {rule.rule} stands there twice")
