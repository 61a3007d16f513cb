insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
select distinct
    %(batch_id)s::bigint,
    broken.delivery_id,
    broken.record_no,
    %(rule)s,
    %(severity)s,
    %(reference)s,
    %(reason)s,
    'validate'
from ({keys}) as broken;
