{%- set days_ahead = 365 -%}

-- The drift is itself uncertain, so the margin widens with the days, and not with their root alone.
with final as (
    select
        trends.safety_region_code,
        trends.measure,
        trends.last_date + ahead.days as outlook_date,
        trends.last_places + trends.drift_per_day * ahead.days as expected,
        trends.quantile_90
        * sqrt(trends.variance_per_day * (ahead.days + ahead.days ^ 2 / trends.span_days)) as margin
    from {{ ref('int_outlook_trends') }} as trends
    cross join generate_series(1, {{ days_ahead }}) as ahead (days)
)

select * from final
