{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}],
    pre_hook="{{ forget_what_is_made_anew('int_person_versions') }}"
) }}

with versions as (
    select * from {{ ref('int_person_versions') }}
    {{ where_not_taken_in() }}
),

definitions as (
    select min(valid_from) as first_date from {{ ref('population_definitions') }}
),

residences as (
    select
        residences.record_key,
        versions.known_from,
        versions.known_until,
        versions.build_no,
        residences.history_no,
        'GM' || residences.municipality_code as registered_in_code,
        residences.country_from_code,
        residences.settled_latest_date,
        residences.is_abroad,
        case
            when residences.is_abroad
                then coalesce(residences.left_earliest_date, residences.municipality_earliest_date, residences.validity_earliest_date)
            -- Who comes back keeps an old date of registration in the municipality; one of unknown parts begins within the definitions.
            else greatest(
                residences.municipality_earliest_date,
                residences.settled_earliest_date,
                case when residences.municipality_earliest_date < residences.municipality_latest_date then definitions.first_date end
            )
        end as from_date,
        versions.ended_on,
        versions.ended_by
    from (
        select
            rows_of_08.*,
            {{ is_abroad('rows_of_08') }} as is_abroad
        from {{ ref('stg_brp__residences') }} as rows_of_08
        where rows_of_08.incorrect_mark is null and rows_of_08.municipality_code is not null
    ) as residences
    cross join definitions
    inner join versions on {{ are_of_version('residences', 'versions') }}
),

-- History runs from the highest number to 0. A later row ends all before it, also where dates were corrected backwards.
in_order as (
    select
        *,
        min(from_date) over (later rows between 1 following and unbounded following) as next_date,
        lead(is_abroad) over later as is_abroad_next,
        count(country_from_code) over (later rows between unbounded preceding and current row) as immigration_no
    from residences
    window later as (partition by record_key, known_from order by history_no desc)
),

final as (
    select
        record_key,
        known_from,
        known_until,
        build_no,
        registered_in_code,
        from_date,
        least(next_date, ended_on) as to_date,
        case
            when ended_on <= coalesce(next_date, 'infinity') then ended_by
            when is_abroad_next then 'emigrated'
        end as left_by,
        -- A row that doesn't repeat where somebody came from leaves it as it was.
        max(country_from_code) over immigration as country_from_code,
        max(settled_latest_date) over immigration as settled_latest_date
    from in_order
    where not is_abroad and from_date < least(next_date, ended_on)
    window immigration as (partition by record_key, known_from, immigration_no)
)

select * from final
