{{ config(
    materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key',
    indexes=[{'columns': ['record_key']}, {'columns': ['build_no']}, {'columns': ['known_from']}, {'columns': ['known_until']}],
    pre_hook=["{{ forget_what_is_made_anew('int_residence_spells') }}", "set local enable_nestloop = off"]
) }}

-- PostgreSQL expects a handful of rows where there are thousands, and would loop over them for minutes: hence the setting.

with residences as (
    select * from {{ ref('int_residence_spells') }}
    {{ where_not_taken_in() }}
),

-- The municipality is the one that the code means on the day, so a merger cuts a stretch in two.
in_municipality as (
    select
        residences.record_key,
        residences.known_from,
        successors.municipality_code,
        range_agg(
            daterange(residences.from_date, residences.to_date) * daterange(successors.valid_from, successors.valid_until)
        ) as days
    from residences
    inner join {{ ref('int_municipality_successors') }} as successors
        on
            residences.registered_in_code = successors.code
            and residences.from_date < successors.valid_until
            and residences.to_date > successors.valid_from
    group by residences.record_key, residences.known_from, successors.municipality_code
),

counted as (
    select
        definition_days.definition,
        in_municipality.record_key,
        in_municipality.known_from,
        definition_days.known_until,
        definition_days.build_no,
        in_municipality.municipality_code,
        unnest(in_municipality.days * definition_days.days) as days
    from in_municipality
    inner join {{ ref('int_definition_days') }} as definition_days
        on
            in_municipality.record_key = definition_days.record_key
            and in_municipality.known_from = definition_days.known_from
            and in_municipality.days && definition_days.days
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
    from counted
    window spells as (partition by definition, record_key, known_from order by lower(days))
),

-- Days without a break at any place here: what begins and ends them is an arrival, a birth, a death, a departure.
presences as (
    select
        record_key,
        known_from,
        unnest(range_agg(daterange(from_date, to_date))) as days
    from residences
    group by record_key, known_from
),

arrivals as (
    select
        presences.record_key,
        presences.known_from,
        lower(presences.days) as from_date,
        case when residences.settled_latest_date is null then 'born' else 'registered_new' end as came_by
    from presences
    inner join residences
        on
            presences.record_key = residences.record_key
            and presences.known_from = residences.known_from
            and lower(presences.days) = residences.from_date
),

departures as (
    select
        presences.record_key,
        presences.known_from,
        upper(presences.days) as to_date,
        residences.left_by
    from presences
    inner join residences
        on
            presences.record_key = residences.record_key
            and presences.known_from = residences.known_from
            and upper(presences.days) = residences.to_date
    where upper(presences.days) < 'infinity'
),

mergers as (
    select distinct
        before.municipality_code as municipality_before,
        after.municipality_code as municipality_after,
        after.valid_from as merger_date
    from {{ ref('int_municipality_successors') }} as after
    inner join {{ ref('int_municipality_successors') }} as before
        on after.code = before.code and after.valid_from = before.valid_until
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
    left join arrivals
        on
            in_order.record_key = arrivals.record_key
            and in_order.known_from = arrivals.known_from
            and in_order.from_date = arrivals.from_date
    left join departures
        on
            in_order.record_key = departures.record_key
            and in_order.known_from = departures.known_from
            and in_order.to_date = departures.to_date
    left join mergers as came_with
        on
            in_order.goes_on_from
            and in_order.municipality_before = came_with.municipality_before
            and in_order.municipality_code = came_with.municipality_after
            and in_order.from_date = came_with.merger_date
    left join mergers as went_with
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
        lower(known) as known_from,
        upper(known) as known_until,
        build_no
    from (
        select
            definition,
            record_key,
            municipality_code,
            from_date,
            to_date,
            came_by,
            left_by,
            build_no,
            unnest(range_agg(tstzrange(known_from, known_until))) as known
        from with_reasons
        group by definition, record_key, municipality_code, from_date, to_date, came_by, left_by, build_no
    ) as merged
)

select * from final
