-- New is what was registered since the batch before was opened: that one would have taken it.
with batch_before as (
    select max(earlier.started_at) as started_at
    from ops.batches
    inner join ops.batches as earlier on batches.source = earlier.source and batches.batch_id > earlier.batch_id
    where batches.batch_id = %(batch_id)s
)

select
    deliveries.delivery_id,
    deliveries.supplier,
    deliveries.reference_date,
    deliveries.file_name,
    deliveries.registered_at > coalesce(batch_before.started_at, '-infinity') as is_new,
    deliveries.refused_because,
    deliveries.verdict,
    deliveries.records_read,
    deliveries.records_published,
    deliveries.records_flagged,
    deliveries.records_quarantined,
    deliveries.records_refused
from ops.deliveries
cross join batch_before
where deliveries.batch_id = %(batch_id)s
order by deliveries.reference_date, deliveries.supplier, deliveries.delivery_id;
