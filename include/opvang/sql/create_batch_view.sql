-- PostgreSQL leaves the join out where a rule doesn't ask who delivered, about which day, or in which form.
create or replace view {view} as
select
    landed.*,
    deliveries.supplier,
    deliveries.reference_date,
    deliveries.form as delivered_as
from {table} as landed
left join ops.deliveries using (delivery_id)
where landed.batch_id = current_setting('opvang.batch_id')::bigint;
