-- Records of one delivery with the same key: which of them is right nobody can tell here, so none is published.
insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
with counted as (
    select
        batch_id,
        delivery_id,
        record_no,
        count(*) over (partition by delivery_id, record_key) as holders
    from {table}
    where batch_id = %(batch_id)s and record_key is not null
)

select
    batch_id,
    delivery_id,
    record_no,
    'key_is_unique',
    'critical',
    %(reference)s,
    'the same key stands in the file more than once; deliver each record once',
    'validate'
from counted
where holders > 1;
