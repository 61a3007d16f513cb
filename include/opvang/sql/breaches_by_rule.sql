select
    rule,
    count(distinct delivery_id, record_no) as records
from landing.breaches
where batch_id = %(batch_id)s
group by rule
order by rule;
