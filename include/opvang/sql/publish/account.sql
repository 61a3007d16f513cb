-- Every record read is published, in quarantine or refused; a constraint on the table holds the sum. Record 0 is the delivery itself.
with counted as (
    select
        deliveries.delivery_id,
        count(*) filter (where judged.is_stopped) as stopped,
        count(*) filter (where not judged.is_stopped and judged.flags is not null and judged.record_no > 0) as flagged
    from ops.deliveries
    left join judged using (delivery_id)
    where deliveries.batch_id = %(batch_id)s and deliveries.verdict is null
    group by deliveries.delivery_id
)

update ops.deliveries
set
    records_refused = case when refused_because is null then 0 else records_read end,
    records_quarantined = case when refused_because is null then counted.stopped else 0 end,
    records_published = case when refused_because is null then records_read - counted.stopped else 0 end,
    records_flagged = case when refused_because is null then counted.flagged else 0 end,
    verdict = case when refused_because is null then null else 'refused' end,
    published_at = case when refused_because is null then null else now() end
from counted
where deliveries.delivery_id = counted.delivery_id;
