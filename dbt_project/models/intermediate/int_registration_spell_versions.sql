{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}, {'columns': ['known_from']}, {'columns': ['known_until']}],
    pre_hook=["{{ forget_what_is_made_anew('int_registration_stays') }}", "set local enable_nestloop = off"]
) }}

-- PostgreSQL expects a handful of rows where there are thousands, and would loop over them for minutes: hence the setting.

with stays as (
    select * from {{ ref('int_registration_stays') }}
    {{ where_not_taken_in() }}
),

in_order as (
    select
        definition,
        record_key,
        known_from,
        known_until,
        build_no,
        municipality_code,
        lower(days) as from_date,
        coalesce(upper(days), 'infinity') as to_date,
        lag(municipality_code) over spells as municipality_before,
        coalesce(lag(upper(days)) over spells = lower(days), false) as goes_on_from,
        lead(municipality_code) over spells as municipality_after,
        coalesce(lead(lower(days)) over spells = upper(days), false) as goes_on_to
    from stays
    window spells as (partition by definition, record_key, known_from order by lower(days))
),

with_reasons as (
    select
        in_order.definition,
        in_order.record_key,
        in_order.municipality_code,
        in_order.from_date,
        in_order.to_date,
        case
            when came_with.merger_date is not null then 'boundary_change'
            when in_order.goes_on_from then 'moved_in'
            else coalesce(arrivals.came_by, 'other_in')
        end as came_by,
        case
            when went_with.merger_date is not null then 'boundary_change'
            when in_order.goes_on_to then 'moved_out'
            when in_order.to_date < 'infinity' then coalesce(departures.left_by, 'other_out')
        end as left_by,
        in_order.known_from,
        in_order.known_until,
        in_order.build_no
    from in_order
    left join {{ ref('int_presences') }} as arrivals
        on
            in_order.record_key = arrivals.record_key
            and in_order.known_from = arrivals.known_from
            and in_order.from_date = arrivals.from_date
    left join {{ ref('int_presences') }} as departures
        on
            in_order.record_key = departures.record_key
            and in_order.known_from = departures.known_from
            and in_order.to_date = departures.to_date
    left join {{ ref('int_mergers') }} as came_with
        on
            in_order.goes_on_from
            and in_order.municipality_before = came_with.municipality_before
            and in_order.municipality_code = came_with.municipality_after
            and in_order.from_date = came_with.merger_date
    left join {{ ref('int_mergers') }} as went_with
        on
            in_order.goes_on_to
            and in_order.municipality_code = went_with.municipality_before
            and in_order.municipality_after = went_with.municipality_after
            and in_order.to_date = went_with.merger_date
),

-- What a stretch of knowledge left as it was is one row.
final as (
    select
        definition,
        record_key,
        municipality_code,
        from_date,
        to_date,
        came_by,
        left_by,
        build_no,
        lower(unnest(range_agg(tstzrange(known_from, known_until)))) as known_from,
        upper(unnest(range_agg(tstzrange(known_from, known_until)))) as known_until
    from with_reasons
    group by definition, record_key, municipality_code, from_date, to_date, came_by, left_by, build_no
)

select * from final
