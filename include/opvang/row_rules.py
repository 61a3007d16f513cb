"""Great Expectations' way to extend it: kinds of expectations of our own. Only validate imports this; it takes seconds."""

from typing import Any

import sqlalchemy as sa
from great_expectations.core.metric_domain_types import MetricDomainTypes
from great_expectations.core.metric_function_types import MetricPartialFunctionTypes
from great_expectations.execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.core import UnexpectedRowsExpectation
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_partial
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

COUNT = "table.rows_where"


class RowsWhere(TableMetricProvider):  # type: ignore[misc]  # Great Expectations has no types of its own
    """How many rows meet a condition. As an aggregate it is bundled: one scan counts for all rules of a table."""

    metric_name = COUNT
    value_keys = ("condition",)

    @metric_partial(  # type: ignore[untyped-decorator]
        engine=SqlAlchemyExecutionEngine,
        partial_fn_type=MetricPartialFunctionTypes.AGGREGATE_FN,
        domain_type=MetricDomainTypes.TABLE,
    )
    def _count(
        cls, metric_domain_kwargs: dict[str, Any], metric_value_kwargs: dict[str, Any], **_: Any
    ) -> tuple[sa.ColumnElement[int], dict[str, Any], dict[str, Any]]:
        condition: sa.ColumnElement[bool] = sa.literal_column(f"({metric_value_kwargs['condition']})")
        return sa.func.count().filter(condition), metric_domain_kwargs, {}


class ExpectNoRowWhere(BatchExpectation):  # type: ignore[misc]
    """No row of the batch meets the condition, which is SQL over one row."""

    condition: str

    metric_dependencies = (COUNT,)
    success_keys = ("condition",)

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, bool]:
        return {"success": metrics[COUNT] == 0}


class UnexpectedRowsCountedExpectation(UnexpectedRowsExpectation):  # type: ignore[misc]
    """UnexpectedRowsExpectation, which also fetches every failing row, without that: whether there are any is all that is asked."""

    metric_dependencies = ("unexpected_rows_query.row_count",)

    def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, bool]:
        return {"success": metrics["unexpected_rows_query.row_count"] == 0}
