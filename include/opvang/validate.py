"""validate: what was landed against the contract's keys and the expectations; one Great Expectations run for the whole batch."""

import logging
import re
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from traceback import format_exception
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL

from opvang import account, data_docs, ledger, settings, warehouse
from opvang.contract import Contract, contract
from opvang.errors import ContractError, OpvangError
from opvang.expectations import DELIVERIES, Expectation, expectations
from opvang.messages import one_line, without_identifiers
from opvang.schema import batch_view, landing_table
from opvang.warehouse import Connection

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.datasource.fluent import PostgresDatasource
    from great_expectations.expectations.expectation import Expectation as Kind

INDEX = ["delivery_id", "record_no"]
RESULT_FORMAT = {
    "result_format": "BOOLEAN_ONLY",
    "unexpected_index_column_names": INDEX,
    "return_unexpected_index_query": True,
}
OWN_QUERY, CONDITION = "unexpected_rows_query", "condition"


def validate(source: str, batch_id: int) -> dict[str, int]:
    """Note every breach of a rule in the batch; returns how many breaches each rule has."""
    terms = contract(source)
    rules = expectations(terms)
    with warehouse.connect() as holder:
        ledger.check_batch(holder, source, batch_id, after="land")
        with _in_our_words():
            engine = _begun(terms, batch_id, {batch_view(source, rule.table) for rule in rules})
            results = _check(engine, terms, batch_id, [rule for rule in rules if rule.table != DELIVERIES])
            results += _check(engine, terms, batch_id, [rule for rule in rules if rule.table == DELIVERIES])
        ledger.note_step(holder, batch_id, "validated")
        broken = {
            row["rule"]: row["records"] for row in warehouse.run(holder, "breaches_by_rule", {"batch_id": batch_id})
        }
        account.validated(holder, source, batch_id, broken)
    data_docs.build(source, batch_id, results, broken)
    return broken


def _begun(terms: Contract, batch_id: int, places: Collection[str]) -> "PostgresDatasource":
    """The engine, once the batch is begun: PostgreSQL looks for double keys while Great Expectations is imported."""
    with ThreadPoolExecutor(1) as beside:
        beginning = beside.submit(_begin, terms, batch_id)
        _import()
        # Before the engine asks for anything: what broke the one off may keep the other waiting.
        beginning.result()
    return _engine(batch_id, places)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """PostgreSQL breaking off, which Great Expectations wraps in errors of its own, as the ServerError that it is."""
    try:
        yield
    except OpvangError:
        raise
    except Exception as error:
        if breakdown := warehouse.breakdown_in("".join(format_exception(error))):
            raise breakdown from None
        raise


def _begin(terms: Contract, batch_id: int) -> None:
    """Forget what an earlier look at the batch found; until this one ends, it isn't validated."""
    with warehouse.connect() as connection:
        ledger.note_step(connection, batch_id, "unvalidated")
        warehouse.run(connection, "clear_findings", {"batch_id": batch_id})
        for table in terms.tables:
            _note_double_keys(connection, terms, table.name, batch_id)


def _note_double_keys(connection: Connection, terms: Contract, table: str, batch_id: int) -> None:
    if table != terms.tables[0].name and not terms.one_table_a_file:
        return
    values = {"batch_id": batch_id, "reference": f"contract {terms.source}.{table}"}
    warehouse.run(connection, "note_double_keys", values, table=landing_table(terms.source, table))


def _check(
    engine: "PostgresDatasource", terms: Contract, batch_id: int, rules: Sequence[Expectation]
) -> list["ExpectationSuiteValidationResult"]:
    """Evaluate the rules of each table, then note the keys of what broke them: by SQL, no value leaves the database."""
    tables = dict.fromkeys(rule.table for rule in rules)
    results = {table: _evaluate(engine, terms, table, rules) for table in tables}
    for table, result in results.items():
        with warehouse.connect() as connection:
            warehouse.run(connection, "set_batch", {"batch_id": str(batch_id)})
            _note_table(connection, terms, batch_id, table, _broken(terms, table, rules, result))
    return list(results.values())


def _note_table(
    connection: Connection, terms: Contract, batch_id: int, table: str, broken: Sequence[tuple[Expectation, str]]
) -> None:
    """Conditions over the rows of a table are noted together, in one scan; each other rule has a query of its own."""
    together = [rule for rule, _ in broken if CONDITION in rule.kwargs and table != DELIVERIES]
    if together:
        _note_rows(connection, batch_id, batch_view(terms.source, table), together)
    for rule, query in broken:
        if rule not in together:
            _note(connection, batch_id, rule, query)


def _note_rows(connection: Connection, batch_id: int, place: str, broken: Sequence[Expectation]) -> None:
    conditions = [f"({rule.kwargs[CONDITION]})" for rule in broken]
    rules = [f"('{rule.rule}', {condition})" for rule, condition in zip(broken, conditions, strict=True)]
    warehouse.run(
        connection,
        "find_broken_rows",
        view=place,
        any_condition=warehouse.fragment(" or ".join(conditions)),
        rules=warehouse.fragment(f"values {', '.join(rules)}"),
    )
    values = {
        "batch_id": batch_id,
        "rule": [rule.rule for rule in broken],
        "severity": [rule.severity for rule in broken],
        "reference": [rule.reference for rule in broken],
        "reason": [rule.reason for rule in broken],
    }
    warehouse.run(connection, "note_broken_rows", values)


