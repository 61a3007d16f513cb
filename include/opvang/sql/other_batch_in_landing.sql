-- A batch of the same source that lies in landing and still waits for its verdicts.
select 1 as one
from ops.batches
inner join ops.deliveries using (batch_id)
where
    batches.source = %(source)s
    and batches.batch_id <> %(batch_id)s
    and batches.landed_at is not null
    and deliveries.verdict is null
order by batches.batch_id
limit 1;
