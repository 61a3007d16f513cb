{# How an organisation is known wherever it is named: the register of its number and the number, without blanks, in capitals. #}
{% macro organisation_number(scheme, number) -%}
    {{ scheme }} || ':' || upper(regexp_replace({{ number }}, '\s', '', 'g'))
{%- endmacro %}
