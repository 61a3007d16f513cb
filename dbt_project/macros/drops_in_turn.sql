{# dbt drops what it has replaced together with the views on it. Two relations that carry the same views, dropped at once, lock them each
   in the order of the catalogue, and these orders differ: a deadlock. So one is dropped after the other; it takes milliseconds. Not
   in marts: nothing stands on them but each other's keys, and their drops wait for readers, for whom no other model should wait. #}

{% macro postgres__drop_view(relation) -%}
    {{ wait_for_turn(relation) }} drop view if exists {{ relation }} cascade
{%- endmacro %}

{% macro postgres__drop_table(relation) -%}
    {{ wait_for_turn(relation) }} drop table if exists {{ relation }} cascade
{%- endmacro %}

{% macro wait_for_turn(relation) -%}
    {%- if relation.schema != 'marts' -%}
        select pg_advisory_xact_lock(hashtextextended('opvang drop', 0));
    {%- endif -%}
{%- endmacro %}
