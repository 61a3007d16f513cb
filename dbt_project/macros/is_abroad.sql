{# Whether a row of category 08 says that the person left the Netherlands: no municipality holds the list, or group 13 is there. #}
{% macro is_abroad(residences) -%}
    ({{ residences }}.municipality_code in ('0000', '1999')
    or {{ residences }}.country_abroad_code is not null or {{ residences }}.left_as_delivered is not null)
{%- endmacro %}
