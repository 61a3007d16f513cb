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

drifts as (
    select
        safety_region_code,
        measure,
        max(reference_date) as last_date,
        count(*) as reports,
        (array_agg(places order by reference_date desc))[1] as last_places,
        sum(gap_days) as span_days,
        sum(change)::double precision / sum(gap_days) as drift_per_day
    from changes
    group by safety_region_code, measure
    having count(*) >= {{ var('outlook_fewest_reports') }}
),

spreads as (
    select
        changes.safety_region_code,
        changes.measure,
        sum((changes.change - drifts.drift_per_day * changes.gap_days) ^ 2 / changes.gap_days) / (count(*) - 1) as variance_per_day
    from changes
    inner join drifts using (safety_region_code, measure)
    where changes.gap_days is not null
    group by changes.safety_region_code, changes.measure
),

final as (
    select
        drifts.safety_region_code,
        drifts.measure,
        drifts.last_date,
        drifts.reports,
        drifts.last_places,
        drifts.span_days,
        drifts.drift_per_day,
        spreads.variance_per_day,
        student.quantile_90
    from drifts
    inner join spreads using (safety_region_code, measure)
    inner join {{ ref('student_t') }} as student on drifts.reports - 2 = student.degrees_of_freedom
)

select * from final
