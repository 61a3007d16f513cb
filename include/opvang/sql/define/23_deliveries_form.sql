alter table ops.deliveries add column if not exists form text;
