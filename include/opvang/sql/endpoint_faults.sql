select
    supplier,
    fault,
    failing_since at time zone 'UTC' as failing_since
from ops.endpoint_faults
where source = %(source)s and failing_since >= coalesce(%(since)s::timestamptz, '-infinity')
order by supplier;
