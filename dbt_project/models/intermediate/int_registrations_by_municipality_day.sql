{{ config(materialized='table') }}

with deliveries as (
    select * from {{ ref('int_current_deliveries') }}
    where source in ('brp', 'reception')
),

span as (
    select
        min(reference_date) filter (where source = 'brp') as first_date,
        max(reference_date) as last_date
    from deliveries
),

days as (
    select day::date as reference_date
    from span
    cross join generate_series(first_date, last_date, interval '1 day') as series (day)
),

-- The latest selection that speaks for the municipality; on the same day the municipality's own.
municipality_days as (
    select distinct on (days.reference_date, municipalities.municipality_code)
        days.reference_date,
        municipalities.municipality_code,
        selections.supplier,
        selections.reference_date as selection_date
    from days
    inner join {{ ref('int_municipalities') }} as municipalities
        on
            days.reference_date >= municipalities.valid_from
            and days.reference_date < coalesce(municipalities.valid_to, 'infinity')
    inner join deliveries as selections
        on
            selections.source = 'brp'
            and days.reference_date >= selections.reference_date
            and days.reference_date < selections.next_reference_date
            and selections.covers in ('all', municipalities.municipality_code)
    order by
        days.reference_date asc,
        municipalities.municipality_code asc,
        selections.reference_date desc,
        selections.covers = 'all' asc
),

-- A person list may name a municipality that has been merged: it counts in the one that it went into.
codes as (
    select
        municipality_code as registered_in_code,
        municipality_code,
        valid_from,
        coalesce(valid_to, 'infinity') as valid_to
    from {{ ref('int_municipalities') }}
    union all
    select
        old_municipality_code as registered_in_code,
        new_municipality_code as municipality_code,
        merger_date as valid_from,
        'infinity' as valid_to
    from {{ ref('stg_reference__mergers') }}
),

counts as (
    select
        supplier,
        registered_in_code,
        counts_from,
        counts_to,
        held_on,
        count(*) as persons
    from {{ ref('int_registered_persons') }}
    group by supplier, registered_in_code, counts_from, counts_to, held_on
),

final as (
    select
        municipality_days.reference_date,
        municipality_days.municipality_code,
        municipality_days.selection_date,
        coalesce(sum(counts.persons), 0)::integer as registered,
        coalesce(sum(counts.persons) filter (where counts.held_on @> municipality_days.reference_date), 0)::integer as registered_held
    from municipality_days
    inner join codes
        on
            municipality_days.municipality_code = codes.municipality_code
            and municipality_days.reference_date >= codes.valid_from
            and municipality_days.reference_date < codes.valid_to
    left join counts
        on
            municipality_days.supplier = counts.supplier
            and codes.registered_in_code = counts.registered_in_code
            and municipality_days.reference_date >= counts.counts_from
            and municipality_days.reference_date < counts.counts_to
    group by municipality_days.reference_date, municipality_days.municipality_code, municipality_days.selection_date
)

select * from final
