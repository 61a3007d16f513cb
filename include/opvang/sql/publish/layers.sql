-- Deliveries in the order in which they must be published: by reference date, corrections of one date by moment of receipt.
select distinct
    reference_date,
    row_number() over (
        partition by supplier, scope, reference_date
        order by received_at, coalesce(replay_of, delivery_id), delivery_id
    ) as version
from ops.deliveries
where batch_id = %(batch_id)s and verdict is null
order by reference_date, version;
