with final as (
    select count(*) as days
    from {{ ref('days') }}
    having count(*) <> max(calendar_date) - min(calendar_date) + 1
)

select * from final
