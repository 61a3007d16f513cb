"""Great Expectations' Data Docs of a batch: one page with every rule, whether it held, and how many records broke it."""

import logging
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from opvang import settings
from opvang.contract import contract
from opvang.expectations import Expectation, expectations

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult
    from great_expectations.render.view import DefaultJinjaPageView

log = logging.getLogger(__name__)
SITE = settings.HOME / "data-docs"
VIEWS = Path(__file__).parent / "templates"


def page(source: str, batch_id: int) -> Path:
    """The place of a batch's page."""
    return SITE / source / f"{batch_id}.html"


def build(
    source: str, batch_id: int, results: Sequence["ExpectationSuiteValidationResult"], broken: Mapping[str, int]
) -> None:
    """Write the page of a batch. A disk that can't take it is one line in the log: the gate goes on without."""
    rules = {rule.rule: rule for rule in expectations(contract(source))}
    for result in results:
        _put_in_words(result, rules, broken)
    try:
        _write(page(source, batch_id), _render(f"{source} batch {batch_id}", results))
        log.info(
            "  every rule, in words: %s, and the button Data Docs in Airflow (task validate, Details)",
            page(source, batch_id),
        )
    except OSError as error:
        log.warning("no Data Docs of %s batch %d: %s: %s", source, batch_id, error.strerror, error.filename)


def forget(source: str, before: float) -> None:
    """Remove the pages of a source that were written before a moment, in seconds since 1970."""
    for path in (SITE / source).glob("*.html"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _put_in_words(
    result: "ExpectationSuiteValidationResult", rules: Mapping[str, Expectation], broken: Mapping[str, int]
) -> None:
    """Say each rule with its reason, and as outcome only a number: what Great Expectations returns holds queries."""
    for outcome in result.results:
        rule = rules[outcome.expectation_config.meta["rule"]]
        outcome.expectation_config.description = (
            f"{rule.rule} ({rule.severity}). Broken when: {rule.reason}. Reference: {rule.reference}".replace("$", "$$")
        )
        # A rule that refuses deliveries whole breaks no record.
        outcome.result = {"observed_value": broken.get(rule.rule, 0 if outcome.success else "deliveries refused")}


def _render(title: str, results: Sequence["ExpectationSuiteValidationResult"]) -> str:
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    # The run's own information, the last section of each, is about Great Expectations and not about the batch.
    documents = [ValidationResultsPageRenderer(run_info_at_end=True).render(result) for result in results]
    document = documents[0]
    document.sections = [section for each in documents for section in each.sections[:-1]]
    document.page_title = title
    return str(_view().render(document, template="batch.j2"))


@cache
def _view() -> "DefaultJinjaPageView":
    """Great Expectations' templates with ours before them: each is compiled once."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView(custom_views_directory=str(VIEWS))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{os.getpid()}-{path.name}")
    draft.write_text(text)
    draft.rename(path)
