update ops.batches set landed_at = now(), validated_at = null
where batch_id = %(batch_id)s;
