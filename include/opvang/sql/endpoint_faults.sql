select
    supplier,
    fault,
    failing_since at time zone 'UTC' as failing_since
from ops.endpoint_faults
where source = %(source)s
order by supplier;