def _evaluate(
    engine: "PostgresDatasource", terms: Contract, table: str, rules: Sequence[Expectation]
) -> "ExpectationSuiteValidationResult":
    declared = [rule for rule in rules if rule.table == table]
    result = _run(engine, batch_view(terms.source, table), declared)
    if len(result.results) != len(declared):
        raise ContractError(
            f"{terms.source}.{table}: {len(declared)} rules declared, {len(result.results)} evaluated; see expectations/{terms.source}.yml"
        )
    return result


def _broken(
    terms: Contract, table: str, rules: Sequence[Expectation], result: "ExpectationSuiteValidationResult"
) -> list[tuple[Expectation, str]]:
    """The rules of one table that were broken, each with the query for the keys of what broke it."""
    declared = {rule.rule: rule for rule in rules if rule.table == table}
    place = batch_view(terms.source, table)
    broken = []
    for outcome in result.results:
        rule = declared[outcome.expectation_config.meta["rule"]]
        _raise_own_fault(terms, rule, outcome.exception_info or {})
        if not outcome.success:
            broken.append((rule, _failing_keys(rule, place, outcome.result)))
    return broken


def _failing_keys(rule: Expectation, place: str, result: dict[str, Any]) -> str:
    if CONDITION in rule.kwargs:
        return f"select delivery_id, record_no from {place} where {rule.kwargs[CONDITION]}"
    if OWN_QUERY in rule.kwargs:
        return str(rule.kwargs[OWN_QUERY]).replace("{batch}", f"{place} as subselect")
    return str(result["unexpected_index_query"]).rstrip().rstrip(";")


def _raise_own_fault(terms: Contract, rule: Expectation, info: dict[str, Any]) -> None:
    """An exception inside a result is our fault, or PostgreSQL's, not the data's."""
    entries = [info] if "raised_exception" in info else list(info.values())
    if raised := [entry for entry in entries if entry["raised_exception"]]:
        message = str(raised[0]["exception_message"])
        if breakdown := warehouse.breakdown_in(message):
            raise breakdown
        reason = without_identifiers(re.sub(r"\s+", " ", message))[:300]
        raise ContractError(f"expectations/{terms.source}.yml: rule {rule.rule} can't be evaluated: {reason}")


def _note(connection: Connection, batch_id: int, rule: Expectation, query: str) -> None:
    """Write down the keys that a query finds; they go from the database into the database."""
    keys = warehouse.fragment(query)
    if rule.table == DELIVERIES and rule.severity == "critical":
        reason = one_line(f"{rule.reason} ({rule.rule})")
        warehouse.run(connection, "refuse_deliveries", {"reason": reason}, keys=keys)
        return
    values = {
        "batch_id": batch_id,
        "rule": rule.rule,
        "severity": rule.severity,
        "reference": rule.reference,
        "reason": rule.reason,
    }
    warehouse.run(connection, "note_breaches", values, keys=keys)


def _import() -> None:
    """Great Expectations takes seconds to import, which the other verbs need not wait."""
    # It says hundreds of lines, from its import on; the module of the progress bars sets its own level.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations.datasource.fluent.sql_datasource  # noqa: F401


def _engine(batch_id: int, places: Collection[str]) -> "PostgresDatasource":
    """Great Expectations on the views of the warehouse through which one batch is seen."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.datasource.fluent.sql_datasource import TableAsset

    login = settings.connection("loader")
    url = URL.create(
        "postgresql+psycopg",
        username=login["user"],
        password=login["password"],
        host=login["host"],
        port=login["port"],
        database=login["dbname"],
        query={"options": f"-c opvang.batch_id={batch_id}"},
    )
    logging.getLogger(ProgressBarsConfig.__module__).setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    # Named together: at each that is added, Great Expectations would write its whole configuration down again.
    named = ((place, *place.split(".")) for place in places)
    tables = [TableAsset(name=place, schema_name=schema, table_name=table) for place, schema, table in named]
    return context.data_sources.add_postgres(
        "warehouse", connection_string=url.render_as_string(hide_password=False), assets=tables
    )


def _run(engine: "PostgresDatasource", place: str, rules: Sequence[Expectation]) -> "ExpectationSuiteValidationResult":
    import great_expectations as gx

    table = engine.get_asset(place)
    suite = gx.ExpectationSuite(name=place)
    for rule in rules:
        suite.add_expectation(_kind(rule)(**rule.kwargs, severity=rule.severity, meta={"rule": rule.rule}))
    return table.get_batch(table.build_batch_request()).validate(suite, result_format=RESULT_FORMAT)


def _kind(rule: Expectation) -> type["Kind"]:
    from great_expectations.expectations.registry import get_expectation_impl

    from opvang import row_rules  # it registers expect_no_row_where

    return row_rules.UnexpectedRowsCountedExpectation if OWN_QUERY in rule.kwargs else get_expectation_impl(rule.type)
