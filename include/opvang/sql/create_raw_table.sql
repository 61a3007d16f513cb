create table if not exists {table} (
    supplier text not null,
    record_key text not null,
    row_no integer not null,
    {columns},
    flags text [],
    reference_from date not null,
    reference_to date not null,
    known_from timestamptz not null,
    known_to timestamptz not null,
    delivery_id bigint not null,
    check (reference_from < reference_to)
);
