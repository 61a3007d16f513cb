select 1 as one from ops.deliveries
limit 1;
