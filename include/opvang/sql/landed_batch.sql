select min(batch_id) as batch_id from ops.batches
where source = %(source)s and landed_at is not null and finished_at is null
having count(*) > 0;
