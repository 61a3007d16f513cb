select
    delivery_id,
    supplier,
    reference_date,
    sha256,
    file_name,
    scope,
    records_read
from ops.deliveries
where batch_id = %(batch_id)s and verdict is null
order by reference_date, received_at, delivery_id;
