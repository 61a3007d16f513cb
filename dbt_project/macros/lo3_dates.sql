{#
    The days that a date of the BRP can mean: 8 digits of which the day, the month or all may be unknown (0). 20220300 is any day
    of March 2022, 00000000 any day at all. Empty for what is no date (Logisch Ontwerp BRP; OB AbstractLo3Precondities).
#}
{% macro earliest_day(delivered) -%}
    case
        when {{ delivered }} = '00000000' then date '0001-01-01'
        when pg_input_is_valid({{ _first_digits(delivered) }}, 'date') then {{ _first_digits(delivered) }}::date
    end
{%- endmacro %}

{% macro latest_day(delivered) -%}
    case
        when {{ delivered }} = '00000000' then date '9999-12-31'
        when pg_input_is_valid({{ _first_digits(delivered) }}, 'date')
            then ({{ _first_digits(delivered) }}::date + {{ _unknown_part(delivered) }} - interval '1 day')::date
    end
{%- endmacro %}

{# The unknown month and day as the first ones; empty where there are no 8 digits with a year. #}
{% macro _first_digits(delivered) -%}
    case
        when {{ delivered }} !~ '^(?!0000)[0-9]{8}$' then null
        when right({{ delivered }}, 4) = '0000' then left({{ delivered }}, 4) || '0101'
        when right({{ delivered }}, 2) = '00' then left({{ delivered }}, 6) || '01'
        else {{ delivered }}
    end
{%- endmacro %}

{% macro _unknown_part(delivered) -%}
    case
        when right({{ delivered }}, 4) = '0000' then interval '1 year'
        when right({{ delivered }}, 2) = '00' then interval '1 month'
        else interval '1 day'
    end
{%- endmacro %}
