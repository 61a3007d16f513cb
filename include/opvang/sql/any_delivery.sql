select 1 as one from ops.deliveries
order by delivery_id
limit 1;
