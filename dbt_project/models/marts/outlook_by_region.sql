with regions as (
    select * from {{ ref('stg_reference__safety_regions') }}
),

last_day as (
    select *
    from {{ ref('int_reception_by_region_day') }}
    where reference_date = (select max(latest.reference_date) from {{ ref('int_reception_by_region_day') }} as latest)
),

target as (
    select
        target_places,
        due_date
    from {{ ref('stg_reference__reception_targets') }}
    where announced_latest_date <= (select max(last_day.reference_date) from last_day)
    order by announced_latest_date desc, due_date desc
    limit 1
),

on_due_date as (
    select
        outlook.safety_region_code,
        greatest(round(outlook.expected), 0)::integer as places,
        greatest(round(outlook.expected - outlook.margin), 0)::integer as places_low,
        greatest(round(outlook.expected + outlook.margin), 0)::integer as places_high
    from {{ ref('int_outlook_days') }} as outlook
    inner join target on outlook.outlook_date = target.due_date
    where outlook.measure = 'places'
),

full_days as (
    select
        safety_region_code,
        min(outlook_date) filter (where expected <= 0) as full_date,
        min(outlook_date) filter (where expected - margin <= 0) as full_date_earliest,
        min(outlook_date) filter (where expected + margin <= 0) as full_date_latest
    from {{ ref('int_outlook_days') }}
    where measure = 'free'
    group by safety_region_code
),

final as (
    select
        last_day.reference_date,
        regions.safety_region_code,
        regions.safety_region_name,
        trends.safety_region_code is not null as can_be_said,
        case
            when trends.safety_region_code is null
                then 'fewer than {{ var('outlook_fewest_reports') }} reports in the last {{ var('outlook_days') }} days'
        end as why_not,
        last_day.report_date,
        last_day.places_available::integer as places_available,
        last_day.places_in_use::integer as places_in_use,
        target.target_places,
        target.due_date as target_due_date,
        on_due_date.places as places_on_due_date,
        on_due_date.places_low as places_on_due_date_low,
        on_due_date.places_high as places_on_due_date_high,
        full_days.full_date,
        full_days.full_date_earliest,
        full_days.full_date_latest
    from regions
    inner join last_day using (safety_region_code)
    left join target on true
    left join {{ ref('int_outlook_trends') }} as trends
        on regions.safety_region_code = trends.safety_region_code and trends.measure = 'places'
    left join on_due_date on regions.safety_region_code = on_due_date.safety_region_code
    left join full_days on regions.safety_region_code = full_days.safety_region_code
)

select * from final
