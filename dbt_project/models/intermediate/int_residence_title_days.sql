{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_what_is_made_anew('int_person_versions') }}"
) }}

with persons as (
    select * from {{ ref('int_person_versions') }}
    {{ where_not_taken_in() }}
),

titles as (
    select
        titles.record_key,
        persons.known_from,
        persons.build_no,
        titles.residence_title_code,
        coalesce(titles.title_start_earliest_date, titles.validity_earliest_date) as from_date,
        -- Until its own end, and no longer than until the next one was recorded.
        least(
            coalesce(titles.title_end_earliest_date, 'infinity'),
            lag(titles.recorded_earliest_date) over (partition by titles.record_key, persons.known_from order by titles.history_no)
        ) as to_date
    from {{ ref('stg_brp__residence_titles') }} as titles
    inner join persons on {{ are_of_version('titles', 'persons') }}
    where titles.incorrect_mark is null
),

final as (
    select
        record_key,
        known_from,
        build_no,
        residence_title_code,
        daterange(from_date, to_date) as days
    from titles
    where from_date < to_date
)

select * from final
