create index if not exists deliveries_waiting on ops.deliveries (source, batch_id) where verdict is null;
