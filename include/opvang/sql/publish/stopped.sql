-- The records that go to quarantine, with their envelope; those of a delivery that is refused as a whole don't.
create temporary table stopped on commit drop as
select
    judged.delivery_id,
    judged.record_no,
    judged.stopped_by,
    judged.breaches,
    deliveries.source,
    deliveries.supplier,
    deliveries.scope,
    deliveries.reference_date
from judged
inner join ops.deliveries using (delivery_id)
where judged.is_stopped and deliveries.refused_because is null;
