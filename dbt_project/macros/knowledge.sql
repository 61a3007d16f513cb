{# Which builds a model that keeps history has yet to take in: all of them when it is made anew. #}
{% macro builds_to_take_in() -%}
    select
        max(build_no) as build_no,
        min(restated_from) as restated_from
    from {{ ref('int_knowledge_builds') }}
    {% if is_incremental() -%}
        where build_no > (select coalesce(max(made.build_no), 0) from {{ this }} as made)
    {%- endif %}
{%- endmacro %}

{# Of a model that keeps history, what a model on it has yet to take in. #}
{% macro where_not_taken_in() -%}
    {% if is_incremental() -%}
        where build_no > (select coalesce(max(made.build_no), 0) from {{ this }} as made)
    {%- endif %}
{%- endmacro %}

{# What is made anew: records of which something else became known, perhaps that nothing of them counts any more, and those that
   got another pseudonym (opvang rotate). #}
{% macro forget_what_is_made_anew(upstream) -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where
            record_key not in (select kept.record_key from {{ ref(upstream) }} as kept)
            or record_key in (
                select changed.record_key
                from {{ ref(upstream) }} as changed
                where changed.build_no > (select coalesce(max(made.build_no), 0) from {{ this }} as made)
            )
    {%- endif %}
{%- endmacro %}

{# The same for the first of these models, which stands on staging. #}
{% macro forget_former_keys() -%}
    {% if is_incremental() -%}
        delete from {{ this }}
        where record_key not in (select record_key from {{ ref('stg_brp__persons') }})
    {%- endif %}
{%- endmacro %}

{# What was known since a moment that a build restates is made anew. #}
{% macro forget_restated_figures() -%}
    {% if is_incremental() -%}
        with builds as (
            {{ builds_to_take_in() }}
        )

        delete from {{ this }}
        using builds
        where known_from >= builds.restated_from
    {%- endif %}
{%- endmacro %}

{# Whether rows of staging are those that a version of a person stands on, as they were known then. #}
{% macro are_of_version(rows, versions) -%}
    {{ rows }}.supplier = {{ versions }}.supplier
    and {{ rows }}.record_key = {{ versions }}.record_key
    and {{ rows }}.reference_to = {{ versions }}.version_until
    and {{ rows }}.known_from <= {{ versions }}.known_from
    and {{ rows }}.known_to > {{ versions }}.known_from
{%- endmacro %}
