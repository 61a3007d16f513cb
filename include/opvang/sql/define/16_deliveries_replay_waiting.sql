create unique index if not exists deliveries_replay_waiting on ops.deliveries (replay_of) where verdict is null;
