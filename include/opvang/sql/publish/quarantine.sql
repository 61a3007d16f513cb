with kept_rows as (
    {rows}
),

kept as (
    select
        delivery_id,
        record_no,
        min(line_no) as line_no,
        min(record_key) as record_key,
        jsonb_agg(jsonb_build_object('table', table_name, 'row_no', row_no, 'columns', columns) order by table_name, row_no) as record
    from kept_rows
    group by delivery_id, record_no
)

insert into quarantine.records (
    delivery_id, source, supplier, scope, reference_date, record_no, line_no, record_key, rules, breaches, record
)
select
    stopped.delivery_id,
    stopped.source,
    stopped.supplier,
    stopped.scope,
    stopped.reference_date,
    stopped.record_no,
    kept.line_no,
    kept.record_key,
    stopped.stopped_by,
    stopped.breaches,
    kept.record
from stopped
inner join kept using (delivery_id, record_no);
