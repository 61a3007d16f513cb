-- What a person withdrew stays withdrawn when its delivery is replayed and the same rules stop it again.
update quarantine.records as again
set closed_at = earlier.closed_at, closed_because = earlier.closed_because, closed_by = earlier.closed_by
from layer
inner join quarantine.records as earlier on layer.standing_delivery_id = earlier.delivery_id
where
    layer.is_replay_of_standing
    and layer.delivery_id = again.delivery_id
    and earlier.record_no = again.record_no
    and earlier.rules = again.rules
    and earlier.closed_by is not null;
