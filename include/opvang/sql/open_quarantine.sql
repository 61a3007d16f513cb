-- How many records each rule keeps aside, and since which reference date; a record that broke two rules counts under both.
select
    records.source,
    records.supplier,
    breach.rule,
    min(breach.reference) as reference,
    min(breach.reason) as reason,
    count(distinct records.quarantine_id) as records,
    count(distinct records.delivery_id) as deliveries,
    min(records.reference_date) as oldest_date
from quarantine.records
cross join lateral jsonb_to_recordset(records.breaches) as breach (rule text, severity text, reference text, reason text)
where
    records.closed_at is null
    and breach.severity = 'critical'
    and (%(source)s::text is null or records.source = %(source)s)
    and (%(supplier)s::text is null or records.supplier = %(supplier)s)
    and (%(rule)s::text is null or breach.rule = %(rule)s)
group by records.source, records.supplier, breach.rule
order by records.source asc, records.supplier asc, count(distinct records.quarantine_id) desc, breach.rule asc;
