delete from {table} as landed
using ops.deliveries
where
    landed.delivery_id = deliveries.delivery_id
    and deliveries.source = %(source)s
    and (deliveries.batch_id = %(batch_id)s or deliveries.verdict is not null);
