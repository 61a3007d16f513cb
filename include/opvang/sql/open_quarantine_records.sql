-- Where each open record stands in its file, and what stopped it; none of its values.
select
    records.quarantine_id,
    records.source,
    records.supplier,
    records.reference_date,
    records.delivery_id,
    deliveries.file_name as file,
    records.line_no,
    records.record_no,
    records.rules
from quarantine.records
inner join ops.deliveries using (delivery_id)
where
    records.closed_at is null
    and (%(source)s::text is null or records.source = %(source)s)
    and (%(supplier)s::text is null or records.supplier = %(supplier)s)
    and (%(rule)s::text is null or %(rule)s = any(records.rules))
order by records.source, records.supplier, records.reference_date, records.delivery_id, records.record_no;
