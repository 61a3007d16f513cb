-- Of each supplier and scope the last delivery: of this batch, or of those whose breaches are kept. Refused ones count.
create temporary table last_deliveries on commit drop as
with heard as (
    select delivery_id from ops.deliveries
    where batch_id = %(batch_id)s
    union
    select delivery_id from ops.breaches
)

select distinct on (supplier, scope)
    delivery_id,
    scope
from ops.deliveries
inner join heard using (delivery_id)
where source = %(source)s and verdict is not null and superseded_at is null
order by
    supplier asc, scope asc, reference_date desc, received_at desc, coalesce(replay_of, delivery_id) desc, delivery_id desc;
