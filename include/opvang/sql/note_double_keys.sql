-- Records of one delivery with the same key: which of them is right nobody can tell here, so none is published.
insert into landing.breaches (batch_id, delivery_id, record_no, rule, severity, reference, reason, found_by)
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
where
    landed.batch_id = %(batch_id)s
    and (landed.delivery_id, landed.record_key) in (
        select
            twice.delivery_id,
            twice.record_key
        from {table} as twice
        where twice.batch_id = %(batch_id)s
        group by twice.delivery_id, twice.record_key
        having count(*) > 1
    );
