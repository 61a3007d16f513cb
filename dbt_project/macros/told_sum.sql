{# The sum over rows of a condition: 0 where no row meets it, empty where nothing is told of those that do. #}
{% macro told_sum(column, condition) %}
    coalesce(sum({{ column }}) filter (where {{ condition }}), case when not bool_or({{ condition }}) then 0 end)
{%- endmacro %}
