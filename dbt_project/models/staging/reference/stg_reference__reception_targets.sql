with targets as (
    select
        target_places,
        per_region_equal_share,
        deadline,
        announced,
        to_date(rpad(announced, 10, '-01-01'), 'YYYY-MM-DD') as announced_earliest_date,
        basis,
        source
    from {{ ref('reception_targets') }}
),

final as (
    select
        target_places,
        per_region_equal_share as target_places_per_region,
        deadline as due_date,
        announced as announced_as_published,
        announced_earliest_date,
        -- Nobody announces a target after it is due.
        least(
            case length(announced)
                when 10 then announced_earliest_date
                when 7 then (announced_earliest_date + interval '1 month - 1 day')::date
                else (announced_earliest_date + interval '1 year - 1 day')::date
            end,
            deadline
        ) as announced_latest_date,
        basis,
        source
    from targets
)

select * from final
