select max(batch_id) as batch_id
from ops.deliveries
where source = %(source)s and verdict is null;
