-- Landing is unlogged: a crash of PostgreSQL empties it.
with landed as (
    select
        delivery_id,
        count(*) filter (where row_no = 1) as records
    from {table}
    where batch_id = %(batch_id)s
    group by delivery_id
)

select
    deliveries.supplier,
    deliveries.reference_date,
    deliveries.file_name
from ops.deliveries
left join landed using (delivery_id)
where
    deliveries.batch_id = %(batch_id)s
    and deliveries.verdict is null
    and deliveries.refused_because is null
    and deliveries.scope = %(scope)s
    and deliveries.records_read <> coalesce(landed.records, 0)
order by deliveries.delivery_id;
