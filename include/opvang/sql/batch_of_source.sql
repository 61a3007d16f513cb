select
    landed_at,
    validated_at
from ops.batches
where batch_id = %(batch_id)s and source = %(source)s;
