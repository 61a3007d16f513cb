create table if not exists quarantine.records (
    quarantine_id bigint generated always as identity primary key,
    delivery_id bigint not null references ops.deliveries,
    source text not null,
    supplier text not null,
    scope text not null,
    reference_date date not null,
    record_no integer not null,
    line_no integer not null,
    record_key text,
    rules text [] not null,
    breaches jsonb not null,
    record jsonb not null,
    quarantined_at timestamptz not null default now(),
    closed_at timestamptz,
    closed_because text,
    unique (delivery_id, record_no)
);
