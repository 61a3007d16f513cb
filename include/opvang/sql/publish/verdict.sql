update ops.deliveries
set
    verdict = case when records_quarantined > 0 then 'quarantined_in_part' else 'published' end,
    published_at = now(),
    superseded_at = case when layer.is_outdated then now() end
from layer
where deliveries.delivery_id = layer.delivery_id;
