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
        case when trends.safety_region_code is null then 'fewer than 8 reports in the last 14 days' end as why_not,
        last_day.report_date,
        last_day.places_available::integer as places_available,
        last_day.places_in_use::integer as places_in_use,
        target.target_places,
        target.due_date as target_due_date,
        case when on_due_date.expected is not null then greatest(round(on_due_date.expected), 0) end::integer as places_on_due_date,
        case when on_due_date.expected is not null then greatest(round(on_due_date.expected - on_due_date.margin), 0) end::integer
            as places_on_due_date_low,
        case when on_due_date.expected is not null then greatest(round(on_due_date.expected + on_due_date.margin), 0) end::integer
            as places_on_due_date_high,
        full_days.full_date,
        full_days.full_date_earliest,
        full_days.full_date_latest
    from regions
    inner join last_day using (safety_region_code)
    left join target on true
    left join {{ ref('int_outlook_trends') }} as trends
        on regions.safety_region_code = trends.safety_region_code and trends.measure = 'places'
    left join {{ ref('int_outlook_days') }} as on_due_date
        on
            regions.safety_region_code = on_due_date.safety_region_code
            and on_due_date.measure = 'places'
            and target.due_date = on_due_date.outlook_date
    left join full_days on regions.safety_region_code = full_days.safety_region_code
)

select * from final
