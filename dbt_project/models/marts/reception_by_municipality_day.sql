with reports as (
    select * from {{ ref('int_reception_by_region_day') }}
),

days as (
    select distinct reference_date from reports
),

municipality_days as (
    select
        days.reference_date,
        municipalities.municipality_code,
        municipalities.municipality_name,
        municipalities.safety_region_code,
        case when days.reference_date >= municipalities.inhabitants_from_date then municipalities.inhabitants end as inhabitants
    from days
    inner join {{ ref('int_municipalities') }} as municipalities
        on
            days.reference_date >= coalesce(municipalities.valid_from, '-infinity')
            and days.reference_date < coalesce(municipalities.valid_until, 'infinity')
),

places as (
    select
        reference_date,
        municipality_code,
        sum(places_operational)::integer as places_available,
        sum(places_in_use)::integer as places_in_use,
        (count(*) filter (where places_operational > 0))::integer as locations
    from {{ ref('int_location_days') }}
    group by reference_date, municipality_code
),

registrations as (
    select * from {{ ref('int_registrations_by_municipality_day') }}
    where definition = 'came_from_ukraine'
),

-- Of a region that never reported nothing is known; one that did says of where it names no location: none.
expected as (
    select
        municipality_days.*,
        reports.report_date,
        coalesce(reports.is_stale, true) as is_stale,
        case when reports.report_date is not null then 0 end as if_unnamed
    from municipality_days
    left join reports using (reference_date, safety_region_code)
),

final as (
    select
        expected.reference_date,
        expected.municipality_code,
        expected.municipality_name,
        expected.safety_region_code,
        coalesce(places.locations, expected.if_unnamed) as locations,
        coalesce(places.places_available, expected.if_unnamed) as places_available,
        coalesce(places.places_in_use, expected.if_unnamed) as places_in_use,
        round(1000.0 * coalesce(places.places_available, expected.if_unnamed) / nullif(expected.inhabitants, 0), 2)::numeric(7, 2)
            as places_per_1000_inhabitants,
        registrations.registered,
        expected.inhabitants,
        expected.report_date,
        expected.is_stale
    from expected
    left join places using (reference_date, municipality_code)
    left join registrations using (reference_date, municipality_code)
)

select * from final
