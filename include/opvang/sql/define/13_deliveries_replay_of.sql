-- The delivery whose kept file this one reads again: always the original, never a replay of it.
alter table ops.deliveries add column if not exists replay_of bigint references ops.deliveries;
