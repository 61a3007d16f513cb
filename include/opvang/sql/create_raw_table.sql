create table if not exists {table} (
    row_id bigint generated always as identity primary key,
    supplier text not null,
    record_key text not null,
    row_no integer not null,
    {columns},
    flags text [],
    reference_from date not null,
    reference_to date not null,
    known_from timestamptz not null,
    known_to timestamptz not null,
    delivery_id bigint not null references ops.deliveries,
    check (reference_from < reference_to)
);
create index if not exists {key} on {table} (supplier, record_key) where known_to = 'infinity';
