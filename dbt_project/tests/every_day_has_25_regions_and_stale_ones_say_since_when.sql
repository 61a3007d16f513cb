with final as (
    select reference_date
    from {{ ref('reception_by_region_day') }}
    group by reference_date
    having count(*) <> 25 or bool_or(is_stale = coalesce(report_date = reference_date, false) or report_date > reference_date)
)

select * from final
