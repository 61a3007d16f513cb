-- What became of the deliveries of :source: deliveries, records read, published, flagged, quarantined, refused.
select json_build_object(
    'deliveries', count(*),
    'records_read', sum(records_read),
    'records_published', sum(records_published),
    'records_flagged', sum(records_flagged),
    'records_quarantined', sum(records_quarantined),
    'records_refused', sum(records_refused)
)
from ops.deliveries
where source = :'source';
