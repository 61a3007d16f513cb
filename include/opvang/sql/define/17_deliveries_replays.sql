create index if not exists deliveries_replays on ops.deliveries (source, supplier, scope) where replay_of is not null;
