insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
with told as (
    select
        unnest(%(rule)s::text []) as rule,
        unnest(%(severity)s::text []) as severity,
        unnest(%(reference)s::text []) as reference,
        unnest(%(reason)s::text []) as reason
)

select
    %(batch_id)s::bigint,
    found.delivery_id,
    found.record_no,
    told.rule,
    told.severity,
    told.reference,
    told.reason,
    'validate'
from found
inner join told using (rule);
