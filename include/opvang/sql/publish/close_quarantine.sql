-- Quarantine of a delivery that another one took the place of is nobody's work any more.
update quarantine.records
set
    closed_at = now(),
    closed_because = case
        when layer.is_outdated then 'replaced by delivery ' || layer.standing_delivery_id
        when layer.is_replay_of_standing then 'replayed as delivery ' || layer.delivery_id
        else 'replaced by delivery ' || layer.delivery_id
    end
from layer
where
    records.delivery_id = case when layer.is_outdated then layer.delivery_id else layer.standing_delivery_id end
    and records.closed_at is null;
