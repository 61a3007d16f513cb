{# Who falls under a rule on a day, in the country as in a region: a contract of several municipalities counts once in each. #}
{% macro sanctioned_figures() -%}
    count(distinct municipality_code) filter (where answer = 'yes')::integer as municipalities,
    count(distinct contract) filter (where answer = 'yes')::integer as contracts,
    count(distinct municipality_code) filter (where answer = 'yes' and authorised_until_date is not null)::integer
        as municipalities_authorised,
    count(distinct contract) filter (where answer = 'yes' and authorised_until_date is not null)::integer as contracts_authorised,
    count(distinct municipality_code) filter (where answer = 'may_be')::integer as municipalities_may_be,
    count(distinct contract) filter (where answer = 'may_be')::integer as contracts_may_be
{%- endmacro %}
