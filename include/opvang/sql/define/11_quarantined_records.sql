create or replace view ops.quarantined_records as
select
    records.delivery_id,
    records.source,
    records.supplier,
    records.scope,
    records.reference_date,
    records.record_no,
    records.record_key,
    records.rules,
    records.quarantined_at
from quarantine.records
inner join ops.deliveries using (delivery_id)
where records.closed_at is null and deliveries.superseded_at is null;
