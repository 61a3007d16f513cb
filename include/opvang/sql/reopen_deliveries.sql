-- What a run that didn't end said of them is said anew, refusals too.
update ops.deliveries
set records_read = 0, refused_because = null
where batch_id = %(batch_id)s and verdict is null;
