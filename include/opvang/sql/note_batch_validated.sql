update ops.batches set validated_at = now()
where batch_id = %(batch_id)s;
