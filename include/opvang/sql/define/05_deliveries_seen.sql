create index if not exists deliveries_seen on ops.deliveries (source, uri);
