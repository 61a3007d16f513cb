{# Of several deliveries of one contract: the value of the form that is believed first, of those that tell it. #}
{% macro most_precise(column, order='precedence, supplier, record_key') %}
    (array_agg({{ column }} order by {{ order }}) filter (where {{ column }} is not null))[1]
{%- endmacro %}
