with broken as (
    select distinct
        rule,
        delivery_id,
        record_no
    from landing.breaches
    where batch_id = %(batch_id)s
)

select
    rule,
    count(*) as records
from broken
group by rule
order by rule;
