-- registered_at is the batch's own moment when the same fetch took the file and opened the batch.
select
    deliveries.delivery_id,
    deliveries.supplier,
    deliveries.reference_date,
    deliveries.file_name,
    deliveries.registered_at = batches.started_at as is_new,
    deliveries.refused_because,
    deliveries.verdict,
    deliveries.records_read,
    deliveries.records_published,
    deliveries.records_flagged,
    deliveries.records_quarantined,
    deliveries.records_refused
from ops.deliveries
inner join ops.batches using (batch_id)
where batches.batch_id = %(batch_id)s
order by deliveries.reference_date, deliveries.supplier, deliveries.delivery_id;
