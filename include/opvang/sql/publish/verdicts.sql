select
    verdict,
    count(*) as deliveries
from ops.deliveries
where batch_id = %(batch_id)s
group by verdict;
