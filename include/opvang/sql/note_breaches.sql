insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
select
    %(batch_id)s,
    broken.delivery_id,
    broken.record_no,
    %(rule)s,
    %(severity)s,
    %(reference)s,
    %(reason)s,
    'validate'
from unnest(%(deliveries)s::bigint [], %(records)s::integer []) as broken (delivery_id, record_no);
