-- Nobody waits less than nothing, the slow tenth not less than the middle one, and only a week without whole dates is without a median.
with final as (
    select *
    from {{ ref('registration_lag_by_municipality_week') }}
    where
        median_days < 0
        or p90_days < median_days
        or (registered = 0) <> (median_days is null)
        or registered + left_out = 0
        or extract(isodow from week_start_date) <> 1
)

select * from final
