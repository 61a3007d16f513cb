delete from ops.breaches
using ops.deliveries
where
    breaches.delivery_id = deliveries.delivery_id
    and deliveries.source = %(source)s
    and not exists (
        select from last_deliveries
        where last_deliveries.delivery_id = breaches.delivery_id
    );
