-- The first batch of a source, but for the named one, that lies in landing and still waits for its verdicts.
select batches.batch_id
from ops.batches
inner join ops.deliveries using (batch_id)
where
    batches.source = %(source)s
    and batches.batch_id is distinct from %(but_for)s::bigint
    and batches.landed_at is not null
    and deliveries.verdict is null
order by batches.batch_id
limit 1;
