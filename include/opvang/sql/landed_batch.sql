-- A batch that broke off, whose deliveries went on in another, waits for nothing.
select min(batches.batch_id) as batch_id
from ops.batches
inner join ops.deliveries using (batch_id)
where
    batches.source = %(source)s and batches.landed_at is not null and batches.finished_at is null and deliveries.verdict is null
having count(*) > 0;
