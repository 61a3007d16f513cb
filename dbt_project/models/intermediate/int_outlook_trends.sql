-- Places, and free places, as walks that drift: what changed from one report to the next, by day. A longer gap weighs as the days it spans.
with reports as (
    select
        reception.safety_region_code,
        reception.reference_date,
        told.measure,
        told.places
    from {{ ref('int_reception_by_region_day') }} as reception
    cross join
        lateral (
            values
            ('places', reception.places_available),
            ('free', reception.places_available - reception.places_in_use)
        ) as told (measure, places)
    where
        reception.report_date = reception.reference_date
        and reception.reference_date >= (
            select max(latest.reference_date) - {{ var('outlook_days') }} from {{ ref('int_reception_by_region_day') }} as latest
        )
),

changes as (
    select
        *,
        places - lag(places) over walk as change,
        reference_date - lag(reference_date) over walk as gap_days
    from reports
    window walk as (partition by safety_region_code, measure order by reference_date)
),

drifting as (
    select
        *,
        (sum(change) over whole)::double precision / sum(gap_days) over whole as drift_per_day
    from changes
    window whole as (partition by safety_region_code, measure)
),

trends as (
    select
        safety_region_code,
        measure,
        max(reference_date) as last_date,
        count(*) as reports,
        (array_agg(places order by reference_date desc))[1] as last_places,
        sum(gap_days) as span_days,
        max(drift_per_day) as drift_per_day,
        sum((change - drift_per_day * gap_days) ^ 2 / gap_days) / (count(gap_days) - 1) as variance_per_day
    from drifting
    group by safety_region_code, measure
    having count(*) >= {{ var('outlook_fewest_reports') }}
),

final as (
    select
        trends.safety_region_code,
        trends.measure,
        trends.last_date,
        trends.reports,
        trends.last_places,
        trends.span_days,
        trends.drift_per_day,
        trends.variance_per_day,
        student.quantile_90
    from trends
    inner join {{ ref('student_t') }} as student on trends.reports - 2 = student.degrees_of_freedom
)

select * from final
