with arrived as (
    select
        overdue.supplier,
        overdue.reference_date,
        min(deliveries.received_at) as arrived_at
    from ops.overdue
    inner join ops.deliveries
        on
            overdue.source = deliveries.source
            and overdue.supplier = deliveries.supplier
            and overdue.reference_date <= deliveries.reference_date
    where overdue.source = %(source)s and overdue.arrived_at is null and deliveries.verdict <> 'refused'
    group by overdue.supplier, overdue.reference_date
)

update ops.overdue
set arrived_at = arrived.arrived_at
from arrived
where
    overdue.source = %(source)s
    and overdue.supplier = arrived.supplier
    and overdue.reference_date = arrived.reference_date
returning overdue.supplier, overdue.reference_date, overdue.due_at, overdue.arrived_at;
