{{ config(materialized='table') }}

with reports as (
    select * from {{ ref('int_current_deliveries') }}
    where source = 'reception'
),

span as (
    select
        min(reference_date) as first_date,
        max(reference_date) as last_date
    from reports
),

days as (
    select day::date as reference_date
    from span
    cross join generate_series(first_date, last_date, interval '1 day') as series (day)
),

latest_reports as (
    select
        days.reference_date,
        regions.safety_region_code,
        reports.supplier,
        reports.reference_date as report_date,
        reports.received_at as reported_at
    from days
    cross join {{ ref('stg_reference__safety_regions') }} as regions
    left join reports
        on
            regions.safety_region_code = reports.covers
            and days.reference_date >= reports.reference_date
            and days.reference_date < reports.next_reference_date
),

places as (
    select
        supplier,
        reference_from,
        reference_to,
        sum(places_operational) as places_available,
        sum(places_in_use) as places_in_use
    from {{ ref('stg_reception__locations') }}
    group by supplier, reference_from, reference_to
),

final as (
    select
        latest.reference_date,
        latest.safety_region_code,
        -- A report without locations says zero; no report yet says nothing.
        case when latest.report_date is not null then coalesce(sum(places.places_available), 0) end as places_available,
        case when latest.report_date is not null then coalesce(sum(places.places_in_use), 0) end as places_in_use,
        latest.report_date,
        latest.reported_at,
        coalesce(latest.report_date <> latest.reference_date, true) as is_stale
    from latest_reports as latest
    left join places
        on
            latest.supplier = places.supplier
            and latest.reference_date >= places.reference_from
            and latest.reference_date < places.reference_to
    group by latest.reference_date, latest.safety_region_code, latest.report_date, latest.reported_at
)

select * from final
