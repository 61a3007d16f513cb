update ops.deliveries as standing
set superseded_at = now()
from layer
where
    standing.source = layer.source
    and standing.supplier = layer.supplier
    and standing.scope = layer.scope
    and standing.reference_date = layer.reference_date
    and standing.delivery_id <> layer.delivery_id
    and standing.verdict in ('published', 'quarantined_in_part')
    and standing.superseded_at is null
    and not layer.is_outdated;
