{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_former_keys() }}"
) }}

with builds as (
    {{ builds_to_take_in() }}
),

-- When something else became known of a record, or who speaks for its municipality.
moments as (
    {% for table in ['stg_brp__persons', 'stg_brp__residences', 'stg_brp__nationalities', 'stg_brp__residence_titles'] -%}
        select
            known.record_key,
            moment.known_from
        from {{ ref(table) }} as known
        cross join lateral (values (known.known_from), (known.known_to)) as moment (known_from)
        where moment.known_from < 'infinity'
        union all
    {% endfor -%}
    select
        residing.record_key,
        spokesmen.known_from
    from {{ ref('int_known_residences') }} as residing
    inner join {{ ref('int_known_spokesmen') }} as spokesmen
        on
            residing.municipality_code = spokesmen.municipality_code
            and residing.known_from < spokesmen.known_from
            and residing.known_to > spokesmen.known_from
),

of_changed as (
    select distinct
        record_key,
        known_from
    from moments
    {% if is_incremental() -%}
        where record_key in (
            select changed.record_key
            from moments as changed
            inner join builds on changed.known_from >= builds.restated_from
            union all
            select persons.record_key
            from {{ ref('stg_brp__persons') }} as persons
            where persons.record_key not in (select made.record_key from {{ this }} as made)
        )
    {%- endif %}
),

final as (
    select
        of_changed.record_key,
        of_changed.known_from,
        lead(of_changed.known_from, 1, 'infinity') over (
            partition by of_changed.record_key order by of_changed.known_from
        ) as known_until,
        builds.build_no
    from of_changed
    inner join builds on builds.build_no is not null
)

select * from final
