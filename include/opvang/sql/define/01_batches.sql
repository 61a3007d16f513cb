create table if not exists ops.batches (
    batch_id bigint generated always as identity primary key,
    source text not null,
    started_at timestamptz not null default now(),
    landed_at timestamptz,
    validated_at timestamptz,
    finished_at timestamptz
);
