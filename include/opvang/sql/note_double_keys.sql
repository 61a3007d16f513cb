-- Records of one delivery with the same key: which of them is right nobody can tell here, so none is published.
insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
with doubled as (
    select
        delivery_id,
        record_key
    from {table}
    where batch_id = %(batch_id)s and record_key is not null
    group by delivery_id, record_key
    having count(*) > 1
)

select
    landed.batch_id,
    landed.delivery_id,
    landed.record_no,
    'key_is_unique',
    'critical',
    %(reference)s,
    'the same key stands in the file more than once',
    'validate'
from {table} as landed
inner join doubled using (delivery_id, record_key)
where landed.batch_id = %(batch_id)s;
