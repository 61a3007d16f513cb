create unlogged table if not exists {table} (
    batch_id bigint not null,
    delivery_id bigint not null,
    record_no integer not null,
    line_no integer not null,
    row_no integer not null,
    record_key text,
    {columns}
);
create index if not exists {index} on {table} using brin (delivery_id) with (pages_per_range = 32);
