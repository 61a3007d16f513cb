select distinct source
from ops.deliveries
where verdict in ('published', 'quarantined_in_part');
