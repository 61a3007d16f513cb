update ops.deliveries
set refused_because = %(reason)s
from ({keys}) as broken
where deliveries.delivery_id = broken.delivery_id;
