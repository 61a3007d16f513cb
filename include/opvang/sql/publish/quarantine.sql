with kept_rows as (
    {rows}
),

kept as (
    select
        delivery_id,
        record_no,
        jsonb_agg(jsonb_build_object('table', table_name, 'row_no', row_no, 'columns', columns) order by table_name, row_no) as record
    from kept_rows
    group by delivery_id, record_no
)

insert into quarantine.records (
    delivery_id, source, supplier, scope, reference_date, record_no, line_no, record_key, rules, breaches, record
)
select distinct on (stopped.delivery_id, stopped.record_no)
    stopped.delivery_id,
    deliveries.source,
    deliveries.supplier,
    deliveries.scope,
    deliveries.reference_date,
    stopped.record_no,
    landed.line_no,
    landed.record_key,
    stopped.stopped_by,
    stopped.breaches,
    kept.record
from stopped
inner join ops.deliveries using (delivery_id)
inner join {table} as landed using (delivery_id, record_no)
inner join kept using (delivery_id, record_no)
where deliveries.batch_id = %(batch_id)s
order by stopped.delivery_id, stopped.record_no, landed.row_no;
