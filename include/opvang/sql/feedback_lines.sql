-- Which record of a delivery broke which rule; of an older delivery only what was stopped is still known.
with broken as (
    select
        record_no,
        line_no,
        rule
    from ops.breaches
    where delivery_id = %(delivery_id)s
    union
    select
        records.record_no,
        records.line_no,
        stopped.rule
    from quarantine.records
    cross join lateral unnest(records.rules) as stopped (rule)
    where records.delivery_id = %(delivery_id)s
)

select
    record_no,
    line_no,
    rule
from broken
order by line_no, record_no, rule;
