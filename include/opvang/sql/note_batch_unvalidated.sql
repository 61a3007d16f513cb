update ops.batches set validated_at = null
where batch_id = %(batch_id)s;
