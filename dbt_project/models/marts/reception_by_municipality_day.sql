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

final as (
    select
        municipality_days.reference_date,
        municipality_days.municipality_code,
        municipality_days.municipality_name,
        municipality_days.safety_region_code,
        -- Of a region that never reported nothing is known; one that did says of where it names no location: none.
        coalesce(places.locations, case when reports.report_date is not null then 0 end) as locations,
        coalesce(places.places_available, case when reports.report_date is not null then 0 end) as places_available,
        coalesce(places.places_in_use, case when reports.report_date is not null then 0 end) as places_in_use,
        round(
            1000.0 * coalesce(places.places_available, case when reports.report_date is not null then 0 end)
            / nullif(municipality_days.inhabitants, 0), 2
        )::numeric(7, 2) as places_per_1000_inhabitants,
        registrations.registered,
        municipality_days.inhabitants,
        reports.report_date,
        coalesce(reports.report_date <> reports.reference_date, true) as is_stale
    from municipality_days
    left join reports using (reference_date, safety_region_code)
    left join places using (reference_date, municipality_code)
    left join registrations using (reference_date, municipality_code)
)

select * from final
