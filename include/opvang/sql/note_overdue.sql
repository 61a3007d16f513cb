with arrived as (
    select
        supplier,
        max(reference_date) as last_date
    from ops.deliveries
    where source = %(source)s and verdict <> 'refused'
    group by supplier
),

-- Who has never delivered is awaited since the source's first day.
awaited as (
    select
        suppliers.supplier,
        coalesce(
            arrived.last_date + %(frequency_days)s,
            (
                select min(deliveries.reference_date) from ops.deliveries
                where deliveries.source = %(source)s and deliveries.verdict <> 'refused'
            )
        ) as reference_date
    from unnest(%(suppliers)s::text []) as suppliers (supplier)
    left join arrived using (supplier)
),

-- A delivery is due at the end of the days that it is about, Dutch time.
due as (
    select
        supplier,
        reference_date,
        (reference_date + %(frequency_days)s)::timestamp at time zone 'Europe/Amsterdam' as due_at
    from awaited
)

insert into ops.overdue (source, supplier, reference_date, due_at)
select
    %(source)s,
    due.supplier,
    due.reference_date,
    due.due_at
from due
where
    due.due_at < now()
    and not exists (
        select from ops.overdue
        where overdue.source = %(source)s and overdue.supplier = due.supplier and overdue.arrived_at is null
    )
order by due.supplier
on conflict do nothing
returning supplier, reference_date, due_at;
