update ops.batches set finished_at = now()
where batch_id = %(batch_id)s;
